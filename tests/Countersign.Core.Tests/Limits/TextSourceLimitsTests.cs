using Countersign.Core.Keys;
using Countersign.Core.Limits;
using Countersign.Core.Tests.Fakes;

namespace Countersign.Core.Tests.Limits;

public sealed class TextSourceLimitsTests
{
    private static readonly DateTimeOffset _noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly BrowserNetwork _house = new("203.0.113.7", IsOfOne: true);
    private static readonly BrowserNetwork _proxy = new("10.0.0.1", IsOfOne: false);
    private static readonly ClientId _client = ClientId.Parse("client-one");
    private static readonly ClientId _other = ClientId.Parse("client-two");

    private readonly MemoryCounters _counters = new();
    private readonly StillClock _clock = new() { Now = _noon };

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_address_prefix_and_country_are_counted_apart()
    {
        var limits = Limits(new TextLimitOptions
        {
            PerClient = 1, PerAddress = 1, PerPrefix = 1, PerCountry = 2,
            Client = LimitMode.Shadow, Address = LimitMode.Shadow, Prefix = LimitMode.Shadow, Country = LimitMode.Shadow,
        });
        Assert.Empty(await CountAsync(limits, _house, _client, Number()));

        Assert.Equal([LimitRule.TextsOfClient], await RulesAsync(limits, from: null, _client, Elsewhere()));
        Assert.Equal([LimitRule.TextsOfAddress], await RulesAsync(limits, _house, client: null, Elsewhere(1)));
        Assert.Equal([LimitRule.TextsOfPrefix], await RulesAsync(limits, from: null, _other, Number(1)));
        Assert.Equal([LimitRule.TextsOfCountry], await RulesAsync(limits, from: null, client: null, Number(1, prefix: 556)));
        Assert.Empty(await RulesAsync(limits, from: null, client: null, PhoneNumber.Parse("+8816123456789")));
        Assert.Equal(
            [LimitRule.TextsOfClient, LimitRule.TextsOfAddress, LimitRule.TextsOfPrefix, LimitRule.TextsOfCountry],
            await RulesAsync(limits, _house, _client, Number(2)));
    }

    [Fact]
    public async Task Of_several_that_refuse_the_first_is_told()
    {
        var limits = Limits(new TextLimitOptions
        {
            PerClient = 1, PerAddress = 1, PerPrefix = 1,
            Client = LimitMode.Enforce, Address = LimitMode.Enforce, Prefix = LimitMode.Shadow,
        });
        await CountAsync(limits, _house, _client, Number());

        var reached = Assert.Single(await CountAsync(limits, _house, _client, Number(1)));

        Assert.Equal((LimitRule.TextsOfClient, LimitMode.Enforce), (reached.Reached.Rule, reached.Mode));
    }

    [Fact]
    public async Task What_is_refused_uses_up_nothing_of_others()
    {
        var limits = Limits(new TextLimitOptions
        {
            PerClient = 1, PerAddress = 2, PerPrefix = 2,
            Client = LimitMode.Enforce, Address = LimitMode.Enforce, Prefix = LimitMode.Shadow,
        });
        await CountAsync(limits, _house, _client, Number());
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal([LimitRule.TextsOfClient], await RulesAsync(limits, _house, _client, Number(1)));
        }

