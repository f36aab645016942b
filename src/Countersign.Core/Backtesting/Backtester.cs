using Countersign.Core.History;
using Countersign.Core.Limits;
using Countersign.Core.Pumping;

namespace Countersign.Core.Backtesting;

/// <summary>Tries rules on what this server has sent, as far as outcomes are kept.</summary>
public sealed class Backtester(IOutcomeStore outcomes, TimeProvider time)
{
    /// <summary>More are not held in memory at once.</summary>
    public const int MaxTexts = 2_000_000;

    private const int AtOnce = 500;

    /// <returns>Null where there are more than <see cref="MaxTexts"/>.</returns>
    public async Task<BacktestResult?> RunAsync(
        int days, PumpingOptions pumping, TextLimitOptions limits, CancellationToken cancellationToken)
    {
        var texts = new List<BacktestText>();
        var from = time.GetUtcNow() - TimeSpan.FromDays(days);
        CorrelationId? after = null;
        do
        {
            var page = await outcomes.ScanAsync(from, after, AtOnce, cancellationToken);
            texts.AddRange(page.Outcomes.SelectMany(BacktestText.Of));
            after = page.Next;
            if (texts.Count > MaxTexts)
            {
                return null;
            }
        }
        while (after is not null);
        return Backtest.Run(texts, pumping, limits);
    }
}
