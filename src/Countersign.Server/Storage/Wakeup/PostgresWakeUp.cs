using System.Net.Sockets;
using Countersign.Core;
using Countersign.Core.Flows;
using Npgsql;

namespace Countersign.Server.Storage;

/// <summary>
/// For many nodes: notifications of PostgreSQL, which carry the id of the flow and nothing else. They are a hint to look again and not the
/// truth, so whenever one may have been missed everybody here is told to look.
/// </summary>
internal sealed class PostgresWakeUp(PostgresDatabase database, StorageOptions options, TimeProvider time, ILogger<PostgresWakeUp> logger)
    : BackgroundService, IWakeUp, IClockSignal
{
    private const string FlowChannel = "countersign_flow";
    private const string ClockChannel = "countersign_clock";

    private static readonly TimeSpan _firstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(5);

    private readonly Subscriptions _subscriptions = new();
    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public event EventHandler? ClockMoved;

    /// <summary>Completes when this node hears the others for the first time.</summary>
    public Task Listening => _listening.Task;

    /// <summary>How many flows are waited for.</summary>
    public int Waiting => _subscriptions.Count;

    public IWakeUpSubscription Subscribe(CorrelationId id) => _subscriptions.Add(id);

    /// <remarks>Those who wait here need no round trip; when <paramref name="everywhere"/> is set they are told a second time, which is one look more.</remarks>
    public Task SignalAsync(CorrelationId id, bool everywhere, CancellationToken cancellationToken)
    {
        _subscriptions.Signal(id);

        // NOTIFY takes a lock at commit that all committers share: it is sent only when somebody may be waiting elsewhere.
        return everywhere ? NotifyAsync(FlowChannel, id.ToString(), cancellationToken) : Task.CompletedTask;
    }

    public void SignalAllHere() => _subscriptions.SignalAll();

    public async Task SignalClockAsync(CancellationToken cancellationToken)
    {
        ClockMoved?.Invoke(this, EventArgs.Empty);
        await NotifyAsync(ClockChannel, "", cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        options.FallbackPoll > TimeSpan.Zero
            ? Task.WhenAll(ListenForeverAsync(stoppingToken), PollForeverAsync(stoppingToken))
            : ListenForeverAsync(stoppingToken);

    private async Task ListenForeverAsync(CancellationToken stoppingToken)
    {
        var pause = _firstPause;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = database.CreateListeningConnection();
                connection.Notification += OnNotification;
                await connection.OpenAsync(stoppingToken);
                await ListenAsync(connection, stoppingToken);
                pause = _firstPause;
                Log.Listening(logger);

                // What was said before this moment, nobody here has heard.
                SignalAll();
                _listening.TrySetResult();
                while (true)
                {
                    await connection.WaitAsync(stoppingToken);
                }
            }
            catch (Exception e) when (e is NpgsqlException or SocketException or IOException or TimeoutException)
            {
                Log.ListenerLost(logger, pause, e);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, _longestPause.Ticks));
        }
    }

    private static async Task ListenAsync(NpgsqlConnection connection, CancellationToken stoppingToken)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { new($"LISTEN {FlowChannel}"), new($"LISTEN {ClockChannel}") },
        };
        await batch.ExecuteNonQueryAsync(stoppingToken);
    }

    private async Task PollForeverAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.FallbackPoll, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                SignalAll();
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private void SignalAll()
    {
        _subscriptions.SignalAll();
        ClockMoved?.Invoke(this, EventArgs.Empty);
    }

    private void OnNotification(object sender, NpgsqlNotificationEventArgs e)
    {
        if (e.Channel is ClockChannel)
        {
            ClockMoved?.Invoke(this, EventArgs.Empty);
        }
        else if (CorrelationId.TryParse(e.Payload, out var id))
        {
            _subscriptions.Signal(id);
        }
    }

    private Task<Outcome[]> NotifyAsync(string channel, string payload, CancellationToken cancellationToken) =>
        database.WriteAsync(
            [
                new Statement("SELECT 1 FROM pg_notify(@channel, @payload)", ("@channel", channel), ("@payload", payload)) { ReturnsRow = true },
            ],
            cancellationToken);
}
