using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Core.Audit;

namespace Countersign.Cli.Audit;

/// <summary>What a chain is held to: by the server's word, or by that of a file.</summary>
/// <param name="At">When it was read, by the server's time.</param>
/// <param name="Unlinked">Entries that waited then.</param>
internal sealed record AuditHeld(
    DateTimeOffset At, IReadOnlyList<AuditPublicKey> Keys, IReadOnlyList<(string Run, long Number)> Unlinked,
    IReadOnlyList<AuditCheckpoint> Checkpoints)
{
    public AuditVerifier NewVerifier() => new(Keys, Checkpoints, Unlinked, At);

    public static AuditPublicKey KeyOf(JsonNode key) => new(Convert.FromBase64String((string)key["publicKey"]!));

    public static (string Run, long Number) UnlinkedOf(JsonNode one) => ((string)one["run"]!, (long)one["number"]!);

    /// <summary>What is no checkpoint names no key, and is told as one that nobody has signed.</summary>
    public static AuditCheckpoint CheckpointOf(JsonNode one)
    {
        var (text, signature) = (Encoding.UTF8.GetBytes((string)one["text"]!), Convert.FromBase64String((string)one["signature"]!));
        return AuditCheckpoint.Parse(text, signature)
            ?? new AuditCheckpoint(AuditCheckpointKind.Checkpoint, 0, [], DateTimeOffset.UnixEpoch, "", text, signature);
    }

    public static AuditLink LinkOf(JsonNode one) => new(
        (long)one["position"]!, Convert.FromHexString((string)one["previous"]!), Convert.FromHexString((string)one["hash"]!),
        Encoding.UTF8.GetBytes((string)one["entry"]!))
    {
        Flaw = (string?)one["flaw"],
    };

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Checkpoints.Count} checkpoints");
}
