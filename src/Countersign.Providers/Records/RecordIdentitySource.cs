using Countersign.Core;
using Countersign.Core.IdentityMatching;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Core.Names;

namespace Countersign.Providers.Records;

/// <summary>Matches names with own records. Of several persons behind a number the one who matches best counts.</summary>
internal sealed class RecordIdentitySource(
    IPersonRecords records, TimeProvider time, IFailureLog failures, ILogger<RecordIdentitySource> logger)
    : IIdentitySource
{
    public async Task<IdentityAnswer> MatchAsync(IdentityQuestion question, CancellationToken cancellationToken)
    {
        IReadOnlyList<KeptRecord> found;
        try
        {
            found = await records.FindAsync(question.Number, question.Project, time.GetUtcNow(), cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Log.RecordsNotRead(logger, failures.Record(exception));
            return IdentityAnswer.SourceDown;
        }

        if (found.Count == 0)
        {
            RecordedNames.Compare(RecordedNames.Nobody, question.Name, question.Policy ?? MatchPolicy.Standard);
        }
        var best = found
            .Select(kept =>
                (kept.Source, Names: RecordedNames.Compare(kept.Record, question.Name, question.Policy ?? MatchPolicy.Standard)))
            .OrderByDescending(person => RecordedNames.RankOf(person.Names))
            .ThenByDescending(person => person.Names.Score)
            .FirstOrDefault();
        return best.Names is { } names
            ? new IdentityAnswer(
                names.Match, Source: best.Source, Rule: RecordedNames.RuleOf(names), Score: names.Score, Matcher: NameMatcher.Version)
            : new IdentityAnswer(IdentityMatch.NotAvailable);
    }
}
