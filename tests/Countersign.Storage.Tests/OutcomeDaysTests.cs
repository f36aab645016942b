using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.History;
using Npgsql;

namespace Countersign.Storage.Tests;

/// <summary>On PostgreSQL outcomes stand in a table for each day, which goes as a whole.</summary>
public sealed class OutcomeDaysTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly DateTimeOffset _day = new(2026, 2, 3, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset _noon = _day.AddHours(12);

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    private OutcomeStore Outcomes => New();

    public ValueTask InitializeAsync() => new(fixture.EmptyAsync());

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_day_goes_whole_when_the_last_flow_of_it_is_over_and_no_earlier()
    {
        await Outcomes.PrepareAsync(_noon, Test);
        var (first, last, next) = (
            OutcomeAt(_day), OutcomeAt(_day.AddDays(1).AddMilliseconds(-1)), OutcomeAt(_day.AddDays(1)));
        await Outcomes.AddAsync([first, last, next], Test);
        var over = _day.AddDays(1).AddHours(1);

        Assert.Equal(
            ("outcomes_20260203", "outcomes_20260203", "outcomes_20260204"),
            (await PlaceOf(first), await PlaceOf(last), await PlaceOf(next)));
        Assert.Equal(0, await Outcomes.RemoveAsync(over.AddMilliseconds(-1), 100, Test));
        Assert.NotNull(await Outcomes.FindAsync(first.Id, Test));
        await Outcomes.RemoveAsync(over, 100, Test);

        Assert.Null(await Outcomes.FindAsync(last.Id, Test));
        Assert.NotNull(await Outcomes.FindAsync(next.Id, Test));
        Assert.DoesNotContain("outcomes_20260203", await DaysAsync());
    }

    [Fact]
    public async Task Outcomes_of_a_day_without_a_table_are_kept_found_and_removed_one_by_one()
    {
        var early = OutcomeAt(_noon.AddDays(-40));
        await Outcomes.AddAsync([early, OutcomeAt(_noon.AddDays(-39))], Test);
        await Outcomes.PrepareAsync(_noon.AddDays(-40), Test);

        Assert.Equal("outcomes_other", await PlaceOf(early));
        Assert.DoesNotContain("outcomes_20251225", await DaysAsync());
        Assert.Equal(2, (await Outcomes.ScanAsync(_noon.AddDays(-41), null, 10, Test)).Outcomes.Count);
        Assert.Equal(1, await Outcomes.RemoveAsync(_noon.AddDays(-39), 100, Test));
        Assert.Equal(1, await fixture.CountAsync("outcomes"));
    }

    [Fact]
    public async Task Nodes_make_the_same_days_at_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => New().PrepareAsync(_noon.AddDays(100), Test)));
        await New().PrepareAsync(_noon.AddDays(100), Test);

        Assert.Empty(Enumerable.Range(100, 8).Select(n => $"outcomes_{_noon.AddDays(n):yyyyMMdd}").Except(await DaysAsync()));
    }

    [Fact]
    public async Task Who_reads_all_tables_is_not_waited_for_and_the_rows_of_a_day_go_when_they_are_done()
    {
        var day = _noon.AddDays(200);
        await Outcomes.PrepareAsync(day, Test);
        var outcome = OutcomeAt(day);
        await Outcomes.AddAsync([outcome], Test);
        await using var backup = (NpgsqlConnection)fixture.Connect();
        await backup.OpenAsync(Test);
        await using var held = await backup.BeginTransactionAsync(Test);
        await using (var read = new NpgsqlCommand("SELECT count(*) FROM outcomes", backup))
        {
            await read.ExecuteScalarAsync(Test);
        }

        Assert.Equal(0, await Outcomes.RemoveAsync(day.AddDays(2), 100, Test));
        await Outcomes.PrepareAsync(day.AddDays(300), Test);
        await held.DisposeAsync();

        Assert.NotNull(await Outcomes.FindAsync(outcome.Id, Test));
        await Outcomes.RemoveAsync(day.AddDays(2), 100, Test);
        Assert.Null(await Outcomes.FindAsync(outcome.Id, Test));
    }

    [Fact]
    public async Task All_days_that_are_over_go_at_once_and_what_was_not_made_is_made_the_next_time()
    {
        foreach (var day in Enumerable.Range(400, 5))
        {
            await New().PrepareAsync(_noon.AddDays(day * 8), Test);
        }
        await Outcomes.AddAsync([OutcomeAt(_noon.AddDays(3200)), OutcomeAt(_noon.AddDays(3232))], Test);
        var other = New();
        await using (var reader = (NpgsqlConnection)fixture.Connect())
        {
            await reader.OpenAsync(Test);
            await using var held = await reader.BeginTransactionAsync(Test);
            await using var read = new NpgsqlCommand("SELECT count(*) FROM outcomes", reader);
            await read.ExecuteScalarAsync(Test);
            await other.PrepareAsync(_noon.AddDays(5000), Test);
        }
        Assert.DoesNotContain($"outcomes_{_noon.AddDays(5000):yyyyMMdd}", await DaysAsync());

        await other.PrepareAsync(_noon.AddDays(5000), Test);
        await Outcomes.RemoveAsync(_noon.AddDays(3232), 100, Test);

        Assert.Equal(1, await fixture.CountAsync("outcomes"));
        Assert.Equal("outcomes_other", Assert.Single(await DaysAsync(), day =>
            string.CompareOrdinal(day, $"outcomes_{_noon.AddDays(3231):yyyyMMdd}") < 0 || day == "outcomes_other"));
        Assert.Contains($"outcomes_{_noon.AddDays(5000):yyyyMMdd}", await DaysAsync());
    }

    private static Outcome OutcomeAt(DateTimeOffset begun) => Outcome.Of(
        Sample.Flow(begun) with { Id = CorrelationId.New(begun) }, [], "US", null);

    private OutcomeStore New() => new(
        fixture.Database, fixture.Sealer, fixture.Hasher, fixture.Hashes, fixture.Lines, TimeSpan.FromMinutes(15));

    private async Task<string> PlaceOf(Outcome outcome) => (await fixture.Database.ReadAsync(
        new Statement("SELECT CAST(tableoid::regclass AS text) FROM outcomes WHERE id = @id", ("@id", outcome.Id.ToBytes())),
        row => row.GetString(0), Test))[0];

    private Task<List<string>> DaysAsync() => fixture.Database.ReadAsync(
        new Statement("SELECT CAST(relname AS text) FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid "
            + "WHERE inhparent = CAST('outcomes' AS regclass)"),
        row => row.GetString(0), Test);
}
