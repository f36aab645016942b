using Countersign.Core;
using Countersign.Core.Texts;

namespace Countersign.Server.Tests.Whole.Kannel;

/// <summary>Keeps receipts and wakes who waits for them.</summary>
/// <param name="inner">Where they go on to; null keeps them here.</param>
internal sealed class KeptReceipts(Func<ITextReceipts>? inner = null) : ITextReceipts
{
    // Not a time that anything must keep: what never comes shall fail and not hang.
    private static readonly TimeSpan _maxWait = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly List<(Secret Token, ReceiptState State)> _kept = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<ReceiptState> Of(Secret token)
    {
        lock (_gate)
        {
            return [.. _kept.Where(receipt => receipt.Token == token).Select(receipt => receipt.State)];
        }
    }

    public async Task<IReadOnlyList<ReceiptState>> WaitAsync(Secret token, int count)
    {
        while (true)
        {
            Task more;
            lock (_gate)
            {
                more = _more.Task;
            }
            if (Of(token) is var states && states.Count >= count)
            {
                return states;
            }
            await more.WaitAsync(_maxWait, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits until so many of this state are here, of whatever text.</summary>
    public async Task WaitForAsync(ReceiptState state, int count = 1)
    {
        while (true)
        {
            Task more;
            lock (_gate)
            {
                if (_kept.Count(receipt => receipt.State == state) >= count)
                {
                    return;
                }
                more = _more.Task;
            }
            await more.WaitAsync(_maxWait, TestContext.Current.CancellationToken);
        }
    }

    public async Task<bool> ReceiveAsync(
        Secret token, GatewayName gateway, ReceiptState state, string? networkError, CancellationToken cancellationToken)
    {
        var isKnown = inner is null || await inner().ReceiveAsync(token, gateway, state, networkError, cancellationToken);
        lock (_gate)
        {
            _kept.Add((token, state));
            _more.SetResult();
            _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        return isKnown;
    }
}
