using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Countersign.Core;
using Countersign.Core.Possession.MobileAuth;

namespace Countersign.Providers.Camara;

/// <summary>
/// Each code is redeemed once, however often it is handed in: a decision may be made twice, and browsers repeat a call whose connection
/// broke. Who comes second gets the answer of the first.
/// </summary>
internal sealed class RedeemedCodes(TimeProvider time)
{
    // Longer than any check; afterwards the flow has moved on, and the operator would refuse the code.
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<string, Entry> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<(string Key, DateTimeOffset Until)> _oldestFirst = [];

    /// <param name="redeem">Must not throw, and must not end with the call that began it.</param>
    public Task<NumberAnswer> OnceAsync(Secret returned, Func<Task<NumberAnswer>> redeem, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        while (_oldestFirst.TryPeek(out var oldest) && oldest.Until <= now && _oldestFirst.TryDequeue(out oldest))
        {
            _known.TryRemove(oldest.Key, out _);
        }

        var key = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(returned.Reveal())));
        var mine = new Entry(redeem);
        var entry = _known.GetOrAdd(key, mine);
        if (ReferenceEquals(entry, mine))
        {
            _oldestFirst.Enqueue((key, now + Memory));
        }
        return entry.Answer.Value.WaitAsync(cancellationToken);
    }

    private sealed class Entry(Func<Task<NumberAnswer>> redeem)
    {
        public Lazy<Task<NumberAnswer>> Answer { get; } = new(redeem);
    }
}
