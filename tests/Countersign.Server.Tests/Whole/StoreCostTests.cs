using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using System.Text.Json.Nodes;
using Countersign.Server.Tests.Fixtures;
using Countersign.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Whole;

/// <summary>
/// What each call of a flow costs the store, without limits and with those of its line: reads, commits, statements in them, and bytes
/// sealed. docs/limits.md has the table.
/// </summary>
public abstract class StoreCostTests(ServerFixture fixture)
{
    private const string Number = "2001009002";

    // Limits by address, client and block of numbers ask the store now and then, and not for each call.
    private static readonly Dictionary<string, string?> _limits = new()
    {
        ["Countersign:Budget:GuessProbability"] = "0.01",
        ["Countersign:Budget:NamesPerProject"] = "5",
        ["Countersign:Budget:NamesPerLine"] = "10",
        ["Countersign:TextLimits:PerHour"] = "6",
        ["Countersign:TextLimits:PerDay"] = "12",
    };

    [Fact]
    public async Task A_call_costs_the_store_what_the_documents_say()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "limits.md"), TestContext.Current.CancellationToken);
        var (without, with) = (await MeasureAsync([]), await MeasureAsync(_limits));

        Assert.Equal(without.Select(one => (one.Call, RowOf(one)[6].Trim())), without.Select(one => (one.Call, one.OfKeys)));
        foreach (var (before, after) in without.Zip(with))
        {
            var row = RowOf(before);
            Assert.Equal((row[2].Trim(), row[3].Trim()), (before.Words, after.Words));
            Assert.InRange(before.Bytes, 0, int.Parse(row[4], CultureInfo.InvariantCulture));
            Assert.InRange(after.Bytes, 0, int.Parse(row[5], CultureInfo.InvariantCulture));
        }

        string[] RowOf(Cost cost) =>
            Assert.Single(page.Split('\n'), line => line.StartsWith($"| {cost.Call} |", StringComparison.Ordinal)).Split('|');
    }

    private async Task<IReadOnlyList<Cost>> MeasureAsync(Dictionary<string, string?> settings)
    {
        var counted = new Counted();
        await using var server = await fixture.StartAsync(settings, counted.Into);
        var costs = new List<Cost>();
        // What is asked once in a while, such as the project, is known after the first flow. The least is a call's own: upkeep may fall
        // into any of them.
        for (var i = 0; i < 5; i++)
        {
            Begun flow = null!;
            await AddAsync("`/v3/verify`, mobile", async () => flow = await server.BeginAsync(
                "mobile", Number, new JsonObject { ["allowOTPRetry"] = true }));
            var browser = server.Browser(flow.AuthToken!);
            await browser.Post("mobile/instant/start");
            await AddAsync("a first code", () => browser.Post("mobile/otp/start"));
            await AddAsync("a wrong code", () => browser.Enter("9999"));
            await AddAsync("the right code", () => browser.Enter("1234"));
            await AddAsync("`/v3/verify-status`", () => server.StatusAsync(flow.Id));
        }
        return
        [
            .. costs.GroupBy(one => one.Call).Select(call => new Cost(
                call.Key, call.Min(one => one.Reads), call.Min(one => one.Commits), call.Min(one => one.Statements),
                call.Max(one => one.Bytes), call.Min(one => one.KeyReads), call.Max(one => one.KeyWrites))),
        ];

        async Task AddAsync(string call, Func<Task> act)
        {
            counted.Begin();
            await act();
            costs.Add(counted.End(call));
        }
    }

    private sealed record Cost(string Call, int Reads, int Commits, int Statements, int Bytes, int KeyReads, int KeyWrites)
    {
        public string OfKeys => string.Create(CultureInfo.InvariantCulture, $"{KeyReads}, {KeyWrites}");

        public string Words => string.Create(CultureInfo.InvariantCulture, $"{Reads}, {Commits}, {Statements}");
    }

    /// <summary>Counts what calls ask of the store, and not what its upkeep does.</summary>
    private sealed class Counted
    {
        // A keyed hash under the secret of a day has as many bytes; whatever is longer is sealed.
        private const int HashBytes = 40;

        private static readonly string[] _tables = ["flows", "texts", "counters", "identities", "devices", "verified_numbers"];

        private readonly ConcurrentQueue<string> _reads = [];
        private readonly ConcurrentQueue<Statement[]> _writes = [];
        private int _keyReads;
        private int _keyWrites;

        public void Into(WebApplicationBuilder builder)
        {
            var database = builder.Services.Last(service => service.ServiceType == typeof(IDatabase));
            builder.Services.AddSingleton<IDatabase>(services =>
                new Counting((IDatabase)database.ImplementationFactory!(services), this));
            // On PostgreSQL it is the same.
            var keys = builder.Services.Last(service => service.ServiceType == typeof(KeyDatabase));
            builder.Services.AddSingleton(services => (KeyDatabase)keys.ImplementationFactory!(services) is var own
                && services.GetRequiredService<IDatabase>() is var store && ReferenceEquals(own.Database, store)
                ? own : new KeyDatabase(() => new Counting(own.Database, this), isNamed: own.IsNamed));
        }

        public void Begin()
        {
            _reads.Clear();
            _writes.Clear();
            (_keyReads, _keyWrites) = (0, 0);
        }

        public Cost End(string call)
        {
            var sealedBytes = _writes.SelectMany(write => write).SelectMany(statement => statement.Values)
                .Where(value => value.Value is { IsNull: false, Type: SqlType.Bytes } && value.Value.Bytes.Length > HashBytes)
                .Sum(value => value.Value.Bytes.Length);
            return new Cost(call, _reads.Count, _writes.Count, _writes.Sum(write => write.Length), sealedBytes, _keyReads, _keyWrites);
        }

        private static bool IsOfCalls(Statement statement) =>
            Array.Exists(_tables, table => statement.Sql.Contains(table, StringComparison.Ordinal));

        private static bool IsOfKeys(Statement statement) => statement.Sql.Contains("line_keys", StringComparison.Ordinal);

        private sealed class Counting(IDatabase inner, Counted counted) : IDatabase
        {
            public void Migrate() => inner.Migrate();

            public Task PingAsync(CancellationToken cancellationToken) => inner.PingAsync(cancellationToken);

            public Task<List<T>> ReadAsync<T>(Statement statement, Func<DbDataReader, T> read, CancellationToken cancellationToken)
            {
                if (IsOfKeys(statement))
                {
                    Interlocked.Increment(ref counted._keyReads);
                }
                if (IsOfCalls(statement))
                {
                    counted._reads.Enqueue(statement.Sql);
                }
                return inner.ReadAsync(statement, read, cancellationToken);
            }

            public Task<WriteResult[]> WriteAsync(Statement[] statements, CancellationToken cancellationToken)
            {
                if (Array.Exists(statements, IsOfKeys))
                {
                    Interlocked.Increment(ref counted._keyWrites);
                }
                if (Array.Exists(statements, IsOfCalls))
                {
                    counted._writes.Enqueue(statements);
                }
                return inner.WriteAsync(statements, cancellationToken);
            }

            public ValueTask DisposeAsync() => inner.DisposeAsync();
        }
    }
}

public sealed class StoreCostTestsOnSqlite(OnSqlite fixture) : StoreCostTests(fixture), IClassFixture<OnSqlite>;

public sealed class StoreCostTestsOnPostgres(OnPostgres fixture) : StoreCostTests(fixture), IClassFixture<OnPostgres>;
