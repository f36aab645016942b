namespace Countersign.Core.Assurance;

/// <summary>What of a record an answer tells.</summary>
[Flags]
public enum Disclosures
{
    None = 0,

    /// <summary>The name.</summary>
    Name = 1,

    /// <summary>The age in years, and not the day.</summary>
    Age = 2,

    /// <summary>Birth date, the last four digits of the SSN, addresses and e-mail addresses.</summary>
    Record = 4,

    /// <summary>Further persons behind the number.</summary>
    Others = 8,

    /// <summary>Businesses behind the number.</summary>
    Businesses = 16,

    /// <summary>With the record all digits of its SSN, and of tax numbers: for projects that may see them.</summary>
    WholeSsn = 32,
}
