using System.Data.Common;
using System.Net.WebSockets;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Keys;
using Countersign.Core.Possession;
using Countersign.Server.Security;
using Countersign.Server.Tests.Fixtures;
using Countersign.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Endpoints.Browser;

/// <summary>A desktop waits until its flow is over, whatever becomes of the store meanwhile.</summary>
public abstract class WaitingDesktopTests(ServerFixture fixture)
{
    private const string Number = "2001009002";
    private const string Done = """{"next":"done"}""";

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Desktops_outlive_a_store_that_goes_away_and_one_line_is_logged()
    {
        var store = new Leaving();
        await using var server = await fixture.StartAsync(substitute: store.Into);
        var flow = await server.BeginAsync("desktop", Number);
        var page = server.Browser(flow.AuthToken!);
        await page.Post("mobile/instantlink/start");
        var link = (await server.LastMessageAsync(Number)).Link!;
        var sockets = new List<Socket>();
        for (var i = 0; i < 4; i++)
        {
            sockets.Add(await page.ConnectSocketAsync());
            await PingAsync(sockets[i]);
        }

        // Their looks at one flow are shared, and so are their failures.
        await store.LeaveAsync(server, failures: 1);
        foreach (var socket in sockets)
        {
            await PingAsync(socket);
        }
        store.IsAway = false;
        await LoggedAsync(server, 1821);
        await server.ConfirmLinkAsync(link);

        foreach (var socket in sockets)
        {
            Assert.Equal(Done, await socket.ReceiveAsync());
            await socket.DisposeAsync();
        }
        Assert.Single(server.Logs.All, line => line.Event.Id == 1820);
    }

    [Fact]
    public async Task What_changed_while_the_store_was_away_is_told_when_it_is_back()
    {
        var store = new Leaving();
        await using var server = await fixture.StartAsync(substitute: store.Into);
        var flow = await server.BeginAsync("desktop", Number);
        var page = server.Browser(flow.AuthToken!);
        await page.Post("mobile/instantlink/start");
        await using var socket = await page.ConnectSocketAsync();
        await PingAsync(socket);
        await store.LeaveAsync(server, failures: 1);

        // Another node, which this one does not hear.
        await store.DeclineAsync(server, flow.Id);
        store.IsAway = false;

        Assert.Contains("\"next\":\"done\"", await socket.ReceiveAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_desktop_that_comes_after_the_decision_and_cannot_look_is_told_when_the_store_is_back()
    {
        var store = new Leaving();
        await using var server = await fixture.StartAsync(substitute: store.Into);
        var flow = await server.BeginAsync("desktop", Number);
        var page = server.Browser(flow.AuthToken!);
        await page.Post("mobile/instantlink/start");
        await server.ConfirmLinkAsync((await server.LastMessageAsync(Number)).Link!);

        // One look lets the browser in; the next would say what it waits for.
        store.LooksBeforeOneFails = 1;
        await using var socket = await page.ConnectSocketAsync();

        Assert.Equal(Done, await socket.ReceiveAsync());
        Assert.Equal(1, store.Failures);
    }

    [Fact]
    public async Task A_call_that_is_repeated_tells_of_a_decision_that_nobody_was_told()
    {
        var store = new Leaving();
        await using var server = await fixture.StartAsync(substitute: store.Into);
        var flow = await server.BeginAsync("desktop", Number);
        var page = server.Browser(flow.AuthToken!);
        await page.Post("mobile/instantlink/start");
        var link = (await server.LastMessageAsync(Number)).Link!;
        await using var socket = await page.ConnectSocketAsync();
        await PingAsync(socket);
        await store.DeclineAsync(server, flow.Id);

        await server.ConfirmLinkAsync(link);

        Assert.Contains("\"next\":\"done\"", await socket.ReceiveAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_ends_says_so_to_desktops_also_while_the_store_is_away()
    {
        var store = new Leaving();
        var server = await fixture.StartAsync(substitute: store.Into);
        await using var ending = server;
        var flow = await server.BeginAsync("desktop", Number);
        await using var socket = await server.Browser(flow.AuthToken!).ConnectSocketAsync();
        await PingAsync(socket);
        await store.LeaveAsync(server, failures: 1);

        var closing = socket.ReceiveAsync();
        await server.StopAsync();

        Assert.Null(await closing);
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, socket.CloseStatus);
    }

    private static async Task PingAsync(Socket socket)
    {
        await socket.SendAsync("ping");
        Assert.Equal("pong", await socket.ReceiveAsync());
    }

    private static async Task LoggedAsync(TestServer server, int id)
    {
        while (!server.Logs.All.Any(line => line.Event.Id == id))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Test);
        }
    }

    /// <summary>A database that stops answering reads when the test says so.</summary>
    private sealed class Leaving
    {
        private IDatabase? _inner;
        private int _failures;

        public bool IsAway { get; set; }

        /// <summary>How many looks at a flow succeed before one that does not. Below zero all do.</summary>
        public int LooksBeforeOneFails { get; set; } = -1;

        /// <summary>How many looks at a flow have failed.</summary>
        public int Failures => Volatile.Read(ref _failures);

        public void Into(WebApplicationBuilder builder)
        {
            var database = builder.Services.Last(service => service.ServiceType == typeof(IDatabase));
            builder.Services.AddSingleton<IDatabase>(services =>
                new Guarded(_inner = (IDatabase)database.ImplementationFactory!(services), this));
        }

        /// <summary>Goes away, and returns when so many reads have failed.</summary>
        public async Task LeaveAsync(TestServer server, int failures)
        {
            IsAway = true;
            server.Services.GetRequiredService<IWakeUp>().SignalAllHere();
            while (Failures < failures)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Test);
            }
        }

