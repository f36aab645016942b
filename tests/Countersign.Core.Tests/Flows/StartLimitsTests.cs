using Countersign.Core.Devices;
using Countersign.Core.Flows;
using Countersign.Core.Limits;
using Countersign.Core.Possession;
using Countersign.Core.Projects;
using Countersign.Core.Tests.Fakes;

namespace Countersign.Core.Tests.Flows;

public sealed class StartLimitsTests
{
    private static readonly ClientId _client = ClientId.Parse("till");

    private readonly FlowStage _stage = new(new TextLimitOptions { PerHour = 1, PerClient = 1 });

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    private CounterKeys Keys => new(_stage.Hasher);

    [Theory]
    [InlineData(FlowType.Mobile)]
    [InlineData(FlowType.Desktop)]
    public async Task A_flow_that_only_a_text_can_prove_does_not_begin_where_none_may_be_sent(FlowType type)
    {
        Assert.Null(await JudgeAsync(Sample.Flow(type)));

        await ChargeTextAsync();

        Assert.Equal(LimitRule.TextsOfProjectInHour, (await JudgeAsync(Sample.Flow(type)))?.Rule);
    }

    [Fact]
    public async Task A_flow_that_no_text_proves_begins_all_the_same()
    {
        await ChargeTextAsync();

        Assert.Null(await JudgeAsync(Sample.Flow(FlowType.None)));
        Assert.Null(await JudgeAsync(Sample.Flow() with { TakesNoText = true }));
        Assert.Null(await JudgeAsync(
            Sample.Flow() with { Possession = new PossessionState.Ready(new PossessionPlan(PossessionMethod.MobileAuth)) }));
        Assert.Null(await JudgeAsync(Sample.Flow(FlowType.None) with { Possession = FlowType.None.ToPossession(Product.Unify) }));
    }

    [Theory]
    [Trait("attack", "S10")]
    [InlineData(FlowType.Mobile, false)]
    [InlineData(FlowType.Desktop, true)]
    public async Task A_code_does_not_begin_where_none_may_be_entered_and_a_link_does(FlowType type, bool begins)
    {
        _stage.Budget.GuessProbability = 0.00001m;
        Assert.Null(await JudgeAsync(Sample.Flow(type)));

        await ChargeGuessesAsync(5);

        Assert.Equal(begins ? null : LimitRule.GuessesOfProject, (await JudgeAsync(Sample.Flow(type)))?.Rule);
    }

    [Theory]
    [InlineData("Shop: ####", false)]
    [InlineData("Shop: ######", true)]
    [InlineData(null, true)]
    public async Task The_code_that_counts_is_as_long_as_the_flows_wording_says(string? wording, bool begins)
    {
        _stage.Budget.GuessProbability = 0.00001m;

        Assert.Equal(begins, await JudgeAsync(Sample.Flow() with { SmsMessage = wording }) is null);
    }

    [Fact]
    public async Task A_client_that_has_caused_too_many_texts_begins_none()
    {
        await ChargeClientAsync();

        Assert.Equal(LimitRule.TextsOfClient, (await JudgeAsync(Sample.Flow() with { Client = _client }))?.Rule);
        Assert.Null(await JudgeAsync(Sample.Flow() with { Client = ClientId.Parse("another") }));
    }

    [Theory]
    [InlineData(LimitRule.TextsOfPrefix, LimitMode.Enforce, true)]
    [InlineData(LimitRule.TextsOfCountry, LimitMode.Enforce, true)]
    [InlineData(LimitRule.TextsOfPrefix, LimitMode.Shadow, false)]
    [InlineData(LimitRule.TextsOfCountry, LimitMode.Shadow, false)]
    public async Task A_number_whose_neighbours_have_got_too_many_texts_begins_none(string rule, LimitMode mode, bool isRefused)
    {
        var isPrefix = rule == LimitRule.TextsOfPrefix;
        (_stage.TextLimits.PerPrefix, _stage.TextLimits.PerCountry) = (isPrefix ? 1 : null, isPrefix ? null : 1);
        (_stage.TextLimits.Prefix, _stage.TextLimits.Country) = (mode, mode);
        await ChargeClientAsync();

        Assert.Equal(isRefused ? rule : null, (await JudgeAsync(Sample.Flow()))?.Rule);
    }

    [Fact]
    public async Task Of_more_than_one_limit_the_lines_is_told()
    {
        _stage.Budget.GuessProbability = 0.00001m;
        await ChargeTextAsync();
        await ChargeGuessesAsync(5);
        await ChargeClientAsync();

        Assert.Equal(LimitRule.TextsOfProjectInHour, (await JudgeAsync(Sample.Flow() with { Client = _client }))?.Rule);
    }

    [Theory]
    [InlineData(FlowType.Mobile, true)]
    [InlineData(FlowType.Desktop, false)]
    public async Task Where_a_network_may_say_the_number_a_mobile_flow_begins_without_a_text(FlowType type, bool begins)
    {
        _stage.HasNetworks = true;
        await ChargeTextAsync();

        Assert.Equal(begins, await JudgeAsync(Sample.Flow(type)) is null);
    }

    [Theory]
    [InlineData(Product.Unify, true, true)]
    [InlineData(Product.Unify, false, false)]
    [InlineData(Product.VerifiedUsers, true, false)]
    public async Task Where_the_person_has_a_device_a_flow_that_takes_keys_begins_without_a_text(
        Product product, bool hasDevice, bool begins)
    {
        var person = await _stage.Identities.ObtainAsync(FlowStage.Shop.Id, Sample.Flow().Number, Sample.Now, Test);
        if (hasDevice)
        {
            var device = new Device(Guid.NewGuid(), FlowStage.Shop.Id, "key", [1], Sample.Now, person.Id);
            await _stage.Devices.AddAsync(device, Test);
        }
        await ChargeTextAsync();

        Assert.Equal(begins, await JudgeAsync(Sample.Flow() with { Possession = FlowType.Mobile.ToPossession(product) }) is null);
    }

    private ValueTask<Reached?> JudgeAsync(Flow flow) =>
        _stage.StartLimits.JudgeAsync(flow, new ProjectSettings(), Sample.Now, Test);

    private async Task ChargeTextAsync()
    {
        var limits = new TextLimits(_stage.Counters, Keys, _stage.TextLimits);
        await SaveAsync(await limits.JudgeAsync(Sample.Flow().Number, FlowStage.Shop.Id, Sample.Now, Test));
    }

    private async Task ChargeGuessesAsync(int guesses)
    {
        var limits = new GuessLimits(_stage.Counters, Keys, _stage.Budget);
        for (var i = 0; i < guesses; i++)
        {
            await SaveAsync(await limits.JudgeAsync(Sample.Flow().Number, FlowStage.Shop.Id, 6, 0.00001m, Sample.Now, Test));
        }
    }

    private async Task ChargeClientAsync()
    {
        var leases = new LeasedCounters(_stage.Counters, new Turns(_stage.Clock), _stage.Clock);
        Assert.Empty(await new TextSourceLimits(leases, Keys, new TenDigits(), _stage.TextLimits).CountAsync(
            new TextSource(Client: _client), Sample.Flow().Number, Test));
    }

    private async Task SaveAsync(Allowance allowance) =>
        Assert.True(await _stage.Counters.TrySaveAsync(Assert.IsType<Allowance.Possible>(allowance).Charged, Test));
}
