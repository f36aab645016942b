using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Countersign.Core;
using Countersign.Core.Erasure;
using Countersign.Core.Flows;
using Countersign.Core.Keys;
using Countersign.Core.Receipts;

namespace Countersign.Server.Security;

/// <summary>
/// Signs that something was erased, for whoever has to believe it: whom it was about only its disclosure tells, which is handed out and
/// kept nowhere. A proof is no token, as a receipt is none.
/// </summary>
internal sealed class ErasureSigner(SigningKeys keys, IReceiptStore receipts, PublicAddress address, DayKeys days)
{
    public const string Type = "cs-erasure+sd-jwt";
    public const string Audience = "countersign-erasure";

    /// <param name="line">Whose, where it was a number.</param>
    /// <param name="flow">Which, where it was one.</param>
    /// <param name="project">Which, where it was one.</param>
    public async Task<ErasureProof> SignAsync(ErasureDone done, PhoneNumber? line, CorrelationId? flow, ProjectId? project)
    {
        List<Disclosure> disclosures = line is { } number
            ? [Disclosure.Of(Disclosure.NewSeed(), Commitments.PhoneNumber, number.E164)] : [];
        var payload = new ErasurePayload(
            address.Origin, Audience, done.At.ToUnixTimeSeconds(), done.Id.ToString("D", CultureInfo.InvariantCulture),
            done.Of.ToString().ToLowerInvariant(), flow?.ToString(), project?.ToString(),
            [.. done.Classes.Select(of => Told(of, done))], [.. done.Kept.Select(of => of.Name)],
            "sha-256", [.. disclosures.Select(disclosure => disclosure.Digest)]);
        // It is done: that it cannot be told must not be for a caller who has gone.
        var (credentials, key) = await keys.CurrentForReceiptAsync(CancellationToken.None);
        await receipts.KeepKeyAsync(key, CancellationToken.None);
        var signed = SignedStatement.Of(JsonSerializer.Serialize(payload, ErasureJson.Claims.ErasurePayload), Type, credentials);
        return new ErasureProof(payload, signed, disclosures);
    }

    /// <summary>A sandbox's texts stay, and so are under no secret of a day: their copies lead there for ever.</summary>
    private ErasedClass Told(DataClass of, ErasureDone done) => new(
        of.Name, done.Counts.Of(of), done.CopiesSince(of)?.AddSeconds(1).ToUnixTimeSeconds(),
        of == DataClass.Texts && days.KeepsTexts ? null : done.CopiesUntil(of)?.ToUnixTimeSeconds());
}

/// <param name="Jws">The proof itself.</param>
/// <param name="Disclosures">What opens whom it was about; nobody can make them again.</param>
internal sealed record ErasureProof(ErasurePayload Payload, string Jws, IReadOnlyList<Disclosure> Disclosures)
{
    public override string ToString() => nameof(ErasureProof);
}

/// <param name="Iat">When it was done, in seconds since 1970.</param>
/// <param name="Of">"number", "flow" or "project".</param>
/// <param name="Kept">Names of classes that were left on purpose.</param>
/// <param name="Digests">What it commits to (RFC 9901, section 4.2.4.1).</param>
internal sealed record ErasurePayload(
    string Iss, string Aud, long Iat, string Erasure, string Of, string? CorrelationId, string? Project,
    IReadOnlyList<ErasedClass> Erased, IReadOnlyList<string> Kept,
    [property: JsonPropertyName("_sd_alg")] string DigestAlgorithm,
    [property: JsonPropertyName("_sd")] IReadOnlyList<string> Digests)
{
    public override string ToString() => $"{Erased.Count} classes";
}

/// <param name="Class">The name of a <see cref="DataClass"/>.</param>
/// <param name="Rows">How many went.</param>
/// <param name="CopiesSince">In seconds since 1970: of copies made since then the other speaks. Null for all.</param>
/// <param name="CopiesUntil">In seconds since 1970: from then on no such copy of the store leads to the person. Null where copies do for as
/// long as somebody keeps them.</param>
internal sealed record ErasedClass(string Class, int Rows, long? CopiesSince, long? CopiesUntil)
{
    public override string ToString() => nameof(ErasedClass);
}

[JsonSerializable(typeof(ErasurePayload))]
internal sealed partial class ErasureJson : JsonSerializerContext
{
    public static ErasureJson Claims { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    });
}
