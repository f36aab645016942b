using Countersign.Providers.Http;
using Microsoft.Extensions.Time.Testing;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Countersign.Providers.Tests.Http;

/// <summary>What it does for texts, places included, is in the tests of guarded gateways.</summary>
public sealed class ProviderBreakerTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _told = [];
    private readonly ProviderBreaker<string> _breaker;

    public ProviderBreakerTests() => _breaker = new(
        new()
        {
            Timeout = TimeSpan.FromSeconds(3),
            IsFailure = outcome => outcome.Exception is IOException || outcome.Result == "down",
            Opened = () => _told.Add("opened"),
            Closed = () => _told.Add("closed"),
        },
        _time);

    public void Dispose() => _breaker.Dispose();

    [Fact]
    public async Task A_call_ends_with_its_time()
    {
        var call = AskAsync(async token =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return "never";
        });
        _time.Advance(TimeSpan.FromSeconds(3));

        await Assert.ThrowsAsync<TimeoutRejectedException>(() => call);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_fails_at_every_call_is_not_asked_for_a_while_and_then_once(bool throws)
    {
        await BreakAsync(throws);
        var asked = 0;

        await Assert.ThrowsAsync<BrokenCircuitException>(() => AskAsync(Count));
        _time.Advance(ProviderGuards.Rest);
        Assert.False(_breaker.IsOpen);
        Assert.Equal("well", await AskAsync(Count));

        Assert.Equal((1, false, false), (asked, _breaker.IsOpen, _breaker.IsProbed));
        Assert.Equal(["opened", "closed"], _told);

        Task<string> Count(CancellationToken token)
        {
            asked++;
            return Task.FromResult("well");
        }
    }

    [Fact]
    public async Task Who_is_asked_all_the_same_is_left_alone_as_long_as_before()
    {
        await BreakAsync(throws: false);

        Assert.Equal("well", await _breaker.CallAsync(_ => Task.FromResult("well"), evenWhenOpen: true));

        Assert.True(_breaker.IsOpen);
        Assert.Equal(["opened"], _told);
    }

    private Task<string> AskAsync(Func<CancellationToken, Task<string>> call) => _breaker.CallAsync(call);

    private async Task BreakAsync(bool throws)
    {
        for (var i = 0; i < 20; i++)
        {
            Assert.False(_breaker.IsOpen);
            if (throws)
            {
                await Assert.ThrowsAsync<IOException>(() => AskAsync(_ => Task.FromException<string>(new IOException())));
            }
            else
            {
                await AskAsync(_ => Task.FromResult("down"));
            }
        }
        Assert.True(_breaker.IsOpen);
    }
}
