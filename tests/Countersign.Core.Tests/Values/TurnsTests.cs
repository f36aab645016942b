using Microsoft.Extensions.Time.Testing;

namespace Countersign.Core.Tests.Values;

public sealed class TurnsTests
{
    private readonly FakeTimeProvider _time = new(Sample.Now);
    private readonly Turns _turns;

    public TurnsTests() => _turns = new Turns(_time);

    [Fact]
    public async Task Who_was_second_waits_until_the_time_of_the_call_is_over_and_not_longer()
    {
        var turn = _turns.Begin(Turns.CallTimeout);
        _time.Advance(Turns.CallTimeout - TimeSpan.FromTicks(1));
        Assert.Equal(TimeSpan.FromTicks(1), turn.Left);
        var pause = _turns.PauseAsync(1, turn, TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromTicks(1));

        var busy = await Assert.ThrowsAsync<UnavailableException>(
            () => _turns.PauseAsync(1, turn, TestContext.Current.CancellationToken));

        Assert.Equal(
            ("Other calls on the same flow took too long.", TimeSpan.FromSeconds(1)), (busy.Message, busy.RetryAfter));
        _time.Advance(TimeSpan.FromSeconds(1));
        await pause;
    }

    /// <summary>Eight, sixteen, thirty-two milliseconds at most, and never more than a quarter of a second.</summary>
    [Theory]
    [InlineData(1, 8)]
    [InlineData(2, 16)]
    [InlineData(5, 128)]
    [InlineData(6, 256)]
    [InlineData(40, 256)]
    public async Task The_pause_is_longer_the_more_often_others_were_first(int conflicts, int longest)
    {
        var pauses = Enumerable.Range(0, 200)
            .Select(_ => _turns.PauseAsync(conflicts, _turns.Begin(Turns.CallTimeout), TestContext.Current.CancellationToken)).ToArray();

        _time.Advance(TimeSpan.FromMilliseconds(longest / 2));
        Assert.Contains(pauses, pause => !pause.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(longest / 2));
        await Task.WhenAll(pauses);
    }

    [Fact]
    public async Task A_caller_that_goes_away_waits_no_longer()
    {
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _turns.PauseAsync(40, _turns.Begin(Turns.CallTimeout), gone.Token));
    }
}
