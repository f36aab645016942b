using Countersign.Core;
using Countersign.Core.Administration;
using Countersign.Core.Doctor;
using Countersign.Core.Events;
using Countersign.Core.History;
using Countersign.Core.Limits;
using Countersign.Core.Money;
using Countersign.Core.Projects;
using Countersign.Core.Pumping;
using Countersign.Server.Doctor;
using Countersign.Storage;

namespace Countersign.Server.Tests.Doctor;

/// <summary>What is made of what a store holds.</summary>
public sealed class StoredChecksTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);
    private static readonly SettingHistory _never = new([]);
    private static readonly SecretHash _hash = new(new string('a', 64));

    public static TheoryData<string, ProjectSettings> WeakProjects => new()
    {
        { "projects.tap", new() { LinkConfirmation = LinkConfirmation.Tap } },
        { "projects.ssn", new() { LinkConfirmation = LinkConfirmation.Match, DisclosesSsn = true } },
        { "projects.one-call", new() { LinkConfirmation = LinkConfirmation.Match, OneCall = [VerificationType.Prefill] } },
        { "projects.reasons", new() { LinkConfirmation = LinkConfirmation.Match, IdentityReasons = IdentityReasons.Full } },
        { "projects.number-change", new() { LinkConfirmation = LinkConfirmation.Match, NumberChange = NumberChangeRule.On } },
        { "projects.guesses", new() { LinkConfirmation = LinkConfirmation.Match, GuessProbability = 0.0006m } },
    };

    [Theory]
    [MemberData(nameof(WeakProjects))]
    public void A_project_is_named_for_what_it_has_chosen_and_for_nothing_else(string check, ProjectSettings settings)
    {
        var careful = Project("careful", new() { LinkConfirmation = LinkConfirmation.Match, GuessProbability = 0.000006m });

        var found = ProjectChecks.Of([careful, Project("shop", settings)], ofServer: 0.00001m).ToList();

        Assert.Equal(
            [(check, "shop")], found.Where(one => one.State == FindingState.Weak).Select(one => (one.Check.Id, one.About)));
        Assert.Equal(ProjectChecks.All.Count - 1, found.Count(one => one.State == FindingState.Fine));
    }

    [Fact]
    public void What_a_project_keeps_from_before_is_named()
    {
        var kept = Project("old", new() { LinkConfirmation = LinkConfirmation.Match }) with
        {
            Kept = new Dictionary<string, bool> { ["OneCall"] = true, ["DisclosesSsn"] = false },
        };

        var found = ProjectChecks.Of([kept], ofServer: null).Single(one => one.State != FindingState.Fine);

        Assert.Equal(("projects.kept", "It keeps OneCall."), (found.Check.Id, found.Says));
    }

    [Theory]
    [InlineData(364, null, FindingState.Fine)]
    [InlineData(366, null, FindingState.Weak)]
    [InlineData(900, 30, FindingState.Fine)]
    [InlineData(900, 400, FindingState.Weak)]
    [InlineData(null, 30, FindingState.Fine)]
    [InlineData(null, null, FindingState.Unknown)]
    public void A_client_secret_is_as_old_as_its_last_exchange(int? madeDaysAgo, int? exchangedDaysAgo, FindingState state)
    {
        var client = new ApiClient(ClientId.Parse("shop-1"), ProjectId.Parse("shop"), _hash)
        {
            CreatedAt = madeDaysAgo is { } made ? _now.AddDays(-made) : null,
            Former = exchangedDaysAgo is { } exchanged ? new FormerSecret(_hash, _now.AddDays(-exchanged)) : null,
        };

        var found = Assert.Single(SecretChecks.OfClients([client], _never, _now));

        Assert.Equal(state, found.State);
    }

    [Theory]
    [InlineData(300, null, false, FindingState.Fine)]
    [InlineData(400, null, false, FindingState.Weak)]
    [InlineData(400, 30, false, FindingState.Fine)]
    [InlineData(400, null, true, FindingState.Fine)]
    public void An_admin_key_of_long_ago_is_to_have_an_end(int madeDaysAgo, int? expiresInDays, bool hasEnded, FindingState state)
    {
        var key = new AdminKey("reports", _hash, AdminRights.All, _now.AddDays(-madeDaysAgo), "ops")
        {
            ExpiresAt = expiresInDays is { } days ? _now.AddDays(days) : null,
            EndedAt = hasEnded ? _now.AddDays(-1) : null,
        };

        Assert.Equal(state, Assert.Single(SecretChecks.OfAdminKeys([key], [], _never, _now)).State);
    }

    [Theory]
    [InlineData(400, 380, FindingState.Weak)]
    [InlineData(400, 30, FindingState.Fine)]
    [InlineData(30, null, FindingState.Fine)]
    [InlineData(400, null, FindingState.Weak)]
    public void What_the_configuration_holds_is_as_old_as_the_start_that_brought_it(
        int firstDaysAgo, int? changedDaysAgo, FindingState state)
    {
        var history = History(
            firstDaysAgo, changedDaysAgo, "Countersign:Admin:Keys:ops", "countersign:projects:shop:clients:shop-1");
        var client = new ApiClient(ClientId.Parse("shop-1"), ProjectId.Parse("shop"), _hash) { Origin = ProjectOrigin.Configuration };

        Assert.Equal(state, Assert.Single(SecretChecks.OfAdminKeys([], ["ops"], history, _now)).State);
        Assert.Equal(state, Assert.Single(SecretChecks.OfClients([client], history, _now)).State);
    }

    [Theory]
    [InlineData(0, null, FindingState.Unknown)]
    [InlineData(0, 30, FindingState.Fine)]
    [InlineData(0, 366, FindingState.Weak)]
    [InlineData(30, 366, FindingState.Fine)]
    [InlineData(366, 30, FindingState.Weak)]
    public void The_encryption_key_is_as_old_as_it_seals_and_the_first_as_old_as_the_first_start(
        int sealsSinceDays, int? firstStartDaysAgo, FindingState state)
    {
        var from = sealsSinceDays == 0 ? DateTimeOffset.UnixEpoch : _now.AddDays(-sealsSinceDays);

        Assert.Equal(state, SecretChecks.OfEncryptionKey(from, firstStartDaysAgo is { } days ? History(days, null) : _never, _now).State);
    }

    [Theory]
    // In shadow from before the first start, which is so many days ago; so many texts; the most in an hour; what the rule has found.
    [InlineData(LimitMode.Enforce, 30, 500, 90, 0, FindingState.Fine, "All refuse.")]
    [InlineData(LimitMode.Off, 30, 500, 90, 0, FindingState.Weak, "nothing is looked at")]
    [InlineData(LimitMode.Shadow, null, 500, 90, 0, FindingState.Unknown, "not known yet")]
    [InlineData(LimitMode.Shadow, 13, 500, 90, 0, FindingState.Fine, "since 2026-11-17; 500 texts in the last 30 days. That is too little")]
    [InlineData(LimitMode.Shadow, 15, 99, 90, 0, FindingState.Fine, "That is too little")]
    [InlineData(LimitMode.Shadow, 15, 500, 90, 0, FindingState.Weak, "No hour had more than 90, and it permits 100")]
    [InlineData(LimitMode.Shadow, 15, 500, 101, 0, FindingState.Weak, "An hour had 101 texts")]
    [InlineData(LimitMode.Shadow, 15, 500, 90, 3, FindingState.Weak, "It has found something 3 times")]
    [InlineData(LimitMode.Shadow, 15, 500, 90, -1, FindingState.Weak, "It has found nothing")]
    public void A_rule_that_only_tells_is_weak_when_it_has_told_long_enough_of_enough(
        LimitMode mode, int? firstDaysAgo, long texts, long mostInAnHour, int found, FindingState state, string words)
    {
        var history = firstDaysAgo is { } days ? History(days, null) : _never;
        var evidence = new ShadowEvidence(
            _now, 30, texts, mostInAnHour, new Dictionary<string, int> { [PumpingRule.Sequence] = Math.Max(found, 0) });
        var limits = new TextLimitOptions { PerCountry = 100, Address = LimitMode.Enforce, Prefix = LimitMode.Enforce, Country = mode };
        var rules = new PumpingOptions
        {
            PrefixConversion = LimitMode.Enforce, CountryConversion = LimitMode.Enforce, Address = LimitMode.Enforce,
            Growth = LimitMode.Enforce, Denied = LimitMode.Enforce, Sequence = mode,
        };

        var told = Assert.Single(found == 0
            ? ShadowChecks.OfLimits(limits, history, evidence) : ShadowChecks.OfPumping(rules, history, evidence));

        Assert.Equal(state, told.State);
        Assert.Contains(words, told.Says, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rule_is_in_shadow_since_its_last_change()
    {
        var history = History(60, 5, "Countersign:TextLimits:Country");

        Assert.Equal(_now.AddDays(-5), history.SinceOf("TextLimits:Country"));
        Assert.Equal(_now.AddDays(-60), history.SinceOf("TextLimits:Count"));
        Assert.Equal(_now.AddDays(-60), history.SinceOf("TextLimits:Prefix"));
        Assert.Null(_never.SinceOf("TextLimits:Prefix"));
    }

    [Theory]
    [InlineData(ProviderKind.Gateway, 0, false, false, "gateways.failing", FindingState.Fine)]
    [InlineData(ProviderKind.Gateway, 0, false, true, "gateways.failing", FindingState.Weak)]
    [InlineData(ProviderKind.Gateway, 1, false, false, "gateways.failing", FindingState.Weak)]
    [InlineData(ProviderKind.Gateway, 3, false, false, "gateways.failing", FindingState.Broken)]
    [InlineData(ProviderKind.Gateway, null, false, false, "gateways.failing", FindingState.Unknown)]
    [InlineData(ProviderKind.Operator, 20, true, false, "operators.failing", FindingState.Broken)]
    [InlineData(ProviderKind.Operator, 0, false, false, "operators.failing", FindingState.Fine)]
    [InlineData(ProviderKind.Source, 4, false, false, "sources.failing", FindingState.Broken)]
    [InlineData(ProviderKind.Source, 0, false, false, "sources.failing", FindingState.Fine)]
    public void Who_does_not_answer_is_named(
        ProviderKind kind, int? failures, bool rests, bool seldomDelivers, string check, FindingState state)
    {
        var standing = new ProviderStanding(kind, "one", failures, rests) { SeldomDelivers = seldomDelivers };

        var found = Assert.Single(StandingChecks.Of([standing], isRunning: true));
        var stopped = Assert.Single(StandingChecks.Of([standing], isRunning: false));

        Assert.Equal((check, state, "one"), (found.Check.Id, found.State, found.About));
        Assert.Equal(FindingState.Unknown, stopped.State);
    }

    [Theory]
    [InlineData(19, 0, FindingState.Unknown)]
    [InlineData(20, 0, FindingState.Weak)]
    [InlineData(20, 1, FindingState.Fine)]
    public void A_gateway_that_tells_of_no_text_is_named(long texts, long delivered, FindingState state)
    {
        var count = new OutcomeCount(CountedBy.Gateway, "main", _now, texts, 0, 0, texts, delivered, texts, 0, 0);

        var found = StandingChecks.OfReceipts(["main", "other"], [count], 7).ToList();

        Assert.Equal([("main", state), ("other", FindingState.Unknown)], found.Select(one => (one.About, one.State)));
    }

    [Theory]
    [InlineData("caps.none", FindingState.Weak, null, null, 0, true)]
    [InlineData("caps.none", FindingState.Fine, 50, null, 0, true)]
    [InlineData("caps.none", FindingState.Fine, null, 50, 0, true)]
    [InlineData("caps.spent", FindingState.Fine, null, null, 0, true)]
    [InlineData("caps.spent", FindingState.Fine, 50, null, 39, true)]
    [InlineData("caps.spent", FindingState.Weak, 50, null, 40, true)]
    [InlineData("caps.spent", FindingState.Broken, 50, null, 50, true)]
    [InlineData("caps.spent", FindingState.Broken, null, 50, 60, true)]
    [InlineData("caps.unpriced", FindingState.Fine, null, null, 0, false)]
    [InlineData("caps.unpriced", FindingState.Fine, 50, null, 0, true)]
    [InlineData("caps.unpriced", FindingState.Broken, 50, null, 0, false)]
    [InlineData("caps.unpriced", FindingState.Broken, null, 50, 0, false)]
    public void Money_is_judged_by_caps_prices_and_what_is_spent(
        string check, FindingState state, int? ofServer, int? ofProject, int spent, bool isPriced)
    {
        var owner = ofServer is null ? SpendingOwner.Of(ProjectId.Parse("shop")) : SpendingOwner.Server;
        var project = Project("shop", new() { Caps = ofProject is { } own ? new Caps(own, null, "EUR") : null });
        var prices = isPriced ? PriceList.Read("gateway,country,price,currency\nmain,US,0.01,EUR\n", _ => true, out _) : null;

        var found = CapChecks.Of(
            ofServer is { } cap ? new Caps(cap, null, "EUR") : null, [project], new CapRules(prices) { Gateways = ["main"] },
            [new Spent(owner, CapWindows.MonthOf(_now), CapWindows.DayOf(_now), spent, spent)], _now).Where(one => one.Check.Id == check);

        Assert.Equal([state], found.Select(one => one.State));
    }

    [Theory]
    [InlineData(0, 0, null, FindingState.Fine)]
    [InlineData(999, 0, null, FindingState.Fine)]
    [InlineData(1000, 0, null, FindingState.Broken)]
    [InlineData(0, 2, 25, FindingState.Weak)]
    [InlineData(0, 2, 23, FindingState.Broken)]
    public void A_webhook_that_does_not_take_events_is_named_without_its_address(
        int waiting, int dead, int? hoursAgo, FindingState state)
    {
        var last = hoursAgo is { } hours
            ? new DeadDelivery(Guid.NewGuid(), "flow.finished", _now.AddHours(-hours - 24), _now.AddHours(-hours), 9, "500") : null;

        var found = WebhookChecks.Of([new SeenWebhook(Webhook(isOn: true), new DeliveryCounts(waiting, dead), last)], _now)
            .Single(one => one.Check == Checks.WebhooksFailing);

        Assert.Equal(state, found.State);
        Assert.DoesNotContain("token-of-theirs", $"{found.Says} {found.About}", StringComparison.Ordinal);
        Assert.Equal(state != FindingState.Fine, found.About is not null);
    }

    [Theory]
    [InlineData(true, FindingState.Fine)]
    [InlineData(false, FindingState.Weak)]
    public void A_webhook_that_is_off_is_named(bool isOn, FindingState state) => Assert.Equal(
        state,
        WebhookChecks.Of([new SeenWebhook(Webhook(isOn), new DeliveryCounts(0, 0), null)], _now)
            .Single(one => one.Check == Checks.WebhooksOff).State);

    [Theory]
    [InlineData("store.answers", FindingState.Fine, 0, null, null, 0.0)]
    [InlineData("store.schema", FindingState.Fine, 0, null, null, 0.0)]
    [InlineData("store.schema", FindingState.Weak, 2, null, null, 0.0)]
    [InlineData("store.schema", FindingState.Broken, 0, "its schema is 0099, a newer version's", null, 0.0)]
    [InlineData("store.mode", FindingState.Fine, 0, null, null, 0.0)]
    [InlineData("store.mode", FindingState.Fine, 0, null, Mode.Live, 0.0)]
    [InlineData("store.mode", FindingState.Broken, 0, null, Mode.Sandbox, 0.0)]
    [InlineData("store.clock", FindingState.Fine, 0, null, null, -1.9)]
    [InlineData("store.clock", FindingState.Weak, 0, null, null, -2.1)]
    [InlineData("store.clock", FindingState.Weak, 0, null, null, 150.0)]
    public void A_store_is_judged_by_what_it_says(
        string check, FindingState state, int lacking, string? problem, Mode? mode, double skew)
    {
        var facts = new StoreFacts("0054", lacking, problem, mode, TimeSpan.FromSeconds(skew));

        Assert.Equal(state, StoreChecks.Of(facts, Mode.Live, _now).Single(one => one.Check.Id == check).State);
    }

    [Theory]
    [InlineData(null, true, FindingState.Weak)]
    [InlineData(8, true, FindingState.Weak)]
    [InlineData(6, true, FindingState.Fine)]
    [InlineData(null, false, null)]
    public void A_backup_that_is_long_ago_is_named_where_the_server_takes_them(int? daysAgo, bool takesBackups, FindingState? state)
    {
        var facts = new StoreFacts("0054", 0, null, null, null)
        {
            BackupTakenAt = daysAgo is { } days ? _now.AddDays(-days) : null, TakesBackups = takesBackups,
        };

        Assert.Equal(
            state, StoreChecks.Of(facts, Mode.Live, _now).FirstOrDefault(one => one.Check == Checks.BackupOld)?.State);
        Assert.DoesNotContain(StoreChecks.Of(facts, Mode.Sandbox, _now), one => one.Check == Checks.BackupOld);
    }

    [Fact]
    public void What_a_failure_says_has_its_cause()
    {
        var failure = new UnavailableException("The store does not answer.", TimeSpan.Zero, new IOException("Connection refused"));

        Assert.Equal("The store does not answer. Connection refused", StoreChecks.WhyOf(failure));
        Assert.Equal("The store is away.", StoreChecks.WhyOf(new IOException("The store is away.")));
    }

    /// <param name="changed">What was changed with a second start, if there was one.</param>
    private static SettingHistory History(int firstDaysAgo, int? changedDaysAgo, params string[] changed) => new(
    [
        .. changedDaysAgo is { } days ? [(_now.AddDays(-days), changed)] : ((DateTimeOffset, IReadOnlyList<string>)[])[],
        (_now.AddDays(-firstDaysAgo), ["Countersign:Mode"]),
    ]);

    private static Project Project(string id, ProjectSettings settings) => new(ProjectId.Parse(id), id, settings);

    private static Webhook Webhook(bool isOn) => new(
        WebhookId.New(), ProjectId.Parse("shop"), new Uri("https://shop.example/hooks?token-of-theirs"), [], isOn, WebhookSecret.New(),
        _now);
}
