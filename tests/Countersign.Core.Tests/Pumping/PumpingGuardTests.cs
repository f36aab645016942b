using Countersign.Core.Keys;
using Countersign.Core.Limits;
using Countersign.Core.Pumping;
using Countersign.Core.Tests.Fakes;

namespace Countersign.Core.Tests.Pumping;

public sealed class PumpingGuardTests
{
    private static readonly BrowserNetwork _home = new("203.0.113.9", IsOfOne: true);

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    private readonly StillClock _clock = new();
    private readonly MemoryTraffic _store = new();
    private readonly MemoryAbuse _abuse = new();
    private readonly PumpingJournal _journal = new();
    private readonly PumpingKeys _keys = new(new SecretHasher(new byte[32]), new TenDigits());
    private readonly PumpingOptions _options = new()
    {
        Sequence = LimitMode.Enforce, Address = LimitMode.Enforce, Growth = LimitMode.Enforce, Denied = LimitMode.Enforce,
        PrefixConversion = LimitMode.Enforce, CountryConversion = LimitMode.Enforce,
    };

    [Fact]
    public async Task Where_all_is_off_nothing_is_read_or_counted()
    {
        var verdict = await Guard(new PumpingOptions()).AskAsync(Text(0), isExempt: false, _clock.Now, Test);

        Assert.Same(PumpingVerdict.Nothing, verdict);
        Assert.Equal(0, _store.Reads);
    }

    [Fact]
    public async Task Where_only_an_administrators_word_counts_no_traffic_is_read_or_counted()
    {
        var traffic = new PumpingTraffic(_store, _clock);
        var guard = Guard(new PumpingOptions { Denied = LimitMode.Enforce }, traffic);

        var verdict = await guard.AskAsync(Text(0), isExempt: false, _clock.Now, Test);
        await traffic.FlushAsync(Test);

        Assert.Empty(verdict.Found);
        Assert.Null(verdict.Mark);
        Assert.Equal((0, 0, 0), (_store.Reads, _store.Writes.Count, traffic.Count));
    }

    [Theory]
    [InlineData(PumpingRule.Sequence)]
    [InlineData(PumpingRule.Address)]
    [InlineData(PumpingRule.PrefixConversion)]
    [InlineData(PumpingRule.CountryConversion)]
    [InlineData(PumpingRule.Growth)]
    public async Task Only_what_a_rule_that_is_on_looks_at_is_counted(string rule)
    {
        var traffic = new PumpingTraffic(_store, _clock);
        var options = new PumpingOptions
        {
            Sequence = On(PumpingRule.Sequence), Address = On(PumpingRule.Address), Growth = On(PumpingRule.Growth),
            PrefixConversion = On(PumpingRule.PrefixConversion), CountryConversion = On(PumpingRule.CountryConversion),
        };

        var verdict = await Guard(options, traffic).AskAsync(Text(0), isExempt: false, _clock.Now, Test);

        Assert.Equal(1, traffic.Count);
        Assert.Equal(rule == PumpingRule.Address, verdict.Mark!.Address is not null);

        LimitMode On(string one) => one == rule ? LimitMode.Shadow : LimitMode.Off;
    }

    [Fact]
    public async Task A_sequence_holds_its_prefix_for_an_hour_and_tells_why()
    {
        var guard = Guard(_options);
        var first = await AskAsync(guard, 0, 4);
        var fifth = await AskAsync(guard, 4, 1);

        Assert.All(first, one => Assert.Empty(one.Found));
        var found = Assert.Single(Assert.Single(fifth).Found);
        Assert.Equal(
            new SourceLimitReached(
                new LimitReached(PumpingRule.Sequence, 5, 4, TimeSpan.FromMinutes(10), _clock.Now.AddHours(1)), LimitMode.Enforce),
            found);
        Assert.Equal("+1202555****", Assert.Single(_journal.Heard).Label);

        // Another number of the prefix that is in no sequence.
        Assert.Single((await guard.AskAsync(new AskedText(Number("+12025559999"), null, false), false, _clock.Now, Test)).Found);
        _clock.Now = _clock.Now.AddHours(1);
        Assert.Empty((await guard.AskAsync(new AskedText(Number("+12025559999"), null, false), false, _clock.Now, Test)).Found);
    }

