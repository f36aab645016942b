using Countersign.Core.Limits;
using Countersign.Core.Pumping;

namespace Countersign.Core.Backtesting;

/// <summary>A rule as it would have judged: it sees texts in their order, and of each whether it was let through.</summary>
internal abstract class BacktestRule(string name)
{
    public string Name => name;

    /// <summary>Whether it stops a text. What it has found holds on.</summary>
    public abstract bool Stops(in BacktestText text);

    /// <summary>No rule has stopped it.</summary>
    public abstract void LetThrough(in BacktestText text);

    /// <summary>A text that was let through has led to a proof.</summary>
    public virtual void Learn(in BacktestText text)
    {
    }

    /// <summary>The rules that are on and that outcomes tell enough for.</summary>
    public static IEnumerable<BacktestRule> Of(PumpingOptions pumping, TextLimitOptions texts)
    {
        if (pumping.PrefixConversion != LimitMode.Off)
        {
            yield return new ConversionRule(
                PumpingRule.PrefixConversion, pumping.MinPrefixTexts, pumping.PrefixFloor, pumping.ShareOfPast, text => text.Prefix);
        }
        if (pumping.CountryConversion != LimitMode.Off)
        {
            yield return new ConversionRule(
                PumpingRule.CountryConversion, pumping.MinCountryTexts, pumping.CountryFloor, pumping.ShareOfPast, text => text.Country);
        }
        if (pumping.Growth != LimitMode.Off)
        {
            yield return new GrowthRule(pumping.GrowthFactor, pumping.GrowthFloor);
        }
        var (minute, hour, day) = (TimeSpan.FromMinutes(1), TimeSpan.FromHours(1), TimeSpan.FromDays(1));
        if (texts.PerHour is { } perHour)
        {
            yield return new WindowRule(LimitRule.TextsOfProjectInHour, perHour, hour, text => (text.Line, text.Project));
            yield return new WindowRule(LimitRule.TextsOfLineInHour, 2 * perHour, hour, text => text.Line);
        }
        if (texts.PerDay is { } perDay)
        {
            yield return new WindowRule(LimitRule.TextsOfProjectInDay, perDay, day, text => (text.Line, text.Project));
            yield return new WindowRule(LimitRule.TextsOfLineInDay, 2 * perDay, day, text => text.Line);
        }
        if (texts is { PerClient: { } perClient, Client: not LimitMode.Off })
        {
            yield return new WindowRule(LimitRule.TextsOfClient, perClient, minute, text => text.Client);
        }
        if (texts is { PerPrefix: { } perPrefix, Prefix: not LimitMode.Off })
        {
            yield return new WindowRule(LimitRule.TextsOfPrefix, perPrefix, hour, text => text.Prefix);
        }
        if (texts is { PerCountry: { } perCountry, Country: not LimitMode.Off })
        {
            yield return new WindowRule(LimitRule.TextsOfCountry, perCountry, hour, text => text.Country);
        }
    }

    /// <summary>Rules that look at addresses or whole numbers: no outcome has any.</summary>
    public static IEnumerable<string> Untold(PumpingOptions pumping, TextLimitOptions texts)
    {
        if (pumping.Sequence != LimitMode.Off)
        {
            yield return PumpingRule.Sequence;
        }
        if (pumping.Address != LimitMode.Off)
        {
            yield return PumpingRule.Address;
        }
        if (texts is { PerAddress: not null, Address: not LimitMode.Off })
        {
            yield return LimitRule.TextsOfAddress;
        }
    }
}

/// <summary>What holds, until when, and what was let through; of each prefix or country.</summary>
internal abstract class HoldingRule(string name, Func<BacktestText, string?> keyOf) : BacktestRule(name)
{
    // Of the width and the memory that counts of a prefix or a country have.
    private static readonly TrafficKey _kind = new(TrafficKind.Prefix, default);

    private readonly Dictionary<string, State> _states = new(StringComparer.Ordinal);

