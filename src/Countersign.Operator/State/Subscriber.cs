using System.Collections.Immutable;

namespace Countersign.Operator.State;

/// <summary>What the operator knows about who holds a number.</summary>
/// <param name="Number">The number.</param>
/// <param name="Kyc">Attributes of the person by their CAMARA KYC Match names, e.g. <c>givenName</c>.</param>
/// <param name="SimSwappedAt">When the number last went to another SIM; null: never.</param>
/// <param name="RecycledAt">When the number last went to another person; null: never.</param>
/// <param name="TenureSince">Since when this person has the number; null: not known.</param>
/// <param name="ContractType">PAYG, PAYM or Business; null: not told.</param>
internal sealed record Subscriber(
    Msisdn Number,
    ImmutableSortedDictionary<string, string> Kyc,
    DateTimeOffset? SimSwappedAt = null,
    DateTimeOffset? RecycledAt = null,
    DateOnly? TenureSince = null,
    string? ContractType = null)
{
    public static Subscriber Unnamed(Msisdn number) =>
        new(number, ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal));

    public override string ToString() => $"Subscriber {Number}";
}