    [Fact]
    public async Task Who_goes_on_is_held_on_at_once()
    {
        var guard = Guard(_options);
        await AskAsync(guard, 0, 5);
        _clock.Now = _clock.Now.AddMinutes(58);
        await AskAsync(guard, 100, 5);
        _clock.Now = _clock.Now.AddMinutes(2);

        var next = await AskAsync(guard, 200, 1);

        Assert.Single(Assert.Single(next).Found);
    }

    [Fact]
    public async Task An_address_that_may_be_a_proxys_is_not_refused()
    {
        var proxy = new BrowserNetwork("10.0.0.1", IsOfOne: false);
        var guard = Guard(_options);
        PumpingVerdict last = PumpingVerdict.Nothing;
        for (var prefix = 0; prefix <= 10; prefix++)
        {
            last = await guard.AskAsync(new AskedText(Number($"+1202{500 + prefix}0000"), proxy, false), false, _clock.Now, Test);
        }

        var found = Assert.Single(last.Found);
        Assert.Equal(PumpingRule.Address, found.Reached.Rule);
        Assert.Equal(LimitMode.Shadow, found.Mode);
        Assert.Equal("10.0.0.*", Assert.Single(_abuse.Kept).Label);
    }

    [Fact]
    public async Task An_address_that_an_administrator_denies_is_refused_whosever_it_is()
    {
        var proxy = new BrowserNetwork("10.0.0.1", IsOfOne: false);
        await SayAsync(AbuseTarget.Address, proxy.Text, AbuseVerdict.Denied);

        var verdict = await Guard(_options).AskAsync(new AskedText(Text(0).To, proxy, IsResend: false), false, _clock.Now, Test);

        Assert.Equal(LimitMode.Enforce, Assert.Single(verdict.Found).Mode);
    }

    [Fact]
    public async Task Persons_who_prove_are_not_taken_for_an_attack()
    {
        var guard = Guard(_options);
        for (var prefix = 0; prefix < 40; prefix++)
        {
            var number = Number($"+1202{500 + prefix}0000");
            var asked = await guard.AskAsync(new AskedText(number, _home, false), false, _clock.Now, Test);
            Assert.Empty(asked.Found);
            guard.Learn(number, asked.Mark!);
            _clock.Now = _clock.Now.AddSeconds(20);
        }
    }

    [Fact]
    public async Task An_administrator_word_counts_before_the_rules_and_the_narrowest_before_the_others()
    {
        var guard = Guard(_options);
        await SayAsync(AbuseTarget.Country, "US", AbuseVerdict.Denied);
        Assert.Equal(PumpingRule.Denied, Assert.Single(Assert.Single(await AskAsync(guard, 0, 1)).Found).Reached.Rule);

        await SayAsync(AbuseTarget.Prefix, "+1202555", AbuseVerdict.Allowed);
        Assert.All(await AskAsync(guard, 0, 20), one => Assert.Empty(one.Found));

        await SayAsync(AbuseTarget.Number, "+12025550001", AbuseVerdict.Denied);
        Assert.Single(Assert.Single(await AskAsync(guard, 1, 1)).Found);
        Assert.Empty(Assert.Single(await AskAsync(guard, 2, 1)).Found);
    }

    [Theory]
    [InlineData("+120", true)]
    [InlineData("+1202555", true)]
    [InlineData("+1202556", false)]
    [InlineData("+12", false)]
    [InlineData("+12025550", false)]
    public async Task What_is_said_of_a_prefix_holds_for_all_numbers_that_begin_so(string prefix, bool isDenied)
    {
        await SayAsync(AbuseTarget.Country, "US", AbuseVerdict.Allowed);
        await SayAsync(AbuseTarget.Prefix, prefix, AbuseVerdict.Denied);

        Assert.Equal(isDenied, Assert.Single(await AskAsync(Guard(_options), 0, 1)).Found.Count == 1);
    }

