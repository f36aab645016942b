using Countersign.Client.Tests.Support;

namespace Countersign.Client.Tests.Verify;

public sealed class WaitForResultTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private readonly SkippingTime _time = new();
    private readonly StubServer _server = new();

    [Theory]
    [InlineData("verify-status-true.json", "true")]
    [InlineData("verify-status-false.json", "false")]
    public async Task It_asks_until_the_flow_is_decided(string last, string outcome)
    {
        _server.On(StubServer.VerifyStatus, Pending, Pending, () => StubServer.Json(200, Fixture.Read(last)));

        var response = await WaitAsync();

        Assert.Equal(outcome, response.Outcome.Value);
        Assert.Equal(3, _server.To(StubServer.VerifyStatus).Count);
    }

    [Fact]
    public async Task Pauses_grow_by_half_up_to_the_longest()
    {
        _server.On(StubServer.VerifyStatus, [.. Enumerable.Repeat(Pending, 7), True]);

        await WaitAsync();

        Assert.Equal([1, 1.5, 2.25, 3.375, 5, 5, 5], _time.Pauses.Select(pause => pause.TotalSeconds));
    }

    [Fact]
    public async Task A_flow_that_was_pending_and_is_then_unknown_has_expired()
    {
        _server.On(StubServer.VerifyStatus, Pending, Unknown);

        var response = await WaitAsync();

        Assert.Equal(VerificationOutcome.Expired, response.Outcome);
        Assert.Equal(Some.CorrelationId, response.CorrelationId);
        Assert.Equal(PossessionResult.Pending, response.PossessionResult);
    }

    [Fact]
    public async Task A_flow_that_was_never_known_is_an_error()
    {
        _server.On(StubServer.VerifyStatus, Unknown);

        var exception = await Assert.ThrowsAsync<CountersignException>(() => WaitAsync());

        Assert.Equal(CountersignErrorCode.UnknownCorrelationId, exception.Code);
    }

    [Fact]
    public async Task At_the_time_out_it_asks_once_more_and_returns_what_it_hears()
    {
        _server.On(StubServer.VerifyStatus, Pending);

        var response = await WaitAsync(new WaitForResultOptions { Timeout = TimeSpan.FromSeconds(3) });

        Assert.Equal(VerificationOutcome.Pending, response.Outcome);
        Assert.Equal([1, 1.5, 0.5], _time.Pauses.Select(pause => pause.TotalSeconds));
        Assert.Equal(4, _server.To(StubServer.VerifyStatus).Count);
    }

    [Fact]
    public async Task By_default_it_waits_as_long_as_a_flow_lives()
    {
        _server.On(StubServer.VerifyStatus, Pending);

        await WaitAsync();

        Assert.Equal(TimeSpan.FromMinutes(15), TimeSpan.FromTicks(_time.Pauses.Sum(pause => pause.Ticks)));
    }

    [Fact]
    public async Task An_unknown_outcome_does_not_end_the_wait()
    {
        _server.On(StubServer.VerifyStatus, () => StubServer.Json(200, Fixture.Read("verify-status-unknown.json")), True);

        var response = await WaitAsync();

        Assert.Equal(VerificationOutcome.True, response.Outcome);
    }

    [Fact]
    public async Task A_server_that_is_away_for_a_while_does_not_end_the_wait()
    {
        _server.On(StubServer.VerifyStatus, [Pending, .. Enumerable.Repeat<Func<HttpResponseMessage>>(StubServer.Unreachable, 6), True]);

        var response = await WaitAsync();

        Assert.Equal(VerificationOutcome.True, response.Outcome);
    }

    [Fact]
    public async Task A_server_that_stays_away_is_an_error_at_the_time_out()
    {
        _server.On(StubServer.VerifyStatus, Pending, StubServer.Unreachable);

        var exception = await Assert.ThrowsAsync<CountersignException>(
            () => WaitAsync(new WaitForResultOptions { Timeout = TimeSpan.FromSeconds(9) }));

        Assert.Null(exception.StatusCode);
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_at_first_ends_the_wait_at_once()
    {
        _server.On(StubServer.VerifyStatus, StubServer.Unreachable);

        await Assert.ThrowsAsync<CountersignException>(() => WaitAsync());

        Assert.Equal(3, _server.To(StubServer.VerifyStatus).Count);
    }

    [Fact]
    public async Task A_server_that_is_busy_is_given_the_time_it_asks_for()
    {
        _server.On(StubServer.VerifyStatus, Pending, () => StubServer.Error(429, 8429, "too many requests", "60"), True);

        await WaitAsync();

        Assert.Equal([1, 60], _time.Pauses.Select(pause => pause.TotalSeconds));
    }

    [Fact]
    public async Task The_caller_can_end_the_wait()
    {
        using var cancellation = new CancellationTokenSource();
        _server.On(StubServer.VerifyStatus, Pending);
        _server.Hold = async (_, _) =>
        {
            if (_server.To(StubServer.VerifyStatus).Count == 3)
            {
                await cancellation.CancelAsync();
            }
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => WaitAsync(cancellationToken: cancellation.Token));
    }

    public static TheoryData<WaitForResultOptions> Impossible { get; } =
    [
        new WaitForResultOptions { Timeout = TimeSpan.Zero },
        new WaitForResultOptions { Interval = TimeSpan.Zero },
        new WaitForResultOptions { Interval = TimeSpan.FromSeconds(2), MaxInterval = TimeSpan.FromSeconds(1) },
    ];

    [Theory]
    [MemberData(nameof(Impossible), DisableDiscoveryEnumeration = true)]
    public async Task Impossible_times_are_refused_before_anything_is_sent(WaitForResultOptions options)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => WaitAsync(options));

        Assert.Empty(_server.Requests);
    }

    private static HttpResponseMessage Pending() => StubServer.Json(200, Fixture.Read("verify-status-pending.json"));

    private static HttpResponseMessage True() => StubServer.Json(200, Fixture.Read("verify-status-true.json"));

    private static HttpResponseMessage Unknown() => StubServer.Error(400, 8008, "invalid correlation id");

    private async Task<VerifyStatusResponse> WaitAsync(WaitForResultOptions? options = null, CancellationToken? cancellationToken = null)
    {
        using var client = Some.Client(_server, _time);
        return await client.WaitForResultAsync(Some.CorrelationId, options, cancellationToken ?? Cancellation);
    }
}
