namespace Countersign.Core.IdentityMatching.Records;

/// <summary>One person behind one number, as one source has them. Prints masked.</summary>
/// <param name="RecordId">The source's own id of the record; null takes one that follows from name and birth date.</param>
/// <param name="MiddleNames">Beside the given name; null when not given.</param>
/// <param name="Country">ISO 3166-1 alpha-2 of the address.</param>
/// <param name="ValidFrom">First day on which the number is this person's; null for always.</param>
/// <param name="ValidTo">Last day on which it is; null for no end.</param>
public sealed record PersonRecord(
    PhoneNumber Number, Person Person, string? RecordId = null, string? MiddleNames = null, string? Country = null,
    DateOnly? ValidFrom = null, DateOnly? ValidTo = null)
{
    public override string ToString() => "***";
}

/// <summary>A record that is kept, with where it came from. Prints masked.</summary>
/// <param name="Source">Who gave it.</param>
/// <param name="ImportId">The import that brought it as it stands.</param>
public sealed record KeptRecord(PersonRecord Record, SourceName Source, long ImportId)
{
    public override string ToString() => "***";
}

/// <summary>A source, what is kept of it and who sees it.</summary>
/// <param name="LastImportAt">When its last import ended; null when that is longer ago than imports are remembered.</param>
public sealed record RecordSource(SourceName Name, long Records, DateTimeOffset? LastImportAt, SourceVisibility Visibility)
{
    public override string ToString() => $"{Records} records";
}
