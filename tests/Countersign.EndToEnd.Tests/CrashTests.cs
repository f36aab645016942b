using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using System.Text.Json.Nodes;
using Countersign.EndToEnd.Tests.Fixtures;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Countersign.EndToEnd.Tests;

/// <summary>What was answered is there, whatever happens to the process.</summary>
public sealed class CrashTests(PostgresServer postgres)
{
    private const int Callers = 16;
    private const int AnswersBeforeTheCrash = 400;

    [Theory, InlineData(Store.Sqlite), InlineData(Store.Postgres)]
    public async Task Every_flow_answered_before_a_kill_under_load_is_there_after_the_restart(Store store)
    {
        using var folder = new TemporaryFolder();
        var connection = store == Store.Sqlite ? $"Data Source={folder.File("countersign.db")}" : await postgres.CreateDatabaseAsync();
        var answered = new ConcurrentQueue<string>();
        var isEnough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        await using (var server = await ServerProcess.StartAsync(connection))
        {
            await server.VerifyAsync(Request(0));
            var callers = Enumerable.Range(1, Callers).Select(caller => CallUntilItDiesAsync(server, caller, answered, isEnough)).ToArray();
            await isEnough.Task;
            await server.KillAsync();
            await Task.WhenAll(callers);
        }
        await using var restarted = await ServerProcess.StartAsync(connection);
        var statuses = new List<string>();
        foreach (var id in answered)
        {
            statuses.Add((await restarted.StatusAsync(id))["success"]!.GetValue<string>());
        }

        Assert.True(answered.Count >= AnswersBeforeTheCrash);
        Assert.All(statuses, status => Assert.Equal("pending", status));
    }

    [Theory, InlineData(Store.Sqlite), InlineData(Store.Postgres)]
    [Trait("attack", "O01")]
    public async Task A_call_with_a_key_that_a_kill_interrupted_may_be_repeated_at_once_and_leaves_one_flow(Store store)
    {
        var folder = Directory.CreateTempSubdirectory("countersign-");
        var connection = store == Store.Sqlite ? $"Data Source={Path.Combine(folder.FullName, "countersign.db")}"
            : await postgres.CreateDatabaseAsync();
        string[] paths = ["/v3/verify", "/v3/start", "/v3/unify"];
        var begun = new ConcurrentDictionary<string, string?>();
        var answers = 0;
        var isEnough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        await using (var server = await ServerProcess.StartAsync(connection))
        {
            await server.StatusAsync((await server.VerifyAsync(Request(0)))["correlationId"]!.GetValue<string>());
            var callers = Enumerable.Range(1, Callers).Select(CallAsync).ToArray();
            await isEnough.Task;
            await server.KillAsync();
            await Task.WhenAll(callers);

            async Task CallAsync(int caller)
            {
                try
                {
                    for (var call = 0; ; call++)
                    {
                        var key = $"{caller}-{call}";
                        begun[key] = null;
                        begun[key] =
                            (await server.CallAsync(
                                paths[call % 3], Request((caller * 10_000) + call), key))["correlationId"]!.GetValue<string>();
                        if (Interlocked.Increment(ref answers) >= AnswersBeforeTheCrash)
                        {
                            isEnough.TrySetResult();
                        }
                    }
                }
                catch (Exception exception) when (exception is HttpRequestException or IOException)
                {
                    // The server is gone, as it should be.
                }
            }
        }
        await using var restarted = await ServerProcess.StartAsync(connection);
        var repeated = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var key in begun.Keys)
        {
            var (caller, call) = (int.Parse(key.Split('-')[0], CultureInfo.InvariantCulture),
                int.Parse(key.Split('-')[1], CultureInfo.InvariantCulture));
            var answer = await restarted.CallAsync(paths[call % 3], Request((caller * 10_000) + call), key);
            repeated[key] = answer["correlationId"]!.GetValue<string>();
        }

