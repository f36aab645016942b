using Countersign.Core;
using Countersign.Core.IdentityMatching;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Core.Names;

namespace Countersign.Providers.Records;

/// <summary>Gives persons out of own records, and compares descriptions with them.</summary>
internal sealed class RecordPersonSource(
    IPersonRecords records, TimeProvider time, IFailureLog failures, ILogger<RecordPersonSource> logger)
    : IPersonSource
{
    public async Task<PersonAnswer> FindAsync(
        PhoneNumber number, ProjectId project, PartialDate? birthDate, Ssn? ssn, CancellationToken cancellationToken)
    {
        if (await ReadAsync(number, project, cancellationToken) is not { } found)
        {
            return new PersonAnswer.SourceDown();
        }

        var answers = found.Select(kept => PersonAnswer.Of(kept.Record.Person, birthDate, ssn)).ToArray();
        var agreeing = answers.OfType<PersonAnswer.Found>().ToArray();
        if (agreeing.Length > 0)
        {
            // Twins share a number and a birth date: whose data is asked for is not known, so nobody's is given.
            return agreeing.Skip(1).All(other => IsOnePerson(agreeing[0].Person, other.Person))
                ? agreeing[0]
                : new PersonAnswer.Differs(birthDate is not null, ssn is not null);
        }
        return answers.OfType<PersonAnswer.Differs>().MinBy(answer => (answer.IsInBirthDate ? 1 : 0) + (answer.IsInSsn ? 1 : 0))
            ?? (PersonAnswer)new PersonAnswer.NotFound();
    }

    public async Task<PersonCheck> CheckAsync(
        PhoneNumber number, ProjectId project, Person described, MatchPolicy policy, CancellationToken cancellationToken)
    {
        if (await ReadAsync(number, project, cancellationToken) is not { } found)
        {
            return new PersonCheck.SourceDown();
        }
        var best = found
            .Select(kept => Compare(kept.Record, described, policy))
            .OrderByDescending(comparison => comparison.IsConfirmed)
            .ThenByDescending(Agreements)
            .FirstOrDefault();
        return best is null ? new PersonCheck.NotFound() : new PersonCheck.Compared(best);
    }

    /// <summary>How a description compares with a record: with its middle names or without, as it agrees better.</summary>
    internal static PersonComparison Compare(PersonRecord record, Person described, MatchPolicy policy)
    {
        var plain = PersonComparison.Of(record.Person, described, policy);
        if (record.MiddleNames is not { } middle || plain.GivenName == true)
        {
            return plain;
        }
        var name = record.Person.Name!;
        var whole = PersonComparison.Of(
            record.Person with { Name = new PersonName($"{name.Given} {middle}", name.Family) }, described, policy);
        return whole.GivenName == true ? whole : plain;
    }

    /// <summary>How many elements agree.</summary>
    internal static int Agreements(PersonComparison comparison) =>
        new[] { comparison.GivenName, comparison.FamilyName, comparison.BirthDate, comparison.LastFour, comparison.EmailAddress }.Count(
            agrees => agrees == true)
            + (comparison.Address?.Agreements ?? 0);

    private static bool IsOnePerson(Person one, Person other) =>
        // Either may be the one with the initial.
        NameMatcher.Compare(one.Name!, other.Name!, MatchPolicy.Standard).Match == IdentityMatch.Matched
            || NameMatcher.Compare(other.Name!, one.Name!, MatchPolicy.Standard).Match == IdentityMatch.Matched;

    /// <summary>Null when the records cannot be read.</summary>
    private async Task<IReadOnlyList<KeptRecord>?> ReadAsync(PhoneNumber number, ProjectId project, CancellationToken cancellationToken)
    {
        try
        {
            return await records.FindAsync(number, project, time.GetUtcNow(), cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Log.RecordsNotRead(logger, failures.Record(exception));
            return null;
        }
    }
}
