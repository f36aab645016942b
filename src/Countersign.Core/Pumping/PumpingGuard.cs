using Countersign.Core.Limits;

namespace Countersign.Core.Pumping;

/// <summary>
/// Says of each text whether it looks like pumping, and counts it. A text that anything holds, in shadow too, does not count as one that
/// was let through: so each rule finds the same whatever it, and any other, does with what it finds.
/// </summary>
public sealed class PumpingGuard(
    PumpingOptions options, PumpingKeys keys, PumpingTraffic traffic, IAbuseStore abuse, IPumpingJournal journal)
{
    /// <param name="isExempt">The relying party says that a person asks: no rule counts, only an administrator's word.</param>
    public async ValueTask<PumpingVerdict> AskAsync(AskedText text, bool isExempt, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (options.IsOff)
        {
            return PumpingVerdict.Nothing;
        }
        var country = keys.CountryOf(text.To);
        var targets = keys.TargetsOf(text.To, country, text.From);
        var (holds, isFree) = await HoldsAsync(targets, isExempt, now, cancellationToken);
        var counted = TrafficOf(text.To, country, text.From?.Text);
        var found = await traffic.DecideAsync(
            counted.All,
            session =>
            {
                var news = isFree ? [] : Find(session, counted, [.. holds.Select(one => one.Rule)], now);
                if (holds.Count + news.Count == 0)
                {
                    counted.CountIn(session, now, text.IsResend);
                }
                return news;
            },
            cancellationToken);
        List<AbuseEntry> all = [.. holds];
        foreach (var finding in found)
        {
            all.Add(await HoldAsync(finding, targets, now));
        }
        return new PumpingVerdict(
            [.. all.Select(entry => new SourceLimitReached(entry.Reached, ModeOf(entry, text.From)))],
            counted.MarkOf(now, isHeld: all.Count > 0));
    }

    /// <summary>
    /// Why no text may go to a number, as far as that is known before anybody asks for one: of several reasons the one that lasts longest.
    /// Null when it may.
    /// </summary>
    public async ValueTask<LimitReached?> JudgeAsync(
        PhoneNumber to, bool isExempt, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (options.IsOff)
        {
            return null;
        }
        var targets = keys.TargetsOf(to, keys.CountryOf(to), from: null);
        var (holds, _) = await HoldsAsync(targets, isExempt, now, cancellationToken);
        return holds.Where(entry => options.ModeOf(entry.Rule) == LimitMode.Enforce).MaxBy(entry => entry.Until)?.Reached;
    }

    /// <summary>A text has led to a proof.</summary>
    public void Learn(PhoneNumber number, PumpingMark mark)
    {
        if (mark.IsHeld)
        {
            return;
        }
        var counted = TrafficOf(number, keys.CountryOf(number), from: null);
        if (counted.Prefix is { } prefix)
        {
            traffic.Add(prefix, mark.AskedAt, TrafficItem.Flows, asked: 0, proven: 1);
        }
        if (counted.Country is { } country)
        {
            traffic.Add(country, mark.AskedAt, TrafficItem.Flows, asked: 0, proven: 1);
        }
        if (mark.Address is { } address)
        {
            traffic.Add(new TrafficKey(TrafficKind.Address, address), mark.AskedAt, counted.PrefixTag, asked: 0, proven: 1);
        }
    }

    /// <summary>What holds already, and whether no rule counts: an administrator says so, or a passed challenge.</summary>
    private async ValueTask<(List<AbuseEntry> Holds, bool IsFree)> HoldsAsync(
        IReadOnlyList<(AbuseKey Key, string Label)> targets, bool isExempt, DateTimeOffset now, CancellationToken cancellationToken)
    {
        AbuseKey[] wanted = [.. targets.Select(one => one.Key)];
        var present = await abuse.FindAsync(wanted, now, cancellationToken);
        var word = AbuseEntries.Word(present, wanted);
        var isFree = isExempt || word is { Verdict: AbuseVerdict.Allowed };
        var denial = word is { Verdict: AbuseVerdict.Denied } ? word : null;
        return (
            [
                .. (isFree ? [] : AbuseEntries.Holds(present, wanted)).Append(denial).OfType<AbuseEntry>()
                    .Where(entry => IsOn(entry.Rule)),
            ],
            isFree);
    }

    /// <summary>What the rules find that do not hold already.</summary>
    private List<PumpingFinding> Find(PumpingTraffic.Session session, TextTraffic counted, HashSet<string> holding, DateTimeOffset now)
    {
        var found = new List<PumpingFinding>();
        // The first two count what is asked for, held or not: who goes on is held on.
        if (counted.Block is { } block)
        {
            session.Add(block, now, counted.NumberTag);
            Judge(PumpingRule.Sequence, () => PumpingRules.Sequence(session.CellsOf(block), options.SequentialNumbers, now));
        }
        if (counted.Address is { } address)
        {
            session.Add(address, now, counted.PrefixTag);
            Judge(PumpingRule.Address, () => PumpingRules.Address(session.CellsOf(address), options.PrefixesPerAddress, now));
        }
        if (counted.Prefix is { } prefix)
        {
            Judge(PumpingRule.PrefixConversion, () => PumpingRules.Conversion(
                PumpingRule.PrefixConversion, session.CellsOf(prefix), options.MinPrefixTexts, options.PrefixFloor, options.ShareOfPast,
                now));
        }
        if (counted.Country is { } country)
        {
            Judge(PumpingRule.CountryConversion, () => PumpingRules.Conversion(
                PumpingRule.CountryConversion, session.CellsOf(country), options.MinCountryTexts, options.CountryFloor,
                options.ShareOfPast, now));
            Judge(PumpingRule.Growth, () =>
                PumpingRules.Growth(session.CellsOf(country), options.GrowthFactor, options.GrowthFloor, now));
        }
        return found;

        void Judge(string rule, Func<PumpingFinding?> judge)
        {
            if (IsOn(rule) && !holding.Contains(rule) && judge() is { } finding)
            {
                found.Add(finding);
            }
        }
    }

    private async Task<AbuseEntry> HoldAsync(
        PumpingFinding finding, IReadOnlyList<(AbuseKey Key, string Label)> targets, DateTimeOffset now)
    {
        var (key, label) = targets.First(one => one.Key.Target == PumpingRules.TargetOf(finding.Rule));
        var entry = new AbuseEntry(
            key, AbuseVerdict.Held, label, finding, options.ModeOf(finding.Rule), By: null, now, now + PumpingRules.HoldOf(finding.Rule));
        // The count is made: it must not depend on whether the browser waits.
        if (await abuse.TryAddAsync(entry, CancellationToken.None))
        {
            journal.Found(entry);
        }
        return entry;
    }

    // Of an address that may be a proxy's nobody knows how many persons it is; an administrator who denies it does.
    private LimitMode ModeOf(AbuseEntry entry, BrowserNetwork? from) =>
        entry is { Verdict: AbuseVerdict.Held, Key.Target: AbuseTarget.Address } && from is { IsOfOne: false }
            ? LimitMode.Shadow
            : options.ModeOf(entry.Rule);

    private bool IsOn(string rule) => options.ModeOf(rule) != LimitMode.Off;

    /// <summary>Only what a rule that is on looks at.</summary>
    private TextTraffic TrafficOf(PhoneNumber to, string? country, string? from)
    {
        var prefix = PumpingKeys.PrefixOf(to);
        return new TextTraffic(
            IsOn(PumpingRule.PrefixConversion) ? keys.Traffic(TrafficKind.Prefix, prefix) : null,
            country is not null && (IsOn(PumpingRule.CountryConversion) || IsOn(PumpingRule.Growth))
                ? keys.Traffic(TrafficKind.Country, country)
                : null,
            IsOn(PumpingRule.Sequence) ? keys.Block(to) : null,
            from is not null && IsOn(PumpingRule.Address) ? keys.Traffic(TrafficKind.Address, from) : null,
            keys.TagOf(to.E164),
            keys.TagOf(prefix));
    }

    /// <summary>Where a text counts.</summary>
    private sealed record TextTraffic(
        TrafficKey? Prefix, TrafficKey? Country, TrafficKey? Block, TrafficKey? Address, long NumberTag, long PrefixTag)
    {
        public IReadOnlyList<TrafficKey> All { get; } = [.. new[] { Prefix, Country, Block, Address }.OfType<TrafficKey>()];

        /// <summary>Counts what is let through.</summary>
        public void CountIn(PumpingTraffic.Session session, DateTimeOffset now, bool isResend)
        {
            if (!isResend && Prefix is { } prefix)
            {
                session.Add(prefix, now, TrafficItem.Flows);
            }
            if (Country is { } country)
            {
                session.Add(country, now, TrafficItem.Texts);
                if (!isResend)
                {
                    session.Add(country, now, TrafficItem.Flows);
                }
            }
        }

        public PumpingMark? MarkOf(DateTimeOffset now, bool isHeld) => All.Count == 0 ? null : new(now, isHeld, Address?.Hash);

        public override string ToString() => nameof(TextTraffic);
    }
}

/// <summary>A text that somebody asks for.</summary>
/// <param name="From">Null when it is not known.</param>
/// <param name="IsResend">It repeats one.</param>
public sealed record AskedText(PhoneNumber To, BrowserNetwork? From, bool IsResend)
{
    // An address is personal.
    public override string ToString() => nameof(AskedText);
}

/// <summary>What is found of a text.</summary>
/// <param name="Found">Each with what is made of it.</param>
/// <param name="Mark">For the flow; null where nothing is counted.</param>
public sealed record PumpingVerdict(IReadOnlyList<SourceLimitReached> Found, PumpingMark? Mark)
{
    public static PumpingVerdict Nothing { get; } = new([], null);
}
