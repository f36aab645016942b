using Countersign.Core.Projects;
using Countersign.Core.Tests.Fakes;

namespace Countersign.Core.Tests.Projects;

public sealed class RevokedTokensTests
{
    private readonly StillClock _clock = new();
    private readonly MemoryRevocations _store = new();

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_store_is_read_once_in_thirty_seconds_whatever_is_asked()
    {
        using var node = new RevokedTokens(_store, _clock);

        foreach (var token in Enumerable.Range(0, 100))
        {
            Assert.False(await node.IsRevokedAsync($"{token}", _clock.Now, Test));
        }
        _clock.Now += TimeSpan.FromSeconds(29.9);
        await node.IsRevokedAsync("one", _clock.Now, Test);
        var before = _store.Reads;
        _clock.Now += TimeSpan.FromSeconds(0.1);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(token => node.IsRevokedAsync($"{token}", _clock.Now, Test).AsTask()));

        Assert.Equal((1, 2), (before, _store.Reads));
    }

    [Fact]
    public async Task A_revocation_holds_at_once_here_and_in_thirty_seconds_on_another_node()
    {
        using var here = new RevokedTokens(_store, _clock);
        using var there = new RevokedTokens(_store, _clock);
        await there.IsRevokedAsync("one", _clock.Now, Test);

        await here.RevokeAsync("one", _clock.Now.AddHours(1), Test);
        var atOnce = (await here.IsRevokedAsync("one", _clock.Now, Test), await there.IsRevokedAsync("one", _clock.Now, Test));
        _clock.Now += TimeSpan.FromSeconds(30);

        Assert.Equal((true, false), atOnce);
        Assert.True(await there.IsRevokedAsync("one", _clock.Now, Test));
    }

    [Fact]
    public async Task A_revocation_that_came_late_into_the_store_is_seen()
    {
        using var node = new RevokedTokens(_store, _clock);
        _clock.Now += TimeSpan.FromMinutes(10);
        await node.IsRevokedAsync("one", _clock.Now, Test);

        await _store.AddAsync(new RevokedToken("one", _clock.Now.AddMinutes(-4), _clock.Now.AddHours(1)), Test);
        _clock.Now += TimeSpan.FromSeconds(30);

        Assert.True(await node.IsRevokedAsync("one", _clock.Now, Test));
    }

    [Fact]
    public async Task A_clock_that_went_back_makes_nothing_last_longer()
    {
        using var node = new RevokedTokens(_store, _clock);
        await node.IsRevokedAsync("one", _clock.Now, Test);
        _clock.Now -= TimeSpan.FromHours(2);
        await _store.AddAsync(new RevokedToken("one", _clock.Now, _clock.Now.AddHours(1)), Test);

        Assert.True(await node.IsRevokedAsync("one", _clock.Now, Test));
    }

    [Fact]
    public async Task All_tokens_from_before_a_moment_can_be_ended_and_those_of_its_second_live()
    {
        using var node = new RevokedTokens(_store, _clock);
        var at = _clock.Now;

        await _store.AddAsync(new RevokedToken(RevokedToken.All, at, at.AddHours(1)), Test);

        Assert.True(await node.IsRevokedAsync("one", at.AddSeconds(-2), Test));
        Assert.False(await node.IsRevokedAsync("one", at.AddSeconds(-1), Test));
        Assert.False(await node.IsRevokedAsync("one", at, Test));
        Assert.False(await node.IsRevokedAsync(RevokedToken.All, at, Test));
    }

    [Fact]
    public async Task What_has_expired_is_forgotten()
    {
        using var node = new RevokedTokens(_store, _clock);
        await node.RevokeAsync("one", _clock.Now.AddSeconds(10), Test);
        await node.IsRevokedAsync("one", _clock.Now, Test);
        await _store.RemoveExpiredAsync(_clock.Now.AddSeconds(10), 10, Test);
        _clock.Now += TimeSpan.FromSeconds(10);

        node.ForgetExpired();

        Assert.False(await node.IsRevokedAsync("one", _clock.Now, Test));
    }

    private sealed class MemoryRevocations : IRevokedTokenStore
    {
        private readonly List<RevokedToken> _tokens = [];

        public int Reads { get; private set; }

        public Task AddAsync(RevokedToken token, CancellationToken cancellationToken)
        {
            _tokens.Add(token);
            return Task.CompletedTask;
        }

        public Task<IReadOnlyList<RevokedToken>> ListAsync(DateTimeOffset since, CancellationToken cancellationToken)
        {
            Reads++;
            return Task.FromResult<IReadOnlyList<RevokedToken>>([.. _tokens.Where(token => token.RevokedAt >= since)]);
        }

        public Task<int> RemoveExpiredAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
            Task.FromResult(_tokens.RemoveAll(token => token.ExpiresAt <= now));
    }
}
