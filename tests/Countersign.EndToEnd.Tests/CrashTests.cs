using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Countersign.EndToEnd.Tests.Fixtures;
using Countersign.Server.Tests.Fixtures;

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

    private static async Task CallUntilItDiesAsync(ServerProcess server, int caller, ConcurrentQueue<string> answered, TaskCompletionSource isEnough)
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
