using Countersign.Core.Texts;

namespace Countersign.Server.Tests.Whole.Kannel;

/// <summary>Troubles that would stand in other tests' way, each with a Kannel of its own.</summary>
public sealed class RealKannelTroubleTests : IAsyncLifetime
{
    private readonly RealKannelStage _stage = new();

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _stage.InitializeAsync();

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task While_the_operator_is_away_Kannel_keeps_the_text_and_nothing_is_heard_until_it_is_back()
    {
        await _stage.Kannel.SmscDownAsync();
        var text = _stage.Text("+12025550142", "Your code is 1234.");

        var result = await _stage.Gateway.SubmitAsync(text, Test);
        var heard = _stage.CountReceipts(text);
        await _stage.Kannel.SmscUpAsync();

        Assert.Equal((new SmsResult.Accepted(), 0), (result, heard));
        Assert.Equal([ReceiptState.Enroute, ReceiptState.Delivered], (await _stage.ReceiptsAsync(text, 2)).Order());
    }

    [Fact]
    public async Task A_text_that_the_operator_throttles_is_taken_and_never_heard_of()
    {
        var text = _stage.Text("+12025551002", "Your code is 1234.");

        var result = await _stage.Gateway.SubmitAsync(text, Test);
        await _stage.Kannel.SmscAsync("refused", "12025551002");

        // Kannel tries on by itself; the deadline decides, and the next gateway.
        Assert.Equal((new SmsResult.Accepted(), 0), (result, _stage.CountReceipts(text)));
    }

    [Fact]
    public async Task Where_smsbox_has_ended_nothing_was_taken()
    {
        await _stage.Kannel.StopSmsboxAsync();

        Assert.Equal(
            new SmsResult.Rejected(SmsRefusal.ProviderDown),
            await _stage.Gateway.SubmitAsync(_stage.Text("+12025550142", "Your code is 1234."), Test));
    }
}