        Assert.All(begun.Where(entry => entry.Value is not null), entry => Assert.Equal(entry.Value, repeated[entry.Key]));
        // And the one before the crash, which had no key.
        Assert.Equal(begun.Count + 1, await CountFlowsAsync(connection));
        folder.Delete(recursive: true);
    }

    [Theory, InlineData(Store.Sqlite), InlineData(Store.Postgres)]
    public async Task A_wrong_entry_that_was_answered_before_a_kill_counts_after_the_restart(Store store)
    {
        const int flows = 24;
        var folder = Directory.CreateTempSubdirectory("countersign-");
        var connection = store == Store.Sqlite ? $"Data Source={Path.Combine(folder.FullName, "countersign.db")}"
            : await postgres.CreateDatabaseAsync();
        var tokens = new string[flows];
        var answered = new int[flows];
        var isEnough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        await using (var server = await ServerProcess.StartAsync(connection))
        {
            for (var i = 0; i < flows; i++)
            {
                tokens[i] = (await server.VerifyAsync(new
                {
                    flowType = "mobile", phoneNumber = $"{2002000000 + i}", firstName = "Ada", lastName = "Vance", allowOTPRetry = true,
                }))["authToken"]!.GetValue<string>();
                await server.StepAsync("mobile/otp/start", tokens[i]);
            }
            // Two wrong entries in each flow, the second at the same moment as the crash or just before.
            var entering = Enumerable.Range(0, flows).Select(EnterAsync).ToArray();
            await isEnough.Task;
            await server.KillAsync();
            await Task.WhenAll(entering);

            async Task EnterAsync(int i)
            {
                try
                {
                    for (; answered[i] < 2; answered[i]++)
                    {
                        await server.StepAsync("mobile/otp/finish", tokens[i], new { otp = "0000" });
                        if (answered.Sum() >= flows)
                        {
                            isEnough.TrySetResult();
                        }
                    }
                }
                catch (Exception exception) when (exception is HttpRequestException or IOException)
                {
                    // The server is gone, as it should be.
                }
            }
        }
        await using var restarted = await ServerProcess.StartAsync(connection);
        var left = new int[flows];
        for (var i = 0; i < flows; i++)
        {
            // The third wrong entry ends the flow: what was not forgotten shows in how many are still taken.
            while ((await restarted.StepAsync("mobile/otp/finish", tokens[i], new { otp = "0000" }))["error"] is null)
            {
                left[i]++;
            }
        }

        Assert.InRange(answered.Sum(), flows, 2 * flows);
        // An entry that was not answered may have counted or not.
        Assert.All(left.Zip(answered), entries => Assert.InRange(entries.First, 0, 2 - entries.Second));
        folder.Delete(recursive: true);
    }

    private static async Task<long> CountFlowsAsync(string connection)
    {
        await using DbConnection store = connection.StartsWith("Data Source", StringComparison.Ordinal)
            ? new SqliteConnection($"{connection};Pooling=false")
            : new NpgsqlConnection($"{connection};Pooling=false");
        await store.OpenAsync();
        await using var command = store.CreateCommand();
        command.CommandText = "SELECT count(*) FROM flows";
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task CallUntilItDiesAsync(
        ServerProcess server, int caller, ConcurrentQueue<string> answered, TaskCompletionSource isEnough)
    {
        try
        {
            for (var call = 0; ; call++)
            {
                JsonObject answer = await server.VerifyAsync(Request((caller * 10_000) + call));
                answered.Enqueue(answer["correlationId"]!.GetValue<string>());
                if (answered.Count >= AnswersBeforeTheCrash)
                {
                    isEnough.TrySetResult();
                }
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            // The server is gone, as it should be.
        }
    }

    private static object Request(int n) => new
    {
        flowType = "mobile", phoneNumber = $"{2002000000 + n}", firstName = "Ada", lastName = "Vance",
    };
}
