using System.Data.Common;
using Countersign.Core;
using Countersign.Core.History;

namespace Countersign.Storage;

internal sealed class StatisticsStore(IDatabase database) : IStatisticsStore
{
    private const string Columns = "value, since, ended, proven, succeeded, texts, delivered, segments, cost, people";

    // Another node's clean-up may count the same at the same moment, in another order: who has this row has all of them.
    private const string TakeTurn =
        """
        INSERT INTO outcome_counts (
            counted_by, since, project_id, value, ended, proven, succeeded, texts, delivered, segments, cost, people)
        VALUES ('', 0, '', '', 0, 0, 0, 0, 0, 0, 0, 0)
        ON CONFLICT (counted_by, since, project_id, value) DO UPDATE SET ended = 0
        """;

    private const string Count =
        """
        INSERT INTO outcome_counts (
            counted_by, since, project_id, value, ended, proven, succeeded, texts, delivered, segments, cost, people)
        SELECT @counted_by, @since, @project_id, @value, @ended, @proven, @succeeded, @texts, @delivered, @segments, @cost, @people
        WHERE NOT EXISTS (SELECT 1 FROM outcomes WHERE id = @id)
            AND (@version < 0 OR EXISTS (SELECT 1 FROM flows WHERE id = @id AND version = @version))
        ON CONFLICT (counted_by, since, project_id, value) DO UPDATE SET
            ended = outcome_counts.ended + excluded.ended,
            proven = outcome_counts.proven + excluded.proven,
            succeeded = outcome_counts.succeeded + excluded.succeeded,
            texts = outcome_counts.texts + excluded.texts,
            delivered = outcome_counts.delivered + excluded.delivered,
            segments = outcome_counts.segments + excluded.segments,
            cost = outcome_counts.cost + excluded.cost,
            people = outcome_counts.people | excluded.people
        """;

    /// <summary>To stand before whatever <see cref="StatementsOf"/> makes in one write.</summary>
    public static Statement Turn { get; } = new(TakeTurn);

    /// <summary>
    /// Counts an outcome, if it is not there yet; to stand before the statement that inserts it.
    /// </summary>
    /// <param name="version">That of the flow whose place it takes, which must have it still; negative where there is no flow.</param>
    public static IEnumerable<Statement> StatementsOf(Outcome outcome, long version) => OutcomeCount.Of(outcome).Select(count =>
        new Statement(
            Count,
            ("@counted_by", count.By.ToString()),
            ("@since", count.Since.ToUnixTimeMilliseconds()),
            ("@project_id", outcome.ProjectId),
            ("@value", count.Value),
            ("@ended", count.Ended),
            ("@proven", count.Proven),
            ("@succeeded", count.Succeeded),
            ("@texts", count.Texts),
            ("@delivered", count.Delivered),
            ("@segments", count.Segments),
            ("@cost", count.Cost),
            ("@people", count.People),
            ("@id", outcome.Id.ToBytes()),
            ("@version", version)));

    public async Task<IReadOnlyList<OutcomeCount>> ReadAsync(
        CountedBy by, ProjectId? project, DateTimeOffset from, DateTimeOffset to, int limit, CancellationToken cancellationToken)
    {
        // Bits are put together here: one of the databases cannot. The rows are gone through once, whatever is expected of their number.
        var rows = await database.ReadAsync(
            new Statement(
                $"""
                SELECT {Columns} FROM (
                    SELECT {Columns}, DENSE_RANK() OVER (ORDER BY of_value DESC, value) AS place FROM (
                        SELECT {Columns}, SUM(ended) OVER (PARTITION BY value) AS of_value FROM outcome_counts
                        WHERE counted_by = @counted_by AND since >= @from AND since < @to
                            AND (@project_id = '' OR project_id = @project_id)) AS counted) AS ranked
                WHERE place <= @limit
                """,
                ("@counted_by", by.ToString()),
                ("@from", from.ToUnixTimeMilliseconds()),
                ("@to", to.ToUnixTimeMilliseconds()),
                ("@project_id", project?.ToString() ?? ""),
                ("@limit", limit)),
            row => Read(by, row),
            cancellationToken);
        return OutcomeCount.SumsOf(by, rows);
    }

    public Task<int> RemoveAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) => database.RemoveAsync(
        """
        DELETE FROM outcome_counts WHERE (counted_by, since, project_id, value) IN (
            SELECT counted_by, since, project_id, value FROM outcome_counts WHERE since < @before AND counted_by <> '' LIMIT @limit)
        """,
        before, limit, cancellationToken);

    private static OutcomeCount Read(CountedBy by, DbDataReader row) => new(
        by, row.GetString(0), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4),
        row.GetInt64(5), row.GetInt64(6), row.GetInt64(7), row.GetInt64(8), row.GetInt64(9));
}
