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
    private static readonly TimeSpan _memory = TimeSpan.FromMinutes(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Lazy<Task<NumberAnswer>>> _known = new(StringComparer.Ordinal);
    private readonly Queue<(string Key, DateTimeOffset Until)> _oldestFirst = [];

    /// <param name="redeem">Must not throw, and must not end with the call that began it.</param>
    public Task<NumberAnswer> OnceAsync(Secret returned, Func<Task<NumberAnswer>> redeem, CancellationToken cancellationToken)
    {
        var key = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(returned.Reveal())));
        // Asked outside of the gate.
        return Find(key, redeem).Value.WaitAsync(cancellationToken);
    }

    private Lazy<Task<NumberAnswer>> Find(string key, Func<Task<NumberAnswer>> redeem)
    {
        var now = time.GetUtcNow();
        // Two that sweep at once could take the same old one for two, and forget one that still counts.
        lock (_gate)
        {
            while (_oldestFirst.TryPeek(out var oldest) && oldest.Until <= now)
            {
                _known.Remove(_oldestFirst.Dequeue().Key);
            }
            if (!_known.TryGetValue(key, out var answer))
            {
                _known[key] = answer = new(redeem);
                _oldestFirst.Enqueue((key, now + _memory));
            }
            return answer;
        }
    }
}
