namespace Countersign.Core.Limits;

/// <summary>How many texts one address and one API client may cause, and how many may go to one block of numbers and one country.</summary>
public sealed class TextSourceLimits(LeasedCounters counters, CounterKeys keys, INumberPlan plan, TextLimitOptions options)
{
    private static readonly TimeSpan _hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Which enforced limit a text would be over; none where it may go. Nothing is counted: a text that is to be refused, here or for
    /// another reason, must not use up what belongs to others.
    /// </summary>
    public async ValueTask<IReadOnlyList<SourceLimitReached>> JudgeAsync(
        TextSource source, PhoneNumber to, CancellationToken cancellationToken) =>
        await ReachedAsync(Enforced(source, to), counters.JudgeAsync, cancellationToken);

    /// <summary>Counts a text that <see cref="JudgeAsync(TextSource, PhoneNumber, CancellationToken)"/> has let go.</summary>
    /// <returns>The limits that it is over: those in shadow, or the one that refuses it after all, since others were first.</returns>
    public async ValueTask<IReadOnlyList<SourceLimitReached>> CountAsync(
        TextSource source, PhoneNumber to, CancellationToken cancellationToken)
    {
        var first = await ReachedAsync(Enforced(source, to), counters.TakeAsync, cancellationToken);
        return first.Count > 0
            ? first
            : await ReachedAsync(
                LimitsOf(source, to).Where(one => one.Mode == LimitMode.Shadow), counters.TakeAsync, cancellationToken);
    }

    private static async ValueTask<List<SourceLimitReached>> ReachedAsync(
        IEnumerable<SourceLimit> limits, Func<CounterKey, Limit, CancellationToken, ValueTask<LimitReached?>> ask,
        CancellationToken cancellationToken)
    {
        List<SourceLimitReached> reached = [];
        foreach (var (key, limit, mode) in limits)
        {
            if (await ask(key, limit, cancellationToken) is { } over)
            {
                reached.Add(new SourceLimitReached(over, mode));
                if (mode == LimitMode.Enforce)
                {
                    break;
                }
            }
        }
        return reached;
    }

    private IEnumerable<SourceLimit> Enforced(TextSource source, PhoneNumber to) =>
        LimitsOf(source, to).Where(one => one.Mode == LimitMode.Enforce);

    private IEnumerable<SourceLimit> LimitsOf(TextSource source, PhoneNumber to)
    {
        if (source.Client is { } client && options is { PerClient: { } perClient, Client: not LimitMode.Off })
        {
            yield return new(keys.OfClient(client), new Limit(LimitRule.TextsOfClient, perClient, _minute), options.Client);
        }
        if (source.From is { } from && options is { PerAddress: { } perAddress, Address: not LimitMode.Off })
        {
            // Of an address that may be a proxy's nobody knows how many persons it is.
            var mode = from.IsOfOne ? options.Address : LimitMode.Shadow;
            yield return new(keys.OfAddress(from.Text), new Limit(LimitRule.TextsOfAddress, perAddress, _hour), mode);
        }
        if (options is { PerPrefix: { } perPrefix, Prefix: not LimitMode.Off })
        {
            yield return new(keys.OfPrefix(to), new Limit(LimitRule.TextsOfPrefix, perPrefix, _hour), options.Prefix);
        }
        if (options is { PerCountry: { } perCountry, Country: not LimitMode.Off } && plan.CountryOf(to) is { } country)
        {
            yield return new(keys.OfCountry(country), new Limit(LimitRule.TextsOfCountry, perCountry, _hour), options.Country);
        }
    }

    private sealed record SourceLimit(CounterKey Key, Limit Limit, LimitMode Mode);
}

/// <summary>Who causes a text.</summary>
/// <param name="From">Null when it is not known.</param>
/// <param name="Client">The API client that began the flow; null when a former version did not keep it.</param>
public sealed record TextSource(BrowserNetwork? From = null, ClientId? Client = null)
{
    // An address is personal.
    public override string ToString() => nameof(TextSource);
}

/// <summary>A limit that a text is over, and what is made of it.</summary>
public sealed record SourceLimitReached(LimitReached Reached, LimitMode Mode);
