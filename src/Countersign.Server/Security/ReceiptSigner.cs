using System.Text.Json;
using System.Text.Json.Serialization;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.Numbers;
using Countersign.Core.Receipts;

namespace Countersign.Server.Security;

/// <summary>
/// Signs receipts: what became of a flow, for whoever has to believe it and may not know whom it was about. A receipt is no token: its type
/// and its audience are its own, and it has no end and no subject (RFC 8725, section 3.11).
/// </summary>
internal sealed class ReceiptSigner(SigningKeys keys, PublicAddress address, TimeProvider time)
{
    public const string Type = "cs-receipt+sd-jwt";
    public const string Audience = "countersign-receipt";

    /// <param name="outcome">Has commitments.</param>
    public async ValueTask<KeptReceipt> SignAsync(Outcome outcome, DateTimeOffset keptUntil, CancellationToken cancellationToken)
    {
        var payload = new ReceiptPayload(
            address.Origin, Audience, time.GetUtcNow().ToUnixTimeSeconds(), outcome.Id.ToString(), outcome.ProjectId.ToString(),
            Products.WordOf(outcome.Product), FlowTypes.WordOf(outcome.Type), outcome.BegunAt.ToUnixTimeSeconds(),
            outcome.EndedAt.ToUnixTimeSeconds(), outcome.End, PossessionVerdicts.WordOf(outcome.Possession), outcome.IsNumberChanged,
            outcome.Assurance, "sha-256", outcome.Commitments!);
        var (credentials, key) = await keys.CurrentForReceiptAsync(cancellationToken);
        var signed = SignedStatement.Of(JsonSerializer.Serialize(payload, ReceiptJson.Claims.ReceiptPayload), Type, credentials);
        return new KeptReceipt(outcome.Id, outcome.ProjectId, signed, keptUntil, key);
    }
}

/// <param name="Iat">When it was asked for first.</param>
/// <param name="BegunAt">Seconds since 1970, as <paramref name="EndedAt"/>.</param>
/// <param name="End">A code of <see cref="FlowEnd"/>.</param>
/// <param name="Digests">What it commits to (RFC 9901, section 4.2.4.1).</param>
internal sealed record ReceiptPayload(
    string Iss, string Aud, long Iat, string CorrelationId, string Project, string Product, string Type, long BegunAt, long EndedAt,
    string End, string Possession, bool NumberChanged, FlowAssurance? Assurance,
    [property: JsonPropertyName("_sd_alg")] string DigestAlgorithm,
    [property: JsonPropertyName("_sd")] IReadOnlyList<string> Digests)
{
    public override string ToString() => CorrelationId;
}

[JsonSerializable(typeof(ReceiptPayload))]
internal sealed partial class ReceiptJson : JsonSerializerContext
{
    public static ReceiptJson Claims { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    });
}
