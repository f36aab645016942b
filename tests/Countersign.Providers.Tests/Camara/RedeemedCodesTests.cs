using Countersign.Core;
using Countersign.Core.Possession.MobileAuth;
using Countersign.Providers.Camara;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Providers.Tests.Camara;

/// <summary>How often a code is redeemed.</summary>
public sealed class RedeemedCodesTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly RedeemedCodes _codes;
    private int _redeemed;

    public RedeemedCodesTests() => _codes = new(_time);

    [Fact]
    public async Task A_code_is_forgotten_after_two_minutes_and_not_before()
    {
        await RedeemAsync("one");
        _time.Advance(TimeSpan.FromMinutes(2) - TimeSpan.FromTicks(1));
        await RedeemAsync("one");
        Assert.Equal(1, _redeemed);

        _time.Advance(TimeSpan.FromTicks(1));
        await RedeemAsync("one");

        Assert.Equal(2, _redeemed);
    }

    [Fact]
    public async Task Calls_that_forget_the_old_together_forget_nothing_else()
    {
        for (var round = 0; round < 300; round++)
        {
            await RedeemAsync($"old {round}");
            _time.Advance(TimeSpan.FromMinutes(1));
            await RedeemAsync($"live {round}");
            _time.Advance(TimeSpan.FromMinutes(1));

            var live = $"live {round}";
            await Parallel.ForAsync(0, 8, TestContext.Current.CancellationToken, async (_, _) => await RedeemAsync(live));
        }

        Assert.Equal(600, _redeemed);
    }

    private Task<NumberAnswer> RedeemAsync(string code) => _codes.OnceAsync(
        new Secret(code),
        () =>
        {
            Interlocked.Increment(ref _redeemed);
            return Task.FromResult<NumberAnswer>(new NumberAnswer.SameNumber());
        },
        TestContext.Current.CancellationToken);
}