        Assert.Empty(await CountAsync(limits, _house, _other, Number(1)));
    }

    [Fact]
    public async Task Who_was_judged_and_finds_others_before_is_refused_after_all()
    {
        var limits = Limits(new TextLimitOptions { PerClient = 1, Client = LimitMode.Enforce });
        var source = new TextSource(Client: _client);
        Assert.Empty(await limits.JudgeAsync(source, Number(), Test));
        Assert.Empty(await Limits(new TextLimitOptions { PerClient = 1 }).CountAsync(source, Number(), Test));

        Assert.Equal(LimitMode.Enforce, Assert.Single(await limits.CountAsync(source, Number(), Test)).Mode);
        Assert.Equal(1, _counters.Saves);
    }

    [Fact]
    public async Task One_limit_alone_refuses_and_counts()
    {
        var limits = Limits(new TextLimitOptions { PerClient = 2, Client = LimitMode.Enforce });

        Assert.Empty(await CountAsync(limits, from: null, _client, Number()));
        Assert.Empty(await CountAsync(limits, from: null, _client, Number()));
        Assert.Equal([LimitRule.TextsOfClient], await RulesAsync(limits, from: null, _client, Number()));
        _clock.Now = _noon.AddMinutes(1);
        Assert.Empty(await CountAsync(limits, from: null, _client, Number()));
    }

    [Fact]
    public async Task An_address_that_may_be_a_proxys_refuses_nobody()
    {
        var limits = Limits(new TextLimitOptions { PerAddress = 1, Address = LimitMode.Enforce });
        await CountAsync(limits, _proxy, _client, Number());
        await CountAsync(limits, _house, _client, Number());

        Assert.Equal(LimitMode.Shadow, Assert.Single(await CountAsync(limits, _proxy, _client, Number())).Mode);
        Assert.Equal(LimitMode.Enforce, Assert.Single(await CountAsync(limits, _house, _client, Number())).Mode);
    }

    [Fact]
    public async Task What_is_off_is_not_counted()
    {
        var limits = Limits(new TextLimitOptions
        {
            PerClient = 1, PerAddress = 1, PerPrefix = 1, PerCountry = 1,
            Client = LimitMode.Off, Address = LimitMode.Off, Prefix = LimitMode.Off, Country = LimitMode.Off,
        });

        await CountAsync(limits, _house, _client, Number());
        Assert.Empty(await CountAsync(limits, _house, _client, Number()));
        Assert.Equal(0, _counters.Saves);
    }

    [Theory]
    [InlineData(LimitMode.Enforce, LimitRule.TextsOfClient)]
    [InlineData(LimitMode.Shadow, null)]
    public async Task What_is_judged_is_what_refuses(LimitMode mode, string? rule)
    {
        var limits = Limits(new TextLimitOptions { PerClient = 1, Client = mode });
        Assert.Empty(await JudgeAsync(_client));
        await CountAsync(limits, _house, _client, Number());

        Assert.Equal(rule is null ? [] : [rule], (await JudgeAsync(_client)).Select(one => one.Reached.Rule));
        Assert.Empty(await JudgeAsync(_other));
        Assert.Empty(await JudgeAsync(client: null));

        ValueTask<IReadOnlyList<SourceLimitReached>> JudgeAsync(ClientId? client) =>
            limits.JudgeAsync(new TextSource(Client: client), Number(), Test);
    }

    private static PhoneNumber Number(int last = 0, int prefix = 555) => PhoneNumber.Parse($"+1202{prefix}014{last}");

    private static PhoneNumber Elsewhere(int last = 0) => PhoneNumber.Parse($"+4915112{3 + last}0140");

    private TextSourceLimits Limits(TextLimitOptions options) => new(
        new LeasedCounters(_counters, new Turns(TimeProvider.System), _clock), new CounterKeys(new SecretHasher(new byte[32])),
        new CountryByCode(), options);

    private static async Task<IReadOnlyList<SourceLimitReached>> CountAsync(
        TextSourceLimits limits, BrowserNetwork? from, ClientId? client, PhoneNumber to)
    {
        var source = new TextSource(from, client);
        return await limits.JudgeAsync(source, to, Test) is { Count: > 0 } over ? over : await limits.CountAsync(source, to, Test);
    }

    private static async Task<IEnumerable<string>> RulesAsync(
        TextSourceLimits limits, BrowserNetwork? from, ClientId? client, PhoneNumber to) =>
        (await CountAsync(limits, from, client, to)).Select(one => one.Reached.Rule);
}
