namespace Countersign.Core.IdentityMatching;

/// <summary>A person as a record has them or as they describe themselves. Prints masked.</summary>
/// <param name="Name">Null when not given.</param>
/// <param name="Addresses">The present one first.</param>
/// <param name="EmailAddresses">The present one first.</param>
public sealed record Person(
    PersonName? Name,
    IReadOnlyList<PostalAddress> Addresses,
    IReadOnlyList<string> EmailAddresses,
    PartialDate? BirthDate = null,
    Ssn? Ssn = null)
{
    /// <summary>Enough to search watch lists by: a name alone is too many people's.</summary>
    public bool IsEnoughForWatchLists => Name is not null && BirthDate is not null && (Ssn is not null || Addresses.Count > 0);

    public override string ToString() => "***";
}

/// <summary>A postal address. Prints masked.</summary>
/// <param name="Street">Street and number.</param>
/// <param name="Extended">Flat, suite.</param>
/// <param name="Region">State or province.</param>
public sealed record PostalAddress(string? Street, string? Extended, string? City, string? Region, string? PostalCode)
{
    public override string ToString() => "***";
}
