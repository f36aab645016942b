using Countersign.Core;
using Countersign.Core.Texts;
using Countersign.Providers.Texts;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using static Countersign.Core.Texts.SmsResult;

namespace Countersign.Providers.Tests.Texts;

public sealed class GuardedGatewayTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly TestGateway _gateway = new("alpha");
    private readonly GuardedGateway _guarded;

    public GuardedGatewayTests() => _guarded = new GuardedGateway(_gateway, _time, NullLogger.Instance);

    public void Dispose() => _guarded.Dispose();

    public static TheoryData<SmsRefusal?, bool> Failures => new()
    {
        { null, true },
        { SmsRefusal.ProviderDown, true },
        { SmsRefusal.AuthFailed, true },
        { SmsRefusal.NotWritten, true },
        { SmsRefusal.InvalidDestination, false },
        { SmsRefusal.Throttled, false },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_gateway_that_fails_at_half_of_its_calls_is_left_alone(SmsRefusal? why, bool isFailure)
    {
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(GatewayHealth.Well, _guarded.Health);
            _gateway.Answers(i % 2 == 0 ? new Accepted() : why is { } refusal ? new Rejected(refusal) : new Unknown());
            await SubmitAsync();
        }

        Assert.Equal(isFailure ? GatewayHealth.Resting : GatewayHealth.Well, _guarded.Health);
    }

    [Fact]
    public async Task Who_looks_hears_how_many_calls_in_a_row_have_failed()
    {
        var told = new List<int?> { _guarded.Standing.Failures };
        foreach (var answer in (SmsResult[])
            [new Unknown(), new Rejected(SmsRefusal.AuthFailed), new Rejected(SmsRefusal.Throttled), new Accepted(), new Unknown()])
        {
            _gateway.Answers(answer);
            await SubmitAsync();
            told.Add(_guarded.Standing.Failures);
        }

        Assert.Equal([null, 1, 2, 0, 0, 1], told);
        Assert.False(_guarded.Standing.Rests);
        await BreakAsync();
        Assert.True(_guarded.Standing.Rests);
    }

    [Fact]
    public async Task After_its_rest_one_call_tells_whether_it_works_again()
    {
        await BreakAsync();
        _time.Advance(TimeSpan.FromSeconds(14.9));
        Assert.Equal(GatewayHealth.Resting, _guarded.Health);

        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(GatewayHealth.Well, _guarded.Health);
        await SubmitAsync();
        Assert.Equal(GatewayHealth.Resting, _guarded.Health);
        _time.Advance(TimeSpan.FromSeconds(15));
        _gateway.Answers(new Accepted());
        await SubmitAsync();

        Assert.Equal(GatewayHealth.Well, _guarded.Health);
        await SubmitAsync();
        Assert.Equal(23, _gateway.Submissions.Count);
    }

    [Fact]
    public async Task A_gateway_at_rest_is_asked_all_the_same_when_nobody_else_is_left()
    {
        await BreakAsync();
        _gateway.Answers(new Accepted());

        Assert.Equal(new Accepted(), await SubmitAsync());
    }

    [Fact]
    public async Task A_gateway_at_rest_is_not_asked_for_what_need_not_be_sent()
    {
        await BreakAsync();
        var calls = _gateway.Submissions.Count;
        _gateway.Answers(new Accepted());

        Assert.Equal(new Rejected(SmsRefusal.ProviderDown), await SubmitAsync(evenAtRest: false));
        Assert.Equal(calls, _gateway.Submissions.Count);
        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(new Accepted(), await SubmitAsync(evenAtRest: false));
    }

    [Fact]
    public async Task No_more_than_thirty_two_calls_hang_in_it_at_once()
    {
        _gateway.KeepsSilent();
        var hanging = Enumerable.Range(0, 32).Select(_ => SubmitAsync()).ToArray();

        var oneMore = SubmitAsync();
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(new Rejected(SmsRefusal.ProviderDown), await oneMore);
        Assert.Equal(32, _gateway.Submissions.Count);
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.All(await Task.WhenAll(hanging), result => Assert.Equal(new Unknown(), result));
    }

    [Fact]
    public async Task A_call_that_waits_for_a_place_gets_the_first_that_is_free()
    {
        var first = new TaskCompletionSource<SmsResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        _gateway.Answer = (_, _) => first.Task;
        var hanging = Enumerable.Range(0, 32).Select(_ => SubmitAsync()).ToArray();
        var oneMore = SubmitAsync();

        first.SetResult(new Accepted());

        Assert.Equal(new Accepted(), await oneMore);
        await Task.WhenAll(hanging);
    }

    [Theory]
    [InlineData(11, 8, GatewayHealth.Well)]
    [InlineData(11, 9, GatewayHealth.SeldomDelivers)]
    [InlineData(0, 19, GatewayHealth.Well)]
    [InlineData(0, 20, GatewayHealth.SeldomDelivers)]
    [InlineData(30, 20, GatewayHealth.Well)]
    [InlineData(29, 21, GatewayHealth.SeldomDelivers)]
    public void A_gateway_that_delivers_less_than_six_in_ten_is_known_for_it(int delivered, int lost, GatewayHealth expected)
    {
        foreach (var wasDelivered in Enumerable.Repeat(true, delivered).Concat(Enumerable.Repeat(false, lost)))
        {
            _guarded.Record(wasDelivered);
        }

        Assert.Equal(expected, _guarded.Health);
    }

    [Fact]
    public void What_a_gateway_did_fifty_texts_ago_is_forgotten()
    {
        foreach (var wasDelivered in Enumerable.Repeat(false, 50).Concat(Enumerable.Repeat(true, 30)))
        {
            _guarded.Record(wasDelivered);
        }

        Assert.Equal(GatewayHealth.Well, _guarded.Health);
    }

    [Fact]
    public void What_a_gateway_did_more_than_ten_minutes_ago_is_forgotten()
    {
        foreach (var wasDelivered in Enumerable.Repeat(false, 50))
        {
            _guarded.Record(wasDelivered);
        }
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(GatewayHealth.SeldomDelivers, _guarded.Health);

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(GatewayHealth.Well, _guarded.Health);
    }

    private async Task BreakAsync()
    {
        _gateway.Answers(new Rejected(SmsRefusal.ProviderDown));
        for (var i = 0; i < 20; i++)
        {
            await SubmitAsync();
        }
        Assert.Equal(GatewayHealth.Resting, _guarded.Health);
    }

    private Task<SmsResult> SubmitAsync(bool evenAtRest = true)
    {
        var now = _time.GetUtcNow();
        var text = new OutgoingText(
            Guid.CreateVersion7(now), CorrelationId.New(now), PhoneNumber.Parse("+12025550142"), TextKind.Otp, new Secret("1234"),
            new Secret("1234"), now, now.AddMinutes(2));
        return _guarded.SubmitAsync(new SmsSubmission(text, 1, null, TimeSpan.FromMinutes(2), new Secret("token")), evenAtRest);
    }
}
