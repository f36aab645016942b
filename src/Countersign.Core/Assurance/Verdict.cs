namespace Countersign.Core.Assurance;

/// <summary>What is known of one person behind a number.</summary>
public enum Verdict
{
    /// <summary>There is a record, and it or the number cannot be trusted.</summary>
    Untrusted,

    /// <summary>Nobody is on record, or nobody could be asked.</summary>
    NoRecord,

    /// <summary>Somebody is on record, under another name.</summary>
    NameDiffers,

    /// <summary>Somebody is on record; no name was compared.</summary>
    Recorded,

    /// <summary>Name and number belong together.</summary>
    NameBelongs,

    /// <summary>Name, number and one further element do: a birth date, an SSN, an address, an e-mail address.</summary>
    ElementBelongs,
}
