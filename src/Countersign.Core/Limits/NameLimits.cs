using Countersign.Core.Names;

namespace Countersign.Core.Limits;

/// <summary>How many names may be tried for a line where nobody has shown that they hold it.</summary>
public sealed class NameLimits(ICounterStore counters, CounterKeys keys, Turns turns, BudgetOptions options)
{
    private static readonly TimeSpan _window = TimeSpan.FromDays(1);

    private readonly Limit? _ofProject = options.NamesPerProject is { } project
        ? new Limit(LimitRule.NamesOfProject, project, _window, IsOfProject: true)
        : null;

    private readonly Limit? _ofLine = options.NamesPerLine is { } line ? new Limit(LimitRule.NamesOfLine, line, _window) : null;

    internal IReadOnlyList<Limit> Limits => [.. new[] { _ofProject, _ofLine }.OfType<Limit>()];

    /// <summary>
    /// Charges a name before anybody is asked about it. One that the project has asked for the line in the window before is free: its
    /// answer is known.
    /// </summary>
    /// <exception cref="UnavailableException">Others were always first.</exception>
    public async Task<NameTry> ChargeAsync(
        PhoneNumber line, ProjectId project, PersonName name, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var isLimited = _ofProject is not null || _ofLine is not null;
        Guards.Drop("I03", ref isLimited, () => false);
        if (!isLimited)
        {
            return new NameTry.Free();
        }

        var key = keys.OfNames(line);
        var tag = keys.TagOf(project);
        var item = keys.TagOf($"counter-name:{line.E164}", NameMatcher.Fold(name));
        var charge = new Charge(now, 1, tag, item);
        var turn = turns.Begin(Turns.CallTimeout);
        for (var conflicts = 1; ; conflicts++)
        {
            var counter = await counters.ReadAsync(key, cancellationToken);
            var known = counter.Within(_window, now).Where(one => one.Item == item).ToList();
            if (known.Exists(one => one.Project == tag))
            {
                return new NameTry.Charged(key, tag, item);
            }
            // A name that another project has tried is new to this one, and not to the line.
            var names = OfLine(counter);
            LimitReached?[] judged =
                [_ofProject?.Judge(counter, tag, 1, now), _ofLine?.Judge(names, tag, known.Count > 0 ? 0 : 1, now)];
            if (judged.OfType<LimitReached>().MaxBy(one => one.Until) is { } reached)
            {
                return new NameTry.Over(reached);
            }
            if (await counters.TrySaveAsync(new CounterChange(counter, counter.With(charge, _window), _window), CancellationToken.None))
            {
                return new NameTry.Charged(key, tag, item);
            }
            await turns.PauseAsync(conflicts, turn, cancellationToken);
        }
    }

    /// <summary>Each name once, whichever projects have tried it.</summary>
    internal static Counter OfLine(Counter counter) => counter with { Charges = [.. counter.Charges.DistinctBy(one => one.Item)] };

    /// <summary>
    /// Gives a name back that matched: it costs nothing, also when an earlier call with it has charged it and came to no answer.
    /// </summary>
    public async Task GiveBackAsync(NameTry tried)
    {
        if (tried is not NameTry.Charged { Key: var key, Project: var project, Item: var item })
        {
            return;
        }
        var turn = turns.Begin(Turns.FollowUpTimeout);
        for (var conflicts = 1; ; conflicts++)
        {
            var counter = await counters.ReadAsync(key, CancellationToken.None);
            var without = counter.Without(project, item);
            if (without.Charges.Count == counter.Charges.Count
                || await counters.TrySaveAsync(new CounterChange(counter, without, _window), CancellationToken.None))
            {
                return;
            }
            await turns.PauseAsync(conflicts, turn, CancellationToken.None);
        }
    }
}

/// <summary>What became of a name that is to be tried: a closed set.</summary>
public abstract record NameTry
{
    private NameTry() { }

    /// <summary>Nothing is limited.</summary>
    public sealed record Free : NameTry;

    /// <summary>It is charged, now or before.</summary>
    public sealed record Charged(CounterKey Key, long Project, long Item) : NameTry;

    public sealed record Over(LimitReached Reached) : NameTry;
}
