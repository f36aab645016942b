using System.Collections.Concurrent;
using System.Data.Common;
using Countersign.Core;
using Countersign.Core.Flows;

namespace Countersign.Server;

/// <summary>
/// Writes failures down so that an outage does not fill the disk: a line for each failed call, once a second how many there were, and the
/// trace once for each kind of failure.
/// </summary>
internal sealed class FailureLog(TimeProvider time, ILogger<FailureLog> logger) : IFailureLog
{
    /// <summary>A kind that has not been seen for so long has its trace written again.</summary>
    private static readonly TimeSpan _rememberedFor = TimeSpan.FromHours(1);

    // More kinds than a server has ever had at once; what comes beyond has a trace each time.
    private const int MaxKinds = 256;

    private readonly ConcurrentDictionary<string, DateTimeOffset> _seen = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _calls = new(StringComparer.Ordinal);

    /// <summary>A call has ended with a failure.</summary>
    /// <param name="route">The route's pattern: an address may hold a number or a token.</param>
    public void CallFailed(string method, string route, int status, Exception failure)
    {
        var kind = KindOf(failure);
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            Log.CallNotServed(logger, method, route, status, kind);
        }
        else
        {
            Log.CallFailed(logger, method, route, status, kind);
        }
        _calls.AddOrUpdate(kind, 1, static (_, count) => count + 1);
        WriteTrace(kind, failure);
    }

    public string Record(Exception failure)
    {
        var kind = KindOf(failure);
        WriteTrace(kind, failure);
        return kind;
    }

    /// <summary>Writes how many calls have failed since it was last called, if any.</summary>
    public void WriteSummary()
    {
        foreach (var (kind, _) in _calls)
        {
            if (_calls.TryRemove(kind, out var count))
            {
                Log.CallsFailed(logger, count, kind);
            }
        }
    }

    /// <summary>The types of a failure and of its causes, the database's code, and where: no message, since others write those.</summary>
    private static string KindOf(Exception failure)
    {
        if (failure is StoreUnavailableException)
        {
            return failure.InnerException is { } inner ? $"{failure.Message} {NamesOf(inner)}" : failure.Message;
        }
        // The database's code says more than where it was read.
        return failure is DbException { SqlState: not null } ? NamesOf(failure) : $"{NamesOf(failure)} {PlaceOf(failure)}".TrimEnd();
    }

    private static string NamesOf(Exception failure)
    {
        var name = failure is DbException { SqlState: { } state } ? $"{failure.GetType().Name} {state}" : failure.GetType().Name;
        return failure.InnerException is { } inner ? $"{name}, {NamesOf(inner)}" : name;
    }

    // The first line of a trace is "   at Type.Method(…) in file:line".
    private static string PlaceOf(Exception failure) =>
        failure.StackTrace?.Split('\n', 2)[0].Split('(')[0].Trim() ?? "";

    private void WriteTrace(string kind, Exception failure)
    {
        var now = time.GetUtcNow();
        var isKnown = _seen.TryGetValue(kind, out var last) && now - last < _rememberedFor;
        if (isKnown || _seen.Count < MaxKinds)
        {
            _seen[kind] = now;
        }
        if (!isKnown)
        {
            Log.FailureTrace(logger, kind, failure);
        }
    }
}
