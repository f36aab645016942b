using Countersign.Core;
using Countersign.Core.Administration;
using Countersign.Core.Devices;
using Countersign.Core.Doctor;
using Countersign.Core.Events;
using Countersign.Core.Projects;
using Countersign.Server.Doctor;
using Countersign.Storage;

namespace Countersign.Server.Tests.Doctor;

/// <summary>What is made of what a store holds.</summary>
public sealed class StoredChecksTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);
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

        var found = Assert.Single(SecretChecks.OfClients([client], _now));

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

        Assert.Equal(state, Assert.Single(SecretChecks.OfAdminKeys([key], _now)).State);
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

        Assert.Equal(state, StoreChecks.Of(facts, Mode.Live).Single(one => one.Check.Id == check).State);
    }

    [Fact]
    public void What_a_failure_says_has_its_cause()
    {
        var failure = new UnavailableException("The store does not answer.", TimeSpan.Zero, new IOException("Connection refused"));

        Assert.Equal("The store does not answer. Connection refused", StoreChecks.WhyOf(failure));
        Assert.Equal("The store is away.", StoreChecks.WhyOf(new IOException("The store is away.")));
    }

    private static Project Project(string id, ProjectSettings settings) => new(ProjectId.Parse(id), id, settings);

    private static Webhook Webhook(bool isOn) => new(
        WebhookId.New(), ProjectId.Parse("shop"), new Uri("https://shop.example/hooks?token-of-theirs"), [], isOn, WebhookSecret.New(),
        _now);
}
