using Countersign.Core.Keys;
using Countersign.Core.Limits;
using Countersign.Core.Pumping;
using Countersign.Core.Tests.Fakes;

namespace Countersign.Core.Tests.Pumping;

/// <summary>How the attacker chooses numbers.</summary>
public enum AttackShape
{
    /// <summary>25 runs of 400 numbers, one after another.</summary>
    Runs,

    /// <summary>Any numbers of two countries.</summary>
    Scattered,
}

/// <summary>What became of a day.</summary>
/// <param name="Stopped">Texts of the attack that were held, of 10,000.</param>
/// <param name="Lost">Persons whose first text was held.</param>
/// <param name="Decisions">For each text whether it was held, and by which rules.</param>
internal sealed record SimulatedDay(int Stopped, int Lost, int Persons, IReadOnlyList<string> Decisions)
{
    public const int Attack = 10_000;

    /// <summary>A text costs 0.10, whoever asks for it.</summary>
    public decimal Money => (Attack - Stopped) * 0.10m;
}

/// <summary>
/// A day of a service with a launch, and an attack on it: 10,000 texts in three hours, half of them to France, where the service has
/// persons, half to Latvia, where it has none, from 199 addresses in turn. The service's own: 600 persons a day in Great Britain and 200 in
/// France, and that day a campaign in Great Britain that brings 3,000 more, half of them in its first hour. 85 of 100 persons prove.
/// </summary>
internal sealed class PumpingSimulation
{
    private const int Seed = 20261129;

    private static readonly DateTimeOffset _midnight = new(2026, 11, 29, 0, 0, 0, TimeSpan.Zero);

    private readonly StillClock _clock = new() { Now = _midnight };
    private readonly MemoryTraffic _store = new();
    private readonly MemoryAbuse _abuse = new();
    private readonly PumpingKeys _keys = new(new SecretHasher(new byte[32]), new CallingCodes());
    private readonly PumpingTraffic _traffic;
    private readonly PumpingGuard _guard;
    private readonly AttackShape _shape;
    private readonly int _part;

    /// <param name="part">Of all numbers, and of the attack's time, this part.</param>
    public PumpingSimulation(PumpingOptions options, AttackShape shape, int part = 1)
    {
        _traffic = new PumpingTraffic(_store, _clock);
        _guard = new PumpingGuard(options, _keys, _traffic, _abuse, new PumpingJournal());
        (_shape, _part) = (shape, part);
    }

    /// <summary>What an administrator has said before the campaign.</summary>
    public async Task AllowAsync(string country)
    {
        var key = _keys.Abuse(AbuseTarget.Country, country);
        await _abuse.TryAddAsync(
            new AbuseEntry(key, AbuseVerdict.Allowed, country, null, LimitMode.Off, "ops", _midnight, _midnight.AddDays(1)),
            CancellationToken.None);
    }

    /// <param name="refuses">Whether what is held is refused: then nobody can prove with it.</param>
    public async Task<SimulatedDay> RunAsync(Func<SourceLimitReached, bool> refuses)
    {
        await RememberAsync();
        var random = new Random(Seed);
        var asked = Persons(random).Concat(Attack(random)).OrderBy(one => one.At)
            .ThenBy(one => one.To.E164, StringComparer.Ordinal).ToList();
        var proofs = new PriorityQueue<(PhoneNumber Number, PumpingMark Mark), DateTimeOffset>();
        var (stopped, lost) = (0, 0);
        var flushAt = _midnight;
        List<string> decisions = [];
        foreach (var one in asked)
        {
            while (proofs.TryPeek(out var proof, out var at) && at <= one.At)
            {
                proofs.Dequeue();
                _guard.Learn(proof.Number, proof.Mark);
            }
            _clock.Now = one.At;
            if (one.At >= flushAt)
            {
                await _traffic.FlushAsync(CancellationToken.None);
                flushAt = one.At.AddMinutes(1);
            }
            var verdict = await _guard.AskAsync(new AskedText(one.To, one.From, IsResend: false), false, one.At, CancellationToken.None);
            var isHeld = verdict.Found.Count > 0;
            decisions.Add(string.Join(',', verdict.Found.Select(found => found.Reached.Rule).Order(StringComparer.Ordinal)));
            (stopped, lost) = (stopped + (isHeld && !one.IsPerson ? 1 : 0), lost + (isHeld && one.IsPerson ? 1 : 0));
            if (one.ProvenAfter is { } after && verdict.Mark is { } mark && !verdict.Found.Any(refuses))
            {
                proofs.Enqueue((one.To, mark), one.At + after);
            }
        }
        return new SimulatedDay(stopped, lost, asked.Count(one => one.IsPerson), decisions);
    }

