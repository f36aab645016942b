using System.Collections.Concurrent;
using Countersign.Core;

namespace Countersign.Providers.Tests.Fakes;

/// <summary>Keeps what it is told.</summary>
internal sealed class NotedFailures : IFailureLog
{
    private readonly ConcurrentQueue<Exception> _all = [];

    public IReadOnlyList<Exception> All => [.. _all];

    public string Record(Exception failure)
    {
        _all.Enqueue(failure);
        return failure.GetType().Name;
    }
}
