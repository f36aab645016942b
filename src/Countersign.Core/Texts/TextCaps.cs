using Countersign.Core.Limits;
using Countersign.Core.Money;

namespace Countersign.Core.Texts;

/// <summary>Holds texts to the caps on what they may cost. Without caps it asks and counts nothing.</summary>
public sealed class TextCaps(
    ServerCaps server, IProjectCaps projects, ISpendingStore store, ITextRoutes routes, INumberPlan plan,
    CapAlerts alerts, ICapJournal journal)
{
    /// <summary>The cap that a text could not be held to if the preferred gateway of its route got it; null when there is room.</summary>
    public ValueTask<Reached?> JudgeAsync(
        ProjectId project, OutgoingText text, DateTimeOffset now, CancellationToken cancellationToken) =>
        JudgeAsync(project, text.To, SegmentsOf(text), now, cancellationToken);

    /// <summary>The same of a text of one segment to this number.</summary>
    public ValueTask<Reached?> JudgeAsync(
        ProjectId project, PhoneNumber to, DateTimeOffset now, CancellationToken cancellationToken) =>
        JudgeAsync(project, to, segments: 1, now, cancellationToken);

    /// <summary>What a gateway may bill for a text, and whose caps hold it; null where nothing is counted.</summary>
    public async ValueTask<TextCharge?> ChargeOfAsync(OutgoingText text, GatewayName gateway, DateTimeOffset now)
    {
        var owners = await OwnersAsync(text.Project, CancellationToken.None);
        return owners.Count == 0
            ? null
            : new TextCharge(gateway, PriceOf(gateway, text.To) * SegmentsOf(text), now, owners);
    }

    /// <summary>Which cap keeps a charge from being counted; null when there is room again.</summary>
    public async ValueTask<Reached?> ReachedAsync(TextCharge charge, CancellationToken cancellationToken)
    {
        if (charge.Amount is not { } amount)
        {
            return new CapUnpriced(charge.Gateway);
        }
        var all = await store.ReadAsync([.. charge.Owners.Select(one => one.Owner)], charge.At, cancellationToken);
        foreach (var (owner, spent) in charge.Owners.Zip(all))
        {
            if (owner.Caps?.Judge(spent, amount, charge.At) is { } reached)
            {
                await alerts.LookAsync(reached, spent, charge.At);
                return reached;
            }
        }
        return null;
    }

    /// <summary>Counts a text that is stored nowhere.</summary>
    /// <returns>What was counted, for <see cref="GiveBackAsync"/> or <see cref="KeepAsync"/>; null when a cap would be passed.</returns>
    public async Task<CountedText?> TryCountAsync(OutgoingText text, GatewayName gateway, DateTimeOffset now)
    {
        if (await ChargeOfAsync(text, gateway, now) is not { } charge)
        {
            return new CountedText(null, null);
        }
        if (charge.ToSpending() is { } spending
            && await store.TryChargeAsync(spending, CancellationToken.None) is ClaimOutcome.Counted counted)
        {
            return new CountedText(spending, counted);
        }
        if (await ReachedAsync(charge, CancellationToken.None) is { } reached)
        {
            journal.Refused(reached);
        }
        return null;
    }

    /// <summary>The gateway has not taken the text.</summary>
    public Task GiveBackAsync(CountedText counted) =>
        counted.Charge is { } charge ? store.GiveBackAsync(charge, CancellationToken.None) : Task.CompletedTask;

    /// <summary>The gateway has the text, or may have it.</summary>
    public Task KeepAsync(CountedText counted) =>
        counted is { Charge: { } charge, Outcome: { } outcome } ? LookAsync(charge, outcome) : Task.CompletedTask;

    /// <summary>Tells operators when a counted charge has passed a threshold.</summary>
    public async Task LookAsync(SpendingCharge charge, ClaimOutcome.Counted counted)
    {
        foreach (var (owner, spent) in charge.Owners.Zip(counted.Spent))
        {
            await alerts.LookAsync(owner, spent, charge.At);
        }
    }

    private async ValueTask<Reached?> JudgeAsync(
        ProjectId project, PhoneNumber to, int segments, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var owners = await OwnersAsync(project, cancellationToken);
        return owners.Count == 0 || routes.For(to) is not { Gateways: [var preferred, ..] }
            ? null
            : await ReachedAsync(new TextCharge(preferred, PriceOf(preferred, to) * segments, now, owners), cancellationToken);
    }

    /// <summary>Those for whom a text counts: where the server has a cap, what each project spends is counted, too.</summary>
    private async ValueTask<IReadOnlyList<CappedOwner>> OwnersAsync(ProjectId? project, CancellationToken cancellationToken)
    {
        var own = project is { } id ? await projects.FindAsync(id, cancellationToken) : null;
        if (server.Caps is null && own is null)
        {
            return [];
        }
        var owners = new List<CappedOwner>(2);
        if (server.Caps is { } all)
        {
            owners.Add(new CappedOwner(SpendingOwner.Server, all));
        }
        if (project is { } one)
        {
            owners.Add(new CappedOwner(SpendingOwner.Of(one), own));
        }
        return owners;
    }

    private decimal? PriceOf(GatewayName gateway, PhoneNumber to) => server.Prices?.PriceOf(gateway, plan.CountryOf(to));

    private static int SegmentsOf(OutgoingText text) => SmsAlphabet.CountSegments(text.Text.Reveal());
}

/// <summary>What a text may cost at a gateway, and for whom it counts.</summary>
/// <param name="Amount">Null where the list has no price of the gateway: then nothing can be held to a cap.</param>
/// <param name="Owners">The server first.</param>
public sealed record TextCharge(GatewayName Gateway, decimal? Amount, DateTimeOffset At, IReadOnlyList<CappedOwner> Owners)
{
    /// <summary>Null where nobody knows what it costs.</summary>
    public SpendingCharge? ToSpending() => Amount is { } amount ? new SpendingCharge(amount, At, Owners) : null;

    public override string ToString() => $"{Amount}";
}

/// <summary>A text that was counted.</summary>
/// <param name="Charge">Null where there are no caps.</param>
/// <param name="Outcome">What was spent with it; null where there are no caps.</param>
public sealed record CountedText(SpendingCharge? Charge, ClaimOutcome.Counted? Outcome);