        /// <summary>Ends a flow past the server.</summary>
        public async Task DeclineAsync(TestServer server, string id)
        {
            var services = server.Services;
            var flows = new FlowStore(
                _inner!, services.GetRequiredService<Sealer>(), services.GetRequiredService<SecretHasher>(),
                services.GetRequiredService<HashSealer>(), TimeSpan.FromMinutes(15));
            var flow = (await flows.FindAsync(CorrelationId.Parse(id), Test))!;
            var declined = flow.After(new PossessionEvent.Declined(), server.Services.GetRequiredService<TimeProvider>().GetUtcNow());
            Assert.True(await flows.TrySaveAsync(new Decision(declined), Test));
        }

        private sealed class Guarded(IDatabase inner, Leaving leaving) : IDatabase
        {
            public void Migrate() => inner.Migrate();

            public Task PingAsync(CancellationToken cancellationToken) => inner.PingAsync(cancellationToken);

            public Task<List<T>> ReadAsync<T>(Statement statement, Func<DbDataReader, T> read, CancellationToken cancellationToken)
            {
                // What background services ask does not count: they would fail without a desktop, too.
                var isLook = statement.Sql.Contains("state FROM flows WHERE id", StringComparison.Ordinal);
                if (!leaving.IsAway && !(isLook && leaving.LooksBeforeOneFails-- == 0))
                {
                    return inner.ReadAsync(statement, read, cancellationToken);
                }
                if (isLook)
                {
                    Interlocked.Increment(ref leaving._failures);
                }
                return Task.FromException<List<T>>(new TimeoutException("The store is away."));
            }

            public Task<WriteResult[]> WriteAsync(Statement[] statements, CancellationToken cancellationToken) =>
                inner.WriteAsync(statements, cancellationToken);

            public ValueTask DisposeAsync() => inner.DisposeAsync();
        }
    }
}

public sealed class WaitingDesktopsOnSqlite(OnSqlite fixture) : WaitingDesktopTests(fixture), IClassFixture<OnSqlite>;

public sealed class WaitingDesktopsOnPostgres(OnPostgres fixture) : WaitingDesktopTests(fixture), IClassFixture<OnPostgres>;
