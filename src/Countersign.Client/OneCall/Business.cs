namespace Countersign.Client;

/// <summary>A business that goes by a number.</summary>
public sealed record Business
{
    /// <summary>The registered name; null when it is not told.</summary>
    public string? BusinessName { get; init; }

    /// <summary>The name it trades under; null when it is not told.</summary>
    public string? TradeName { get; init; }

    /// <summary>The tax number; null when it is not told. A sole trader's may be their own.</summary>
    public NationalId? TaxId { get; init; }

    /// <summary>The seat; null when it is not told.</summary>
    public PostalAddress? BusinessAddress { get; init; }

    /// <summary>The entry in the register; null when it is not told.</summary>
    public RegistrationFiling? RegistrationFiling { get; init; }

    /// <summary>Who has to do with it; empty when it is not told, never null.</summary>
    public IReadOnlyList<RelatedPerson> RelatedPersons { get; init => field = value ?? []; } = [];

    /// <summary>The type alone: a business may be a person.</summary>
    public override string ToString() => nameof(Business);
}

/// <summary>A business's entry in a register.</summary>
public sealed record RegistrationFiling
{
    /// <summary>The day of the entry, as the register writes it; null when it is not told.</summary>
    public string? Date { get; init; }

    /// <summary>The state or province of the register; null when it is not told.</summary>
    public string? Region { get; init; }

    /// <summary>The number of the entry; null when it is not told.</summary>
    public string? RegistrationNumber { get; init; }

    /// <summary>The legal form or the kind of entry; null when it is not told.</summary>
    public string? RegistrationType { get; init; }

    /// <summary>The type alone.</summary>
    public override string ToString() => nameof(RegistrationFiling);
}

/// <summary>Somebody who has to do with a business.</summary>
public sealed record RelatedPerson
{
    /// <summary>The given name; null when it is not told.</summary>
    public string? FirstName { get; init; }

    /// <summary>The family name; null when it is not told.</summary>
    public string? LastName { get; init; }

    /// <summary>The type alone.</summary>
    public override string ToString() => nameof(RelatedPerson);
}
