namespace Countersign.Core.IdentityMatching.Records;

/// <summary>Reads telephone numbers as people write them.</summary>
public interface INumberReader
{
    /// <param name="country">ISO 3166-1 alpha-2 of a number without country code; null when there is none to assume.</param>
    /// <returns>What is wrong, or null.</returns>
    string? Read(string text, string? country, out PhoneNumber number);

    /// <summary>True when numbers of this country can be read.</summary>
    bool Knows(string country);

    /// <summary>What is wrong with how numbers are said to begin, or null: some line's one form begins so, with four digits or more behind.
    /// </summary>
    /// <param name="beginning">A plus and digits.</param>
    string? ProblemOfBeginning(string beginning);
}
