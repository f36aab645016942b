using Countersign.Client.Http;
using Countersign.Client.Tests.Support;

namespace Countersign.Client.Tests.Http;

public sealed class RetryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private readonly SkippingTime _time = new();
    private readonly StubServer _server = new();

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task A_server_that_is_briefly_away_is_asked_again_with_the_same_key_and_bytes(int status)
    {
        _server.On(StubServer.Verify, () => StubServer.Error(status, 8000, "later"), Verified);
        using var client = Some.Client(_server, _time);

        await client.VerifyAsync(Some.VerifyRequest, cancellationToken: Cancellation);

        var tries = _server.To(StubServer.Verify);
        Assert.Equal(2, tries.Count);
        Assert.Equal(tries[0], tries[1]);
    }

    [Fact]
    public async Task After_three_tries_the_failure_is_thrown()
    {
        _server.On(StubServer.VerifyStatus, StubServer.Unreachable);
        using var client = Some.Client(_server, _time);

        var exception = await Assert.ThrowsAsync<CountersignException>(() => client.GetStatusAsync(Some.CorrelationId, Cancellation));

        Assert.Null(exception.StatusCode);
        Assert.True(exception.IsTransient);
        Assert.IsType<HttpRequestException>(exception.InnerException);
        Assert.Equal(3, _server.To(StubServer.VerifyStatus).Count);
        Assert.Equal([200, 400], _time.Pauses.Select(pause => pause.TotalMilliseconds));
    }

    [Fact]
    public async Task The_token_is_asked_for_again_too()
    {
        _server.On(
            StubServer.Token,
            StubServer.Unreachable,
            () => StubServer.Error(503, 8000, "later"),
            () => StubServer.Json(200, """{"access_token":"third","token_type":"Bearer","expires_in":3600}"""));
        using var client = Some.Client(_server, _time);

        await client.GetStatusAsync(Some.CorrelationId, Cancellation);

        Assert.Equal("Bearer third", _server.To(StubServer.VerifyStatus)[0].Authorization);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_verify_without_a_key_is_sent_once(int status)
    {
        _server.On(StubServer.Verify, () => StubServer.Error(status, 8000, "later"));
        using var client = Some.Client(_server, _time);

        await Assert.ThrowsAsync<CountersignException>(() => client.VerifyAsync(Some.VerifyRequest, Some.NoKey, Cancellation));

        Assert.Single(_server.To(StubServer.Verify));
        Assert.Empty(_time.Pauses);
    }

    [Theory]
    [InlineData(400, 8001)]
    [InlineData(403, 8003)]
    [InlineData(404, 8011)]
    [InlineData(409, 8000)]
    [InlineData(422, 8422)]
    [InlineData(501, 8000)]
    [InlineData(302, 0)]
    public async Task A_refusal_is_final(int status, int code)
    {
        _server.On(StubServer.Verify, () => StubServer.Error(status, code, "refused"));
        using var client = Some.Client(_server, _time);

        var exception = await Assert.ThrowsAsync<CountersignException>(
            () => client.VerifyAsync(Some.VerifyRequest, cancellationToken: Cancellation));

        Assert.False(exception.IsTransient);
        Assert.Single(_server.To(StubServer.Verify));
    }

    [Fact]
    public async Task A_first_try_that_is_still_running_at_the_server_is_waited_for()
    {
        _server.On(StubServer.Verify, StubServer.Unreachable, () => StubServer.Error(409, 8409, "still running"), Verified);
        using var client = Some.Client(_server, _time);

        var response = await client.VerifyAsync(Some.VerifyRequest, cancellationToken: Cancellation);

        Assert.Equal(Some.CorrelationId, response.CorrelationId);
    }

    [Fact]
    [Trait("attack", "A06")]
    public async Task The_server_may_ask_for_a_longer_pause_in_seconds()
    {
        _server.On(StubServer.VerifyStatus, () => StubServer.Error(429, 8429, "too many requests", "7"), Decided);
        using var client = Some.Client(_server, _time);

        await client.GetStatusAsync(Some.CorrelationId, Cancellation);

        Assert.Equal([TimeSpan.FromSeconds(7)], _time.Pauses);
    }

    [Fact]
    public async Task The_server_may_ask_for_a_longer_pause_by_date()
    {
        var date = _time.GetUtcNow().AddSeconds(9).ToString("R");
        _server.On(StubServer.VerifyStatus, () => StubServer.Error(503, 8000, "later", date), Decided);
        using var client = Some.Client(_server, _time);

        await client.GetStatusAsync(Some.CorrelationId, Cancellation);

        Assert.Equal([TimeSpan.FromSeconds(9)], _time.Pauses);
    }

    [Fact]
    public async Task A_pause_of_more_than_half_a_minute_is_left_to_the_caller()
    {
        _server.On(StubServer.VerifyStatus, () => StubServer.Error(429, 8429, "too many requests", "31"));
        using var client = Some.Client(_server, _time);

        var exception = await Assert.ThrowsAsync<CountersignException>(() => client.GetStatusAsync(Some.CorrelationId, Cancellation));

        Assert.Equal(TimeSpan.FromSeconds(31), exception.RetryAfter);
        Assert.Single(_server.To(StubServer.VerifyStatus));
    }

    [Fact]
    public async Task One_try_at_most_turns_retries_off()
    {
        _server.On(StubServer.VerifyStatus, StubServer.Unreachable);
        var options = Some.Options(_time);
        options.MaxTries = 1;
        using var client = Some.Client(_server, options);

        await Assert.ThrowsAsync<CountersignException>(() => client.GetStatusAsync(Some.CorrelationId, Cancellation));

        Assert.Single(_server.To(StubServer.VerifyStatus));
    }

    [Theory]
    [InlineData(0.0, 1000)]
    [InlineData(0.5, 750)]
    [InlineData(0.999, 500.5)]
    public void A_pause_is_shortened_by_up_to_a_half(double random, double milliseconds)
    {
        var pause = new Jitter(() => random).Shorten(TimeSpan.FromSeconds(1));

        Assert.Equal(milliseconds, pause.TotalMilliseconds, tolerance: 0.01);
    }

    [Fact]
    public void The_systems_jitter_stays_within_its_bounds()
    {
        var pauses = Enumerable.Range(0, 1000).Select(_ => Jitter.FromSystem.Shorten(TimeSpan.FromSeconds(1))).ToArray();

        Assert.All(pauses, pause => Assert.InRange(pause.TotalMilliseconds, 500, 1000));
        Assert.True(pauses.Distinct().Count() > 900);
    }

    private static HttpResponseMessage Verified() => StubServer.Json(200, Fixture.Read("verify-response.json"));

    private static HttpResponseMessage Decided() => StubServer.Json(200, Fixture.Read("verify-status-true.json"));
}