    [Fact]
    public async Task Of_what_is_said_of_prefixes_the_longest_counts_whichever_was_said_last()
    {
        await SayAsync(AbuseTarget.Prefix, "+1202555", AbuseVerdict.Allowed);
        _clock.Now = _clock.Now.AddSeconds(1);
        await SayAsync(AbuseTarget.Prefix, "+12025", AbuseVerdict.Denied);
        await SayAsync(AbuseTarget.Address, _home.Text, AbuseVerdict.Denied);

        Assert.Empty((await Guard(_options).AskAsync(new AskedText(Text(0).To, _home, false), false, _clock.Now, Test)).Found);
        Assert.Single((await Guard(_options).AskAsync(new AskedText(Number("+12025569999"), null, false), false, _clock.Now, Test)).Found);
    }

    [Theory]
    [InlineData(AbuseVerdict.Allowed, AbuseVerdict.Denied)]
    [InlineData(AbuseVerdict.Denied, AbuseVerdict.Allowed)]
    public async Task What_is_said_of_an_address_counts_before_what_is_said_of_many_numbers(AbuseVerdict ofMany, AbuseVerdict ofAddress)
    {
        await SayAsync(AbuseTarget.Address, _home.Text, ofAddress);
        _clock.Now = _clock.Now.AddSeconds(1);
        await SayAsync(AbuseTarget.Prefix, "+120255", ofMany);

        var asked = await Guard(_options).AskAsync(Text(0), isExempt: false, _clock.Now, Test);
        var elsewhere = await Guard(_options).AskAsync(new AskedText(Text(1).To, null, IsResend: false), false, _clock.Now, Test);

        Assert.Equal(ofAddress == AbuseVerdict.Denied, asked.Found.Count == 1);
        Assert.Equal(ofMany == AbuseVerdict.Denied, elsewhere.Found.Count == 1);
    }

    [Fact]
    public async Task A_rule_holds_its_own_prefix_and_no_longer_one_that_begins_alike()
    {
        var guard = Guard(_options);
        await AskAsync(guard, 0, 5);
        Assert.Single(_abuse.Kept);

        var longer = await guard.AskAsync(new AskedText(Number("+120255599990001"), null, false), false, _clock.Now, Test);

        Assert.Empty(longer.Found);
    }

    [Fact]
    public void All_targets_of_a_text_are_looked_up_at_once()
    {
        var targets = _keys.TargetsOf(Number("+123456789012345"), "US", _home).Select(one => one.Key).ToList();

        Assert.Equal(IAbuseStore.MaxKeys, targets.Distinct().Count());
        Assert.Equal(4, _keys.TargetsOf(Number("+1234567"), "US", _home).Count);
    }

    [Fact]
    public async Task Who_has_passed_a_challenge_is_let_through_unless_it_is_denied()
    {
        var guard = Guard(_options);
        await AskAsync(guard, 0, 5);

        Assert.Empty((await guard.AskAsync(Text(6), isExempt: true, _clock.Now, Test)).Found);
        Assert.Null(await guard.JudgeAsync(Text(6).To, isExempt: true, _clock.Now, Test));

        await SayAsync(AbuseTarget.Country, "US", AbuseVerdict.Denied);
        var denied = Assert.Single((await guard.AskAsync(Text(6), isExempt: true, _clock.Now, Test)).Found);
        Assert.Equal(PumpingRule.Denied, denied.Reached.Rule);
        Assert.NotNull(await guard.JudgeAsync(Text(6).To, isExempt: true, _clock.Now, Test));
    }

    [Theory]
    [InlineData(LimitMode.Enforce, true)]
    [InlineData(LimitMode.Shadow, false)]
    [InlineData(LimitMode.Off, false)]
    public async Task Before_a_flow_begins_a_hold_refuses_where_it_is_enforced(LimitMode mode, bool isRefused)
    {
        await AskAsync(Guard(_options), 0, 5);
        _options.Sequence = mode;

        var reached = await Guard(_options).JudgeAsync(Text(77).To, isExempt: false, _clock.Now, Test);

        Assert.Equal(isRefused, reached?.Rule == PumpingRule.Sequence);
    }

