using System.Data.Common;
using System.Net.Sockets;
using System.Security.Cryptography;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Sandbox;
using Npgsql;

namespace Countersign.Storage;

/// <summary>
/// For many nodes: notifications of PostgreSQL, which carry the id of the flow and nothing else. They are a hint to look again and not the
/// truth, so whenever one may have been missed a look is taken for all who wait here.
/// </summary>
internal sealed class PostgresWakeUp(
    PostgresDatabase database, Subscriptions subscriptions, FlowWatch watch, StorageOptions options, TimeProvider time,
    ILogger<PostgresWakeUp> logger)
    : BackgroundService, IWakeUp, IClockSignal
{
    private const string FlowChannel = "countersign_flow";
    private const string ClockChannel = "countersign_clock";

    // The call waits for it, and has waited for its change before.
    private static readonly TimeSpan _notifyTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _firstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _maxPause = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public event EventHandler? ClockMoved;

    /// <summary>Completes when this node hears the others for the first time.</summary>
    public Task Listening => _listening.Task;

    /// <summary>How many flows are waited for.</summary>
    public int Waiting => subscriptions.Count;

    public IWakeUpSubscription Subscribe(CorrelationId id) => subscriptions.Add(id);

    /// <remarks>Those who wait here need no round trip; when <paramref name="everywhere"/> is set they are told a second time, which is one
    /// look more.</remarks>
    public Task SignalAsync(CorrelationId id, bool everywhere, CancellationToken cancellationToken)
    {
        subscriptions.Signal(id);

        // NOTIFY takes a lock at commit that all committers share: it is sent only when somebody may be waiting elsewhere.
        return everywhere ? NotifyAsync(FlowChannel, id.ToString(), cancellationToken) : Task.CompletedTask;
    }

    public void SignalAllHere() => subscriptions.SignalAll();

    public async Task SignalClockAsync(CancellationToken cancellationToken)
    {
        ClockMoved?.Invoke(this, EventArgs.Empty);
        await NotifyAsync(ClockChannel, "", cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(ListenForeverAsync(stoppingToken), PollForeverAsync(stoppingToken));

    private async Task ListenForeverAsync(CancellationToken stoppingToken)
    {
        var pause = _firstPause;
        var isLossTold = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = database.CreateListeningConnection();
                connection.Notification += OnNotification;
                await connection.OpenAsync(stoppingToken);
                await ListenAsync(connection, stoppingToken);
                (pause, isLossTold) = (_firstPause, false);
                Log.Listening(logger);

                // What was said before this moment, nobody here has heard.
                await RefreshAsync(stoppingToken);
                _listening.TrySetResult();
                while (true)
                {
                    await connection.WaitAsync(stoppingToken);
                }
            }
            catch (Exception e) when (e is NpgsqlException or SocketException or IOException or TimeoutException)
            {
                if (!isLossTold)
                {
                    isLossTold = true;
                    Log.ListenerLost(logger, _maxPause, e);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, _maxPause.Ticks));
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
        if (options.FallbackPoll <= TimeSpan.Zero)
        {
            return;
        }
        try
        {
            // Nodes that were started together must not ask together.
            await Task.Delay(options.FallbackPoll * (RandomNumberGenerator.GetInt32(1, 1001) / 1000.0), time, stoppingToken);
            using var timer = new PeriodicTimer(options.FallbackPoll, time);
            do
            {
                await RefreshAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        ClockMoved?.Invoke(this, EventArgs.Empty);
        await watch.LookSoonAsync(cancellationToken);
    }

    private void OnNotification(object sender, NpgsqlNotificationEventArgs e)
    {
        if (e.Channel is ClockChannel)
        {
            ClockMoved?.Invoke(this, EventArgs.Empty);
        }
        else if (CorrelationId.TryParse(e.Payload, out var id))
        {
            subscriptions.Signal(id);
        }
    }

    /// <summary>
    /// What was saved is saved: that others could not be notified is no failure of the call, and they look again at each poll.
    /// </summary>
    private async Task NotifyAsync(string channel, string payload, CancellationToken cancellationToken)
    {
        try
        {
            await database
                .WriteAsync(
                    [
                        new Statement("SELECT 1 FROM pg_notify(@channel, @payload)", ("@channel", channel),
                            ("@payload", payload)) { ReturnsRow = true },
                    ],
                    cancellationToken)
                .WaitAsync(_notifyTimeout, TimeProvider.System, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested
            && (failure is DbException || Failures.UnavailabilityIn(failure) is not null))
        {
            Log.NotNotified(logger, failure.GetType().Name);
        }
    }
}
