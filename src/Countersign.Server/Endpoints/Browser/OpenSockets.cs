using Countersign.Core;

namespace Countersign.Server.Endpoints.Browser;

/// <summary>
/// The status sockets that this server process holds open. A page needs one; a flow has four at most, and the next one closes its oldest.
/// </summary>
internal sealed class OpenSockets(BrowserLimitOptions options, TimeProvider time, ILogger<OpenSockets> logger)
{
    public const int MaxPerFlow = 4;

    private static readonly TimeSpan _untilToldAgain = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<CorrelationId, List<OpenSocket>> _flows = [];
    private int _open;
    private long? _toldAt;

    /// <summary>A place for one more socket of the flow; null when there is none left on this server.</summary>
    public OpenSocket? TryOpen(CorrelationId flow)
    {
        if (Open(flow) is not var (opened, oldest))
        {
            TellFull();
            return null;
        }
        oldest?.Replace();
        return opened;
    }

    /// <summary>The new socket, and the one that makes room for it; null when there is no place.</summary>
    private (OpenSocket Opened, OpenSocket? Oldest)? Open(CorrelationId flow)
    {
        lock (_lock)
        {
            // One that is being closed counts until it is gone.
            if (_open >= options.MaxStatusSockets)
            {
                return null;
            }
            _open++;
            if (!_flows.TryGetValue(flow, out var sockets))
            {
                _flows[flow] = sockets = [];
            }
            OpenSocket? oldest = null;
            if (sockets.Count == MaxPerFlow)
            {
                oldest = sockets[0];
                sockets.RemoveAt(0);
            }
            var opened = new OpenSocket(socket => Close(flow, socket));
            sockets.Add(opened);
            return (opened, oldest);
        }
    }

    private void Close(CorrelationId flow, OpenSocket closed)
    {
        lock (_lock)
        {
            _open--;
            if (_flows.TryGetValue(flow, out var sockets) && sockets.Remove(closed) && sockets.Count == 0)
            {
                _flows.Remove(flow);
            }
        }
    }

    private void TellFull()
    {
        lock (_lock)
        {
            if (_toldAt is { } told && time.GetElapsedTime(told) < _untilToldAgain)
            {
                return;
            }
            _toldAt = time.GetTimestamp();
        }
        Log.NoSocketLeft(logger, options.MaxStatusSockets);
    }
}

/// <summary>The place of one socket, until it is disposed.</summary>
internal sealed class OpenSocket(Action<OpenSocket> close) : IDisposable
{
    private readonly CancellationTokenSource _replaced = new();
    private readonly Lock _lock = new();
    private bool _isClosed;
    private bool _isReplaced;

    /// <summary>Cancelled when a newer socket of the flow has taken the place.</summary>
    public CancellationToken Replaced => _replaced.Token;

    public void Replace()
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return;
            }
            _isReplaced = true;
        }
        // Behind the lock: whoever waits for it goes on here, and may give the place up.
        _replaced.Cancel();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return;
            }
            _isClosed = true;
        }
        close(this);
        // One that was replaced may be cancelling at this moment, and holds nothing that would have to be given back.
        if (!_isReplaced)
        {
            _replaced.Dispose();
        }
    }
}
