using Countersign.Client.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Client.Tests.Http;

public sealed class AccessTokenTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private readonly FakeTimeProvider _time = new();
    private readonly StubServer _server = new();

    [Fact]
    public async Task It_is_asked_for_as_a_form_with_the_credentials_in_the_body_alone()
    {
        var options = Some.Options(_time);
        options.ClientId = "project 1";
        options.ClientSecret = "a+b&c=d";
        using var client = Some.Client(_server, options);

        await client.GetStatusAsync(Some.CorrelationId, Cancellation);

        var request = Assert.Single(_server.To(StubServer.Token));
        Assert.Equal("client_id=project+1&client_secret=a%2Bb%26c%3Dd&grant_type=client_credentials", request.Body);
        Assert.Equal("application/x-www-form-urlencoded", request.ContentType);
        Assert.Null(request.Authorization);
        Assert.Equal("Bearer token-1", _server.To(StubServer.VerifyStatus)[0].Authorization);
    }

    [Fact]
    public async Task A_hundred_parallel_callers_share_one()
    {
        var arrived = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        _server.Hold = (request, _) =>
        {
            arrived.TrySetResult();
            return request.Path == StubServer.Token ? release.Task : Task.CompletedTask;
        };
        using var client = Some.Client(_server, _time);

        var calls = Enumerable.Range(0, 100).Select(_ => Task.Run(() => client.GetStatusAsync(Some.CorrelationId, Cancellation))).ToArray();
        await arrived.Task;
        release.SetResult();
        await Task.WhenAll(calls);

        Assert.Single(_server.To(StubServer.Token));
        Assert.Equal(100, _server.To(StubServer.VerifyStatus).Count);
    }

    [Fact]
    public async Task A_caller_who_gives_up_does_not_take_it_from_the_others()
    {
        var arrived = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        _server.Hold = (request, cancellation) =>
        {
            arrived.TrySetResult();
            return request.Path == StubServer.Token ? release.Task.WaitAsync(cancellation) : Task.CompletedTask;
        };
        using var abort = new CancellationTokenSource();
        using var client = Some.Client(_server, _time);

        var impatient = client.GetStatusAsync(Some.CorrelationId, abort.Token);
        await arrived.Task;
        var patient = client.GetStatusAsync(Some.CorrelationId, Cancellation);
        await abort.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        release.SetResult();
        Assert.Equal(VerificationOutcome.True, (await patient).Outcome);
        Assert.Single(_server.To(StubServer.Token));
    }

    [Theory]
    [InlineData(3539, 1)]
    [InlineData(3540, 2)]
    public async Task It_is_renewed_a_minute_before_it_ends(int secondsLater, int tokens)
    {
        using var client = Some.Client(_server, _time);
        await client.GetStatusAsync(Some.CorrelationId, Cancellation);

        _time.Advance(TimeSpan.FromSeconds(secondsLater));
        await client.GetStatusAsync(Some.CorrelationId, Cancellation);

        Assert.Equal(tokens, _server.To(StubServer.Token).Count);
        Assert.Equal($"Bearer token-{tokens}", _server.To(StubServer.VerifyStatus)[1].Authorization);
    }

    [Theory]
    [InlineData(20, 9, 1)]
    [InlineData(20, 10, 2)]
    [InlineData(0, 0, 2)]
    public async Task A_short_one_is_renewed_at_half_of_its_life(int life, int secondsLater, int tokens)
    {
        _server.On(
            StubServer.Token, () => StubServer.Json(200, $$"""{"access_token":"short","token_type":"bearer","expires_in":{{life}}}"""));
        using var client = Some.Client(_server, _time);
        await client.GetStatusAsync(Some.CorrelationId, Cancellation);

        _time.Advance(TimeSpan.FromSeconds(secondsLater));
        await client.GetStatusAsync(Some.CorrelationId, Cancellation);

        Assert.Equal(tokens, _server.To(StubServer.Token).Count);
    }

    [Fact]
    public async Task When_the_server_refuses_it_a_new_one_is_asked_for_and_the_call_repeated()
    {
        _server.On(StubServer.Verify, NotAuthorized, () => StubServer.Json(200, Fixture.Read("verify-response.json")));
        using var client = Some.Client(_server, _time);

        await client.VerifyAsync(Some.VerifyRequest, Some.NoKey, Cancellation);

        Assert.Equal(["Bearer token-1", "Bearer token-2"], _server.To(StubServer.Verify).Select(request => request.Authorization));
    }

    [Fact]
    public async Task When_the_server_refuses_the_new_one_too_the_call_fails()
    {
        _server.On(StubServer.VerifyStatus, NotAuthorized);
        using var client = Some.Client(_server, _time);

        var exception = await Assert.ThrowsAsync<CountersignException>(() => client.GetStatusAsync(Some.CorrelationId, Cancellation));

        Assert.Equal(401, (int?)exception.StatusCode);
        Assert.Equal(CountersignErrorCode.NotAuthorized, exception.Code);
        Assert.Equal(2, _server.To(StubServer.Token).Count);
        Assert.Equal(2, _server.To(StubServer.VerifyStatus).Count);
    }

    [Fact]
    public async Task Of_many_calls_refused_with_the_same_one_only_one_renews_it()
    {
        using var bothSent = new Barrier(2);
        _server.Hold = (request, _) => request.Authorization == "Bearer token-1"
            ? Task.Run(() => bothSent.SignalAndWait(Cancellation), Cancellation)
            : Task.CompletedTask;
        _server.On(
            StubServer.VerifyStatus, NotAuthorized, NotAuthorized, () => StubServer.Json(200, Fixture.Read("verify-status-true.json")));
        using var client = Some.Client(_server, _time);

        await Task.WhenAll(
            client.GetStatusAsync(Some.CorrelationId, Cancellation),
            client.GetStatusAsync(Some.CorrelationId, Cancellation));

        Assert.Equal(2, _server.To(StubServer.Token).Count);
    }

    [Fact]
    public async Task Wrong_credentials_are_not_tried_again_and_the_message_says_what_to_check()
    {
        _server.On(StubServer.Token, NotAuthorized);
        using var client = Some.Client(_server, _time);

        var exception = await Assert.ThrowsAsync<CountersignException>(() => client.GetStatusAsync(Some.CorrelationId, Cancellation));

        Assert.Contains("client id", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Some.Secret, exception.ToString(), StringComparison.Ordinal);
        Assert.Empty(_server.To(StubServer.VerifyStatus));
    }

    [Fact]
    public async Task A_fetch_that_failed_is_not_remembered()
    {
        _server.On(
            StubServer.Token,
            NotAuthorized,
            () => StubServer.Json(200, """{"access_token":"good","token_type":"Bearer","expires_in":3600}"""));
        using var client = Some.Client(_server, _time);
        await Assert.ThrowsAsync<CountersignException>(() => client.GetStatusAsync(Some.CorrelationId, Cancellation));

        var response = await client.GetStatusAsync(Some.CorrelationId, Cancellation);

        Assert.Equal(VerificationOutcome.True, response.Outcome);
    }

    // Token endpoints behind gateways and of other servers write the life in more ways than the contract's.
    [Theory]
    [InlineData("""  "expires_in":"3600"  """, 3539, 1)]
    [InlineData("""  "expires_in":"3600"  """, 3540, 2)]
    [InlineData("""  "expires_in":" 3600 "  """, 3539, 1)]
    [InlineData("""  "expires_in":3600.0  """, 3539, 1)]
    [InlineData("""  "expires_in":"3600.5"  """, 3540, 1)]
    [InlineData("""  "expires_in":3.6e3  """, 3540, 2)]
    [InlineData("""  "expires_in":-1  """, 0, 2)]
    [InlineData("""  "expires_in":"-1"  """, 0, 2)]
    [InlineData("""  "expires_in":1e300  """, 80_000, 1)]
    [InlineData("""  "scope":"x"  """, 239, 1)]
    [InlineData("""  "scope":"x"  """, 240, 2)]
    [InlineData("""  "expires_in":null  """, 239, 1)]
    [InlineData("""  "expires_in":"soon"  """, 239, 1)]
    [InlineData("""  "expires_in":"NaN"  """, 239, 1)]
    [InlineData("""  "expires_in":{"seconds":3600},"scope":["a"]  """, 240, 2)]
    public async Task Its_life_is_read_however_it_is_written(string life, int secondsLater, int tokens)
    {
        _server.On(StubServer.Token, () => StubServer.Json(200, $$"""{"access_token":"t","token_type":"bearer",{{life}}}"""));
        using var client = Some.Client(_server, _time);
        await client.GetStatusAsync(Some.CorrelationId, Cancellation);

        _time.Advance(TimeSpan.FromSeconds(secondsLater));
        await client.GetStatusAsync(Some.CorrelationId, Cancellation);

        Assert.Equal(tokens, _server.To(StubServer.Token).Count);
    }

    [Fact]
    public async Task A_byte_order_mark_before_an_answer_is_passed_over()
    {
        _server.On(
            StubServer.Token,
            () => StubServer.Json(200, "\uFEFF{\"access_token\":\"marked\",\"token_type\":\"Bearer\",\"expires_in\":3600}"));
        using var client = Some.Client(_server, _time);

        await client.GetStatusAsync(Some.CorrelationId, Cancellation);

        Assert.Equal("Bearer marked", _server.To(StubServer.VerifyStatus)[0].Authorization);
    }

    [Theory]
    [InlineData("""{"token_type":"Bearer","expires_in":3600}""")]
    [InlineData("""{"access_token":"t","token_type":"mac","expires_in":3600}""")]
    [InlineData("""{"access_token":"t","expires_in":"soon"}""")]
    [InlineData("""{"access_token":"t\r\nX: y","token_type":"Bearer","expires_in":3600}""")]
    [InlineData("""{"access_token":"\u0000","token_type":"Bearer","expires_in":3600}""")]
    [InlineData("""{"access_token":"tök","token_type":"Bearer","expires_in":3600}""")]
    public async Task An_answer_that_is_no_bearer_token_is_an_error(string body)
    {
        _server.On(StubServer.Token, () => StubServer.Json(200, body));
        using var client = Some.Client(_server, _time);

        var exception = await Assert.ThrowsAsync<CountersignException>(() => client.GetStatusAsync(Some.CorrelationId, Cancellation));

        Assert.Equal(200, (int?)exception.StatusCode);
        Assert.Single(_server.Requests);
    }

    private static HttpResponseMessage NotAuthorized() => StubServer.Error(401, 8002, "not authorized");
}
