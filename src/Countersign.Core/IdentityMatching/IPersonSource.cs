using Countersign.Core.Names;

namespace Countersign.Core.IdentityMatching;

/// <summary>
/// Keeps records of persons by their numbers: gives one out to whom it belongs, and says how a description compares with it.
/// </summary>
/// <remarks>
/// Neither call throws for what the world may do, nor takes ten seconds: by then the asker is taken for dead. An adapter with records of
/// its own looks one up and lets the rules here compare.
/// </remarks>
public interface IPersonSource
{
    /// <summary>The record of the number, if it agrees with what its owner was asked for.</summary>
    /// <param name="project">Whose flow it is: own records are those that it sees.</param>
    /// <param name="birthDate">Null when not given; then <paramref name="ssn"/> is.</param>
    /// <param name="ssn">Null when not given; then <paramref name="birthDate"/> is.</param>
    Task<PersonAnswer> FindAsync(
        PhoneNumber number, ProjectId project, PartialDate? birthDate, Ssn? ssn, CancellationToken cancellationToken);

    /// <summary>How a person's description of themselves compares with the record of the number.</summary>
    /// <param name="project">As above.</param>
    /// <param name="described">Has a name or an SSN at least.</param>
    /// <param name="policy">How much the names may differ.</param>
    Task<PersonCheck> CheckAsync(
        PhoneNumber number, ProjectId project, Person described, MatchPolicy policy, CancellationToken cancellationToken);
}

/// <summary>A closed set of answers.</summary>
public abstract record PersonAnswer
{
    private PersonAnswer() { }

    public sealed record Found(Person Person) : PersonAnswer;

    public sealed record Differs(bool IsInBirthDate, bool IsInSsn) : PersonAnswer;

    /// <summary>The number has no record.</summary>
    public sealed record NotFound : PersonAnswer;

    /// <summary>Nobody could be asked.</summary>
    public sealed record SourceDown : PersonAnswer;

    /// <summary>Gives a record out only when everything that was given agrees; what the record does not hold agrees with nothing.</summary>
    public static PersonAnswer Of(Person record, PartialDate? birthDate, Ssn? ssn)
    {
        var differs = new Differs(
            birthDate is not null && !(record.BirthDate is { } recorded && birthDate.AgreesWith(recorded)),
            ssn is not null && record.Ssn?.AgreesWith(ssn) != true);
        return differs is { IsInBirthDate: false, IsInSsn: false } && (birthDate is not null || ssn is not null) ? new Found(record)
            : differs;
    }
}

/// <summary>A closed set of answers.</summary>
public abstract record PersonCheck
{
    private PersonCheck() { }

    /// <param name="WatchLists">Those that were searched and have hits; empty when none has, null when none was searched. They decide
    /// nothing.</param>
    public sealed record Compared(PersonComparison Comparison, IReadOnlyList<WatchList>? WatchLists = null) : PersonCheck;

    /// <summary>The number has no record.</summary>
    public sealed record NotFound : PersonCheck;

    /// <summary>Nobody could be asked.</summary>
    public sealed record SourceDown : PersonCheck;
}