    [Fact]
    public async Task Before_a_flow_begins_the_reason_that_lasts_longest_is_told()
    {
        await AskAsync(Guard(_options), 0, 5);
        await SayAsync(AbuseTarget.Country, "US", AbuseVerdict.Denied);

        var reached = await Guard(_options).JudgeAsync(Text(77).To, isExempt: false, _clock.Now, Test);

        Assert.Equal((PumpingRule.Denied, _clock.Now.AddDays(1)), (reached?.Rule, reached?.Until));
    }

    [Fact]
    public async Task What_one_node_has_counted_another_knows_some_seconds_later()
    {
        var (one, other) = (new PumpingTraffic(_store, _clock), new PumpingTraffic(_store, _clock));
        await AskAsync(Guard(_options, one), 0, 4);
        await one.FlushAsync(Test);

        var fifth = await AskAsync(Guard(_options, other), 4, 1);

        Assert.Single(Assert.Single(fifth).Found);
    }

    [Fact]
    public async Task What_two_nodes_find_at_the_same_time_is_told_once_and_refused_by_both()
    {
        var (one, other) = (Guard(_options), Guard(_options));
        await AskAsync(one, 0, 4);
        await AskAsync(other, 0, 4);
        List<PumpingVerdict> there = [];
        _abuse.BeforeAdd = async () => there = await AskAsync(other, 4, 1);

        var here = await AskAsync(one, 4, 1);

        Assert.All([.. here, .. there], verdict => Assert.Equal(PumpingRule.Sequence, Assert.Single(verdict.Found).Reached.Rule));
        Assert.Equal(2, here.Count + there.Count);
        Assert.Single(_abuse.Kept);
        Assert.Single(_journal.Heard);
    }

    [Fact]
    public async Task What_could_not_be_written_is_written_the_next_time_and_counts_once()
    {
        var traffic = new PumpingTraffic(_store, _clock);
        await AskAsync(Guard(_options, traffic), 0, 3);
        _store.FailsOnce = true;
        await Assert.ThrowsAsync<InvalidOperationException>(() => traffic.FlushAsync(Test));
        await traffic.FlushAsync(Test);
        await traffic.FlushAsync(Test);

        var rows = await _store.ReadAsync([_keys.Traffic(TrafficKind.Country, "US")], _clock.Now, Test);
        Assert.Equal(3, Assert.Single(rows, row => row.Cell.Item == TrafficItem.Texts).Cell.Asked);
        _clock.Now = _clock.Now.AddMinutes(1);
        traffic.ForgetExpired();
        Assert.Equal(0, traffic.Count);
    }

    [Theory]
    [InlineData("203.0.113.9", "203.0.113.*")]
    [InlineData("20010db800010002", "2001:0db8:0001:*")]
    public void An_address_is_read_without_what_tells_one_subscriber(string network, string label) =>
        Assert.Equal(label, PumpingKeys.LabelOfAddress(network));

    private PumpingGuard Guard(PumpingOptions options, PumpingTraffic? traffic = null) =>
        new(options, _keys, traffic ?? new PumpingTraffic(_store, _clock), _abuse, _journal);

    private async Task<List<PumpingVerdict>> AskAsync(PumpingGuard guard, int first, int count)
    {
        List<PumpingVerdict> verdicts = [];
        for (var i = first; i < first + count; i++)
        {
            verdicts.Add(await guard.AskAsync(Text(i), isExempt: false, _clock.Now, Test));
        }
        return verdicts;
    }

    private Task<bool> SayAsync(AbuseTarget target, string whose, AbuseVerdict verdict) => _abuse.TryAddAsync(
        new AbuseEntry(
            _keys.Abuse(target, whose), verdict, whose, null, LimitMode.Off, "ops", _clock.Now, _clock.Now.AddDays(1)), Test);

    private static AskedText Text(int i) => new(Number($"+1202555{i:D4}"), _home, IsResend: false);

    private static PhoneNumber Number(string text) => PhoneNumber.Parse(text);
}