    public sealed override bool Stops(in BacktestText text)
    {
        if (keyOf(text) is not { } key)
        {
            return false;
        }
        var state = StateOf(key);
        if (state.HeldUntil <= text.AskedAt && Finds(state.Cells, text.AskedAt))
        {
            state.HeldUntil = text.AskedAt + PumpingRules.HoldOf(Name);
        }
        return state.HeldUntil > text.AskedAt;
    }

    public sealed override void LetThrough(in BacktestText text)
    {
        if (keyOf(text) is { } key)
        {
            var state = StateOf(key);
            Add(state.Cells, new TrafficCell(_kind.CellOf(text.AskedAt), TrafficItem.Texts, Asked: 1, Proven: 0));
            if (text.IsFirst)
            {
                Add(state.Cells, new TrafficCell(_kind.CellOf(text.AskedAt), TrafficItem.Flows, Asked: 1, Proven: 0));
            }
        }
    }

    public sealed override void Learn(in BacktestText text)
    {
        if (keyOf(text) is { } key)
        {
            Add(StateOf(key).Cells, new TrafficCell(_kind.CellOf(text.AskedAt), TrafficItem.Flows, Asked: 0, Proven: 1));
        }
    }

    private protected abstract bool Finds(IReadOnlyList<TrafficCell> cells, DateTimeOffset now);

    private State StateOf(string key)
    {
        if (!_states.TryGetValue(key, out var state))
        {
            _states[key] = state = new State();
        }
        return state;
    }

    private static void Add(List<TrafficCell> cells, TrafficCell added)
    {
        // Nearly in the order of time: the one that it belongs to is among the last.
        for (var i = cells.Count - 1; i >= 0 && cells[i].At >= added.At; i--)
        {
            if (cells[i].At == added.At && cells[i].Item == added.Item)
            {
                cells[i] = cells[i] with { Asked = cells[i].Asked + added.Asked, Proven = cells[i].Proven + added.Proven };
                return;
            }
        }
        cells.Add(added);
        // What no rule looks at any more.
        if (cells.Count % 1024 == 0)
        {
            cells.RemoveAll(cell => cell.At < added.At - _kind.KeptFor);
        }
    }

    private sealed class State
    {
        public List<TrafficCell> Cells { get; } = [];

        public DateTimeOffset HeldUntil { get; set; }
    }
}

internal sealed class ConversionRule(string name, int min, int floor, int shareOfPast, Func<BacktestText, string?> keyOf)
    : HoldingRule(name, keyOf)
{
    private protected override bool Finds(IReadOnlyList<TrafficCell> cells, DateTimeOffset now) =>
        PumpingRules.Conversion(Name, cells, min, floor, shareOfPast, now) is not null;
}

internal sealed class GrowthRule(int factor, int floor) : HoldingRule(PumpingRule.Growth, text => text.Country)
{
    private protected override bool Finds(IReadOnlyList<TrafficCell> cells, DateTimeOffset now) =>
        PumpingRules.Growth(cells, factor, floor, now) is not null;
}

/// <summary>So many in a window that rolls.</summary>
internal sealed class WindowRule(string name, long max, TimeSpan window, Func<BacktestText, object?> keyOf) : BacktestRule(name)
{
    private readonly Dictionary<object, Queue<DateTimeOffset>> _gone = [];

    public override bool Stops(in BacktestText text)
    {
        if (keyOf(text) is not { } key || !_gone.TryGetValue(key, out var gone))
        {
            return false;
        }
        while (gone.TryPeek(out var at) && at <= text.AskedAt - window)
        {
            gone.Dequeue();
        }
        return gone.Count >= max;
    }

    public override void LetThrough(in BacktestText text)
    {
        if (keyOf(text) is not { } key)
        {
            return;
        }
        if (!_gone.TryGetValue(key, out var gone))
        {
            _gone[key] = gone = new Queue<DateTimeOffset>();
        }
        gone.Enqueue(text.AskedAt);
    }
}
