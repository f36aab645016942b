using System.Text.Json.Serialization;

namespace Countersign.Core.Identity;

/// <summary>Does this name belong to this number? (CAMARA KYC Match: true, false, not_available.)</summary>
[JsonConverter(typeof(JsonStringEnumConverter<IdentityMatch>))]
public enum IdentityMatch
{
    Matched,
    Differs,
    NotAvailable,
}

/// <summary>An identity source's answer.</summary>
/// <param name="IsSourceDown">True when nobody could be asked: then the match is <see cref="IdentityMatch.NotAvailable"/>, never a guess.</param>
public sealed record IdentityAnswer(IdentityMatch Match, bool IsSourceDown = false)
{
    public static IdentityAnswer SourceDown { get; } = new(IdentityMatch.NotAvailable, IsSourceDown: true);
}
