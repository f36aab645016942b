using Countersign.Core.IdentityMatching;

namespace Countersign.Core.Assurance;

/// <summary>A business behind a number. Prints masked: its owner may be one person.</summary>
/// <param name="TradeName">The name it goes by, where that is another.</param>
public sealed record Business(
    string Name, string? TradeName, string? TaxId, PostalAddress? Address, RegistrationFiling? Filing,
    IReadOnlyList<PersonName> RelatedPersons)
{
    public override string ToString() => "***";
}

/// <summary>A business as a register has it. Prints masked.</summary>
public sealed record RegistrationFiling(DateOnly? Date, string? Region, string? Number, string? Type)
{
    public override string ToString() => "***";
}
