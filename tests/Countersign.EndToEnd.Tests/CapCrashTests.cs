using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using System.Text.Json.Nodes;
using Countersign.EndToEnd.Tests.Fixtures;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Countersign.EndToEnd.Tests;

/// <summary>No cap is passed, whatever happens to the processes: the gateway counts what it would bill.</summary>
[Trait("tier", "long")]
public sealed class CapCrashTests(PostgresServer postgres, ITestOutputHelper output)
{
    private const int Cap = 100;
    private const int Callers = 6;

    private static readonly TimeSpan _betweenKills = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(4);

    [Theory, InlineData(Store.Postgres, 2), InlineData(Store.Sqlite, 1)]
    [Trait("attack", "F01")]
    [Trait("attack", "F05")]
    public async Task A_cap_of_a_hundred_texts_is_never_passed_by_nodes_that_are_killed_while_they_send(Store store, int count)
    {
        using var folder = new TemporaryFolder();
        var connection = store == Store.Sqlite ? $"Data Source={folder.File("countersign.db")}" : await postgres.CreateDatabaseAsync();
        await using var gateway = await ProviderDouble.StartAsync();
        var billed = new ConcurrentDictionary<string, int>();
        gateway.Does((context, request) => TakeAsync(context, request, billed));
        var settings = await SettingsAsync(folder, gateway.Address);
        var nodes = new ServerProcess[count];
        for (var i = 0; i < count; i++)
        {
            nodes[i] = await ServerProcess.StartAsync(connection, settings);
        }
        using var end = new CancellationTokenSource(_patience);

        var callers = Enumerable.Range(0, Callers).Select(caller => AskUntilNothingIsLeftAsync(nodes, caller, end.Token)).ToArray();
        var kills = 0;
        var all = Task.WhenAll(callers);
        // One that is alone has to live long enough to send something.
        var life = count > 1 ? _betweenKills : 3 * _betweenKills;
        while (await Task.WhenAny(all, Task.Delay(life, TestContext.Current.CancellationToken)) != all)
        {
            var killed = kills++ % count;
            await nodes[killed].KillAsync();
            await nodes[killed].DisposeAsync();
            nodes[killed] = await ServerProcess.StartAsync(connection, settings);
        }
        await all;
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }

        var spent = await SpentAsync(connection);
        output.WriteLine($"{billed.Count} texts billed, {spent} counted, {kills} kills.");
        Assert.False(end.IsCancellationRequested, "The cap was not reached in time.");
        Assert.InRange(kills, 3, int.MaxValue);
        Assert.InRange(billed.Count, Cap / 2, Cap);
        Assert.All(billed, text => Assert.Equal(1, text.Value));
        Assert.InRange(spent, billed.Count, Cap);
    }

    /// <summary>Takes its time, so that a kill finds texts on their way, and turns every seventh text down, which costs nothing.</summary>
    private static async Task TakeAsync(HttpContext context, ProviderRequest request, ConcurrentDictionary<string, int> billed)
    {
        var text = JsonNode.Parse(request.Text)!;
        var isRefused = ((string)text["to"]!)[^1] == '7';
        if (!isRefused)
        {
            billed.AddOrUpdate($"{text["id"]}-{text["attempt"]}", 1, (_, before) => before + 1);
        }
        await Task.Delay(TimeSpan.FromMilliseconds(800));
        context.Response.StatusCode = isRefused ? 422 : 200;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(isRefused ? """{"reason":"blocked_destination"}""" : "{}");
    }

    /// <summary>Each text to a number of its own, until no flow begins any more because the cap is reached.</summary>
    private static async Task AskUntilNothingIsLeftAsync(ServerProcess[] nodes, int caller, CancellationToken end)
    {
        for (var call = 0; !end.IsCancellationRequested; call++)
        {
            var node = nodes[(caller + call) % nodes.Length];
            var number = 2_000_000 + (((caller * 100_000) + call) % 8_000_000);
            try
            {
                using var begun = await node.PostAsync("/v3/verify", new
                {
                    flowType = "mobile", phoneNumber = $"+1202{number}", firstName = "Ada", lastName = "Vance",
                });
                if ((int)begun.StatusCode == 429)
                {
                    return;
                }
                var token = (string?)JsonNode.Parse(await begun.Content.ReadAsStringAsync(end))!["authToken"]
                    ?? throw new InvalidOperationException(await begun.Content.ReadAsStringAsync(end));
                await node.StepAsync("mobile/instant/start", token);
                await node.StepAsync("mobile/otp/start", token);
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or ObjectDisposedException
                or TaskCanceledException || exception.Message.Contains(" answered 503 ", StringComparison.Ordinal))
            {
                // This node is gone; another is there, or will be.
                await Task.Delay(TimeSpan.FromMilliseconds(50), CancellationToken.None);
            }
        }
    }

    private static async Task<Dictionary<string, string>> SettingsAsync(TemporaryFolder folder, Uri gateway)
    {
        var prices = folder.File("prices.csv");
        await File.WriteAllTextAsync(prices, "gateway,country,price,currency\ndouble,US,0.01,USD\n");
        return new(StringComparer.Ordinal)
        {
            ["Countersign__Mode"] = "Live",
            ["Countersign__PublicUrl"] = "https://id.example.com",
            ["Countersign__Countries__0"] = "US",
            ["Countersign__Sandbox__ClientId"] = "",
            ["Countersign__Sandbox__ClientSecret"] = "",
            [$"Countersign__Projects__shop__Clients__{ServerProcess.ClientId}"] = ServerProcess.ClientSecret,
            ["Countersign__Projects__shop__LinkConfirmation"] = "Tap",
            ["Countersign__RequestsPerSecond"] = "100000",
            ["Countersign__TextLimits__PerClient"] = "100000",
            ["Countersign__Gateways__double__Type"] = "webhook",
            ["Countersign__Gateways__double__Url"] = gateway.ToString(),
            ["Countersign__Gateways__double__Secret"] = "a-secret-of-more-than-32-characters",
            ["Countersign__Prices"] = prices,
            ["Countersign__Caps__PerMonth"] = (Cap * 0.01m).ToString(CultureInfo.InvariantCulture),
            ["Countersign__Caps__Currency"] = "USD",
        };
    }

    /// <summary>In texts.</summary>
    private static async Task<long> SpentAsync(string connection)
    {
        await using DbConnection store = connection.StartsWith("Data Source", StringComparison.Ordinal)
            ? new SqliteConnection($"{connection};Pooling=false")
            : new NpgsqlConnection($"{connection};Pooling=false");
        await store.OpenAsync();
        await using var command = store.CreateCommand();
        command.CommandText = "SELECT sum(in_month) FROM spending WHERE owner = ''";
        return (long)Convert.ToDecimal(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture) / 10_000;
    }
}
