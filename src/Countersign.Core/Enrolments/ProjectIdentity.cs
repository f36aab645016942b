using System.Collections.Frozen;
using System.Text;
using Countersign.Core.IdentityMatching;

namespace Countersign.Core.Enrolments;

/// <summary>A person as one project knows them: behind one number, under an id that stays.</summary>
/// <param name="Id">The proveId.</param>
/// <param name="Status">Whether the relying party has enrolled the person.</param>
/// <param name="Details">What the relying party gave at enrolment.</param>
/// <param name="LeftNumberAt">When the number was found to have gone to somebody else; null while it is this person's.</param>
public sealed record ProjectIdentity(
    Guid Id, ProjectId ProjectId, PhoneNumber Number, IdentityStatus Status, DateTimeOffset CreatedAt, IdentityDetails Details,
    DateTimeOffset? LeftNumberAt = null)
{
    /// <summary>Whoever proves the number is this person.</summary>
    public bool HoldsNumber => LeftNumberAt is null;

    /// <summary>The relying party has enrolled the person, and may have deactivated them since.</summary>
    public bool IsEnrolled => Status is not IdentityStatus.Known;

    public override string ToString() => Id.ToString();
}

/// <summary>Stored numbers are for ever.</summary>
public enum IdentityStatus
{
    /// <summary>Known by a flow, never enrolled: it is in no list.</summary>
    Known = 0,

    Active = 1,

    Inactive = 2,
}

/// <param name="NumberAsGiven">As the relying party wrote it, for answering it so; null when it came by no call of its own.</param>
public sealed record IdentityDetails(
    string? NumberAsGiven = null,
    string? ClientCustomerId = null,
    string? ClientHumanId = null,
    string? DeviceId = null,
    IReadOnlyList<IdentityFact>? Facts = null)
{
    /// <summary>
    /// Both of one person: what this says counts, what it leaves out is taken from the older, and the facts of both are kept.
    /// </summary>
    public IdentityDetails Over(IdentityDetails older) => new(
        NumberAsGiven ?? older.NumberAsGiven,
        ClientCustomerId ?? older.ClientCustomerId,
        ClientHumanId ?? older.ClientHumanId,
        DeviceId ?? older.DeviceId,
        (Facts ?? older.Facts) is null ? null : [.. Facts ?? [], .. older.Facts ?? []]);

    public override string ToString() => "***";
}

/// <summary>A further fact that the relying party keeps with an identity.</summary>
/// <param name="Id">Given by this server.</param>
public sealed record IdentityFact(Guid Id, string Type, string Value)
{
    // What relying parties call it, in one word or as one of several.
    private static readonly FrozenSet<string> _ssnWords = FrozenSet.ToFrozenSet(
        ["ssn", "ssns", "ssn9", "ssnumber", "usssn", "itin", "tin"], StringComparer.Ordinal);

    private static readonly string[] _ssnNames = ["socialsec", "nationalid", "taxid", "taxpayerid"];

    /// <summary>The same, but of an SSN the last four digits alone. By its type it is known to be one.</summary>
    public IdentityFact WithoutWholeSsn() => IsSsn() ? this with { Value = Ssn.LastFourOf(Value) } : this;

    private bool IsSsn()
    {
        var joined = string.Concat(Type.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
        return Array.Exists(_ssnNames, name => joined.Contains(name, StringComparison.Ordinal)) || WordsOfType().Exists(_ssnWords.Contains);
    }

    /// <summary>"ssnNumber", "full_ssn" and "US SSN" are two words each.</summary>
    private List<string> WordsOfType()
    {
        List<string> words = [];
        var word = new StringBuilder();
        for (var i = 0; i < Type.Length; i++)
        {
            var isNew = char.IsAsciiLetterUpper(Type[i]) && i > 0 && !char.IsAsciiLetterUpper(Type[i - 1]);
            if ((isNew || !char.IsAsciiLetterOrDigit(Type[i])) && word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
            if (char.IsAsciiLetterOrDigit(Type[i]))
            {
                word.Append(char.ToLowerInvariant(Type[i]));
            }
        }
        words.Add(word.ToString());
        return words;
    }

    public override string ToString() => "***";
}
