using Countersign.Core;
using Countersign.Core.Assurance;
using Countersign.Core.IdentityMatching;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Core.Names;

namespace Countersign.Providers.Records;

/// <summary>
/// Answers one-call questions from own records: the person who agrees best is whom the question was about, the others are others.
/// </summary>
internal sealed class RecordAssuranceSource(
    IPersonRecords records, TimeProvider time, IFailureLog failures, ILogger<RecordAssuranceSource> logger)
    : IAssuranceSource
{
    public async Task<AssuranceAnswer> AssessAsync(AssuranceQuestion question, CancellationToken cancellationToken)
    {
        IReadOnlyList<KeptRecord> found;
        try
        {
            found = await records.FindAsync(question.Number, question.Project, time.GetUtcNow(), cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Log.RecordsNotRead(logger, failures.Record(exception));
            return new AssuranceAnswer.SourceDown();
        }

        if (found.Count == 0)
        {
            VerdictOf(RecordedNames.Nobody, question);
        }
        var persons = found.Select(kept => new AssessedPerson(kept.Record.Person, VerdictOf(kept.Record, question)))
            .OrderByDescending(person => (int)AssuranceTable.GradeOf(person.Verdict).Level)
            .ToArray();
        return persons is [var first, .. var others]
            ? new AssuranceAnswer.Found(first, others, [])
            : new AssuranceAnswer.NoRecord();
    }

    private static Verdict VerdictOf(PersonRecord record, AssuranceQuestion question)
    {
        if (question.Name is null)
        {
            return Verdict.Recorded;
        }
        var described = new Person(
            question.Name, AddressesOf(question), question.EmailAddress is null ? [] : [question.EmailAddress],
            Element(question, "dob", "birthdate", "dateofbirth") is { } dob && PartialDate.TryParse(dob, out var birthDate) ? birthDate
                : null,
            Element(question, "ssn", "nationalid") is { } digits
                && Ssn.TryParse(digits.Replace("-", "", StringComparison.Ordinal), out var ssn) ? ssn : null);
        var comparison = RecordPersonSource.Compare(record, described, question.Policy ?? MatchPolicy.Standard);
        if (comparison is not { GivenName: true, FamilyName: true } || !NameMatcher.HasFullNames(question.Name))
        {
            // What cannot be compared does not belong: a guess would be an answer. Nobody has shown the phone here, so an initial is a
            // guess, too.
            return Verdict.NameDiffers;
        }
        // A birth date or an SSN that differs speaks against the name that agrees.
        return comparison.BirthDate == false || comparison.LastFour == false || comparison.WholeSsn == false ? Verdict.NameDiffers
            : RecordPersonSource.Agreements(comparison) > 2 ? Verdict.ElementBelongs
            : Verdict.NameBelongs;
    }

    private static PostalAddress[] AddressesOf(AssuranceQuestion question)
    {
        var (street, city, region, code) = (
            Element(question, "address", "street"), Element(question, "city"), Element(question, "region", "state"),
            Element(question, "postalcode", "zipcode", "zip"));
        // A city alone is too many people's to count as an element.
        return street is null && code is null ? [] : [new PostalAddress(street, null, city, region, code)];
    }

    private static string? Element(AssuranceQuestion question, params string[] types) => question.Elements.FirstOrDefault(element =>
        types.Contains(element.Type.Replace("_", "", StringComparison.Ordinal), StringComparer.OrdinalIgnoreCase))?.Value;
}
