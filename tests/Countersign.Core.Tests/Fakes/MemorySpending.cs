using Countersign.Core.Limits;
using Countersign.Core.Money;
using Countersign.Core.Texts;

namespace Countersign.Core.Tests.Fakes;

/// <summary>What texts have cost, in memory.</summary>
internal sealed class MemorySpending : ISpendingStore
{
    private readonly Dictionary<(SpendingOwner Owner, int Month), Spent> _kept = [];

    public Spent Of(SpendingOwner owner, DateTimeOffset now) =>
        _kept.GetValueOrDefault((owner, CapWindows.MonthOf(now)), Spent.Nothing(owner, now));

    public Task<IReadOnlyList<Spent>> ReadAsync(
        IReadOnlyList<SpendingOwner> owners, DateTimeOffset now, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Spent>>([.. owners.Select(owner => Of(owner, now))]);

    public Task<IReadOnlyList<Spent>> ListAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Spent>>([.. _kept.Values.Where(spent => spent.Month == CapWindows.MonthOf(now))]);

    public Task<ClaimOutcome> TryChargeAsync(SpendingCharge charge, CancellationToken cancellationToken)
    {
        if (charge.Owners.Any(one => one.Caps?.Judge(Of(one.Owner, charge.At), charge.Amount, charge.At) is not null))
        {
            return Task.FromResult<ClaimOutcome>(new ClaimOutcome.Over());
        }
        Add(charge, charge.Amount);
        return Task.FromResult<ClaimOutcome>(
            new ClaimOutcome.Counted([.. charge.Owners.Select(one => Of(one.Owner, charge.At))]));
    }

    public Task GiveBackAsync(SpendingCharge charge, CancellationToken cancellationToken)
    {
        Add(charge, -charge.Amount);
        return Task.CompletedTask;
    }

    public Task<int> RemoveAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<bool> TryTellAsync(
        SpendingOwner owner, CapWindow window, decimal amount, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var spent = Of(owner, now);
        var isNew = spent.ToldOf(window, now) < amount;
        if (isNew)
        {
            _kept[(owner, spent.Month)] = window == CapWindow.Month
                ? spent with { ToldOfMonth = amount }
                : spent with { ToldOfDay = amount, Day = CapWindows.DayOf(now), OnDay = spent.In(CapWindow.Day, now) };
        }
        return Task.FromResult(isNew);
    }

    private void Add(SpendingCharge charge, decimal amount)
    {
        foreach (var owner in charge.Owners.Select(one => one.Owner))
        {
            var spent = Of(owner, charge.At);
            _kept[(owner, spent.Month)] = spent with
            {
                Day = CapWindows.DayOf(charge.At),
                OnDay = spent.In(CapWindow.Day, charge.At) + amount,
                ToldOfDay = spent.ToldOf(CapWindow.Day, charge.At),
                InMonth = spent.InMonth + amount,
            };
        }
    }
}

/// <summary>Caps and prices as a test sets them; none at first.</summary>
internal sealed class CapStage : IProjectCaps, ICapJournal
{
    public const string Prices = "gateway,country,price,currency\nalpha,US,0.01,USD\nalpha,DE,0.08,USD\nbeta,US,0.02,USD\n";

    public MemorySpending Spending { get; init; } = new();

    public ServerCaps Server { get; set; } = new(null, null);

    public Dictionary<ProjectId, Caps> OfProjects { get; } = [];

    public List<(string Rule, int Percent, decimal Spent)> Told { get; } = [];

    public List<Reached> Refused { get; } = [];

    public static PriceList List => PriceList.Read(Prices, _ => true, out _)!;

    public TextCaps Texts(ITextRoutes? routes = null) => new(
        Server, this, Spending, routes ?? NotAsked.Port<ITextRoutes>(), new CountryByCode(), new CapAlerts(Spending, this), this);

    public ValueTask<Caps?> FindAsync(ProjectId project, CancellationToken cancellationToken) =>
        ValueTask.FromResult(OfProjects.GetValueOrDefault(project));

    public void Passed(
        SpendingOwner owner, CapWindow window, int percent, decimal spent, decimal cap, string currency, DateTimeOffset until) =>
        Told.Add((CapRule.Of(owner, window), percent, spent));

    void ICapJournal.Refused(Reached reached) => Refused.Add(reached);
}
