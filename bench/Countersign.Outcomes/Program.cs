using System.Diagnostics;
using System.Globalization;
using Countersign.Contention;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.Keys;
using Countersign.Core.Possession;
using Countersign.Core.Projects;
using Countersign.Outcomes;
using Countersign.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

// How long it takes to find outcomes by each key among a million, and to read the statistics of thirty days; and what an outcome takes.
var count = 1_000_000;
var store = "";
for (var i = 0; i < args.Length; i++)
{
    if (args[i] == "--records" && i + 1 < args.Length && int.TryParse(args[i + 1], out count) && count is >= 1000 and <= 10_000_000)
    {
        i++;
        continue;
    }
    if (args[i] == "--store" && i + 1 < args.Length)
    {
        store = args[++i];
        continue;
    }
    Console.Error.WriteLine(
        "Countersign.Outcomes [--records <1000 to 10000000, default 1000000>] [--store <an empty store, in place of one of each kind>]");
    return 2;
}

if (store.Length > 0)
{
    await MeasureAsync("The store", store, count);
    return 0;
}
var folder = Directory.CreateTempSubdirectory("countersign-outcomes-").FullName;
try
{
    await MeasureAsync("SQLite", $"Data Source={Path.Combine(folder, "outcomes.db")}", count);
    await using var postgres = await PostgresProcess.StartAsync();
    await MeasureAsync("PostgreSQL", postgres.Connection, count);
}
finally
{
    Directory.Delete(folder, recursive: true);
}
return 0;

static async Task MeasureAsync(string name, string store, int count)
{
    await using var services = new ServiceCollection()
        .AddLogging()
        .AddSingleton(TimeProvider.System)
        .AddKeyedSingleton(ClockKeys.Machine, TimeProvider.System)
        .AddSingleton<INumberPlan, OneForm>()
        .AddSingleton(new PossessionOptions())
        .AddSingleton(StricterDefaults.None)
        .AddStorage(new StorageOptions { Store = store }, new ConfiguredKeyStore(MasterKey.New()))
        .BuildServiceProvider();
    services.MigrateStorage();
    var (before, now) = (await SizeAsync(store), DateTimeOffset.UtcNow);
    var samples = new Samples(count, now);
    var outcomes = services.GetRequiredService<IOutcomeStore>();
    for (var day = now - Samples.Days; day < now; day = day.AddDays(1))
    {
        await outcomes.PrepareAsync(day, default);
    }
    var filling = Stopwatch.StartNew();
    foreach (var some in Enumerable.Range(0, count).Chunk(100))
    {
        await outcomes.AddAsync([.. some.Select(samples.Make)], default);
    }
    await TidyAsync(store);
    var size = await SizeAsync(store) - before;
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{name}: {count} outcomes written in {filling.Elapsed.TotalSeconds:F0} s; {size / count} bytes each, with its indexes"));

    var statistics = services.GetRequiredService<IStatisticsStore>();
    var shop = Samples.Project;
    (string What, Func<Sought, Task<int>> Ask)[] all =
    [
        ("yardstick: what is not there, by id", async _ => await outcomes.FindAsync(CorrelationId.New(now), default) is null ? 1 : 0),
        ("by id", async one => await outcomes.FindAsync(one.Id, default) is null ? 0 : 1),
        ("by clientRequestId", one => ListAsync(new() { Search = new FlowSearch.ByClientRequest(one.Request) })),
        ("by clientCustomerId", one => ListAsync(new() { Search = new FlowSearch.ByClientCustomer(one.Customer) })),
        ("by number", one => ListAsync(new()
        {
            Search = new FlowSearch.ByNumber(PhoneNumber.Parse("+12025550142")), Line = one.Line,
        })),
        ("by time, a page of 100", one => ListAsync(new() { From = one.At.AddHours(-1), To = one.At.AddHours(1) })),
        ("by end, a page of 100", one => ListAsync(new() { End = FlowEnd.Expired, To = one.At })),
        ("by reason, 2,000 rows without it", one => ListAsync(new() { End = FlowEnd.Matched, Reason = "initial", To = one.At }, 2000)),
        ("newest page of 100", _ => ListAsync(new())),
        .. Enum.GetValues<CountedBy>().Select(by => ($"statistics of 30 days by {by}", (Func<Sought, Task<int>>)(async _ =>
            (await statistics.ReadAsync(by, shop, now - Samples.Days, now, 1000, default)).Count))),
    ];
    foreach (var (what, ask) in all)
    {
        var times = new List<double>();
        var found = 0;
        for (var i = 0; i < 40; i++)
        {
            var sought = samples.Any();
            var begun = Stopwatch.GetTimestamp();
            found = await ask(sought);
            times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }
        times.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {what,-42} median {times[times.Count / 2],7:F2} ms, worst of 40 {times[^1],7:F2} ms, {found} rows; load {Machine.Load()}"));
    }

    async Task<int> ListAsync(FlowQuery query, int limit = 100) => (await outcomes.ListAsync(query, shop, limit, default)).Count;
}

// What has been written here in minutes has had a month elsewhere, in which autovacuum comes by every minute.
static async Task TidyAsync(string store)
{
    if (store.StartsWith("Host", StringComparison.Ordinal))
    {
        await using var connection = new NpgsqlConnection($"{store};Command Timeout=0");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("VACUUM (ANALYZE)", connection);
        await command.ExecuteNonQueryAsync();
    }
}

static async Task<long> SizeAsync(string store)
{
    if (store.StartsWith("Host", StringComparison.Ordinal))
    {
        await using var connection = new NpgsqlConnection(store);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "SELECT CAST(sum(pg_total_relation_size(relid)) AS bigint) FROM pg_partition_tree('outcomes')", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
    await using var file = new SqliteConnection(store);
    await file.OpenAsync();
    await using var size = file.CreateCommand();
    size.CommandText = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()";
    return (long)(await size.ExecuteScalarAsync())!;
}