    /// <summary>The seven days before, without what nobody looks at any more.</summary>
    private async Task RememberAsync()
    {
        var random = new Random(Seed - 1);
        foreach (var (country, perDay) in new[] { ("GB", 600), ("FR", 200) })
        {
            var key = _keys.Traffic(TrafficKind.Country, country);
            await _store.AddAsync(
            [
                .. from i in Enumerable.Range(0, 7 * perDay / _part)
                   let at = _midnight.AddDays(-random.Next(1, 8)).AddHours(12)
                   let proven = random.NextDouble() < 0.85 ? 1 : 0
                   from row in new[]
                   {
                       new TrafficRow(key, new TrafficCell(at, TrafficItem.Flows, 1, proven)),
                       new TrafficRow(key, new TrafficCell(at, TrafficItem.Texts, 1, 0)),
                   }
                   select row,
            ],
            CancellationToken.None);
        }
    }

    private IEnumerable<Asked> Persons(Random random)
    {
        var day = TimeSpan.FromDays(1);
        for (var i = 0; i < 600 / _part; i++)
        {
            yield return Person("+447", 9, _midnight + (day * random.NextDouble()), random);
        }
        for (var i = 0; i < 200 / _part; i++)
        {
            yield return Person("+336", 8, _midnight + (day * random.NextDouble()), random);
        }
        // The launch is at ten in the morning.
        for (var i = 0; i < 3000 / _part; i++)
        {
            var after = i < 1500 / _part ? TimeSpan.FromHours(1) * random.NextDouble() : TimeSpan.FromHours(1 + (12 * random.NextDouble()));
            yield return Person("+447", 9, _midnight.AddHours(10) + after, random);
        }
    }

    private static Asked Person(string begins, int digits, DateTimeOffset at, Random random)
    {
        var number = PhoneNumber.Parse(begins + Digits(random.NextInt64((long)Math.Pow(10, digits)), digits));
        // One in five comes from one of forty addresses that an operator shares among its customers.
        var from = random.NextDouble() < 0.2
            ? new BrowserNetwork($"198.51.100.{random.Next(40)}", IsOfOne: true)
            : new BrowserNetwork($"20010db8{random.Next(65536):x4}{random.Next(65536):x4}", IsOfOne: true);
        var isProven = random.NextDouble() < 0.85;
        var after = TimeSpan.FromSeconds(15 + (75 * random.NextDouble()));
        return new Asked(at, number, from, IsPerson: true, isProven ? after : null);
    }

    /// <summary>From eleven to two: the campaign's second hour, and after.</summary>
    private IEnumerable<Asked> Attack(Random random)
    {
        for (var i = 0; i < SimulatedDay.Attack / _part; i++)
        {
            var at = _midnight.AddHours(11) + (TimeSpan.FromHours(3) * i / SimulatedDay.Attack);
            var from = new BrowserNetwork($"203.0.113.{i % 199}", IsOfOne: true);
            yield return new Asked(at, _shape == AttackShape.Runs ? InRun(i) : Scattered(i, random), from, IsPerson: false, null);
        }
    }

    // The runs take turns, so that no block of numbers is busier than it must be.
    private static PhoneNumber InRun(int i)
    {
        var (run, place) = (i % 25, i / 25);
        return PhoneNumber.Parse(run % 2 == 0
            ? $"+3375{Digits(10_000 + (run * 331), 5)[..3]}{Digits(place, 4)}"
            : $"+3712{Digits(10_000 + (run * 331), 5)[..3]}{Digits(place, 4)}");
    }

    private static PhoneNumber Scattered(int i, Random random) => PhoneNumber.Parse(i % 2 == 0
        ? $"+337{Digits(random.NextInt64(100_000_000), 8)}"
        : $"+3712{Digits(random.NextInt64(10_000_000), 7)}");

    private static string Digits(long value, int count) => value.ToString($"D{count}", null);

    private sealed record Asked(DateTimeOffset At, PhoneNumber To, BrowserNetwork From, bool IsPerson, TimeSpan? ProvenAfter)
    {
        public override string ToString() => nameof(Asked);
    }

    /// <summary>A world of three countries.</summary>
    private sealed class CallingCodes : INumberPlan
    {
        public PhoneNumber? Read(string text) => PhoneNumber.TryParse(text, out var number) ? number : null;

        public PhoneNumber FormOf(PhoneNumber number) => number;

        public IReadOnlyList<PhoneNumber> FormerFormsOf(PhoneNumber number) => [];

        public string? CountryOf(PhoneNumber number) => number.E164[..3] switch
        {
            "+44" => "GB",
            "+33" => "FR",
            _ => "LV",
        };
    }
}
