using Countersign.Client.Tests.Support;
using Countersign.Client.Tests.Wire;

namespace Countersign.Client.Tests.Unify;

public sealed class UnifyTests
{
    private const string Status = "/v3/unify-status";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private readonly SkippingTime _time = new();
    private readonly StubServer _server = new();

    [Fact]
    public async Task A_start_without_options_holds_two_members()
    {
        _server.On("/v3/unify", () => StubServer.Json(200, Fixture.Read("unify-response.json")));
        using var client = Some.Client(_server);

        var response = await client.Unify.StartAsync(
            new UnifyRequest { FlowType = FlowType.Mobile, PhoneNumber = "+12001004014" }, cancellationToken: Cancellation);

        Assert.Equal(Fixture.Read("unify-request.json").Trim(), _server.To("/v3/unify")[0].Body);
        Assert.StartsWith("eyJ", response.AuthToken, StringComparison.Ordinal);
        Assert.Equal(Some.CorrelationId, response.CorrelationId);
        Assert.Equal(UnifyOutcome.Pending, response.Outcome);
    }

    [Fact]
    public async Task A_status_tells_identity_and_device()
    {
        _server.On(Status, () => StubServer.Json(200, Fixture.Read("unify-status-response.json")));
        using var client = Some.Client(_server);

        var response = await client.Unify.GetStatusAsync(Some.CorrelationId, Cancellation);

        Assert.Equal(UnifyOutcome.True, response.Outcome);
        Assert.Equal("+12001004014", response.PhoneNumber);
        Assert.Equal(Contract.ProveId, response.ProveId);
        Assert.Equal("device-1", response.DeviceId);
        Assert.Equal(("human-8", "request-9"), (response.ClientHumanId, response.ClientRequestId));
        Assert.Equal(EvaluationResult.Fail, response.Evaluation["risk"].Result);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", true)]
    [InlineData("pending", false)]
    [InlineData("possession_required", false)]
    [InlineData("in_review", false)]
    public async Task Outcomes_are_read_known_or_not(string success, bool isFinal)
    {
        _server.On(Status, () => StubServer.Json(200, $$"""{"success":"{{success}}"}"""));
        using var client = Some.Client(_server);

        var response = await client.Unify.GetStatusAsync(Some.CorrelationId, Cancellation);

        Assert.Equal(new UnifyOutcome(success), response.Outcome);
        Assert.Equal(isFinal, response.Outcome.IsFinal);
    }

    [Fact]
    public async Task A_bind_answers_as_a_status()
    {
        _server.On("/v3/unify-bind", () => StubServer.Json(200, Fixture.Read("unify-status-response.json")));
        using var client = Some.Client(_server);

        var response = await client.Unify.BindAsync(
            new UnifyBindRequest { CorrelationId = Some.CorrelationId, PhoneNumber = "+12001004014" }, Cancellation);

        Assert.Equal(UnifyOutcome.True, response.Outcome);
        Assert.Equal(Some.CorrelationId, response.CorrelationId);
    }

    [Theory]
    [InlineData("unify-status-response.json", "true")]
    [InlineData("unify-status-possession-required.json", "possession_required")]
    public async Task A_wait_ends_when_the_flow_is_decided_or_wants_a_check_of_the_callers_own(string last, string outcome)
    {
        _server.On(Status, Pending, Pending, () => StubServer.Json(200, Fixture.Read(last)));
        using var client = Some.Client(_server, _time);

        var response = await client.Unify.WaitForResultAsync(Some.CorrelationId, cancellationToken: Cancellation);

        Assert.Equal(outcome, response.Outcome.Value);
        Assert.Equal([1, 1.5], _time.Pauses.Select(pause => pause.TotalSeconds));
    }

    [Fact]
    public async Task A_flow_that_was_pending_and_is_then_unknown_has_expired()
    {
        _server.On(Status, Pending, () => StubServer.Error(400, 8008, "invalid correlation id"));
        using var client = Some.Client(_server, _time);

        var response = await client.Unify.WaitForResultAsync(Some.CorrelationId, cancellationToken: Cancellation);

        Assert.Equal(UnifyOutcome.Expired, response.Outcome);
        Assert.Equal("+12001004014", response.PhoneNumber);
    }

    [Fact]
    public async Task Impossible_times_are_refused_before_anything_is_sent()
    {
        using var client = Some.Client(_server, _time);

        await Assert.ThrowsAsync<ArgumentException>(() => client.Unify.WaitForResultAsync(
            Some.CorrelationId, new WaitForResultOptions { Timeout = TimeSpan.Zero }, Cancellation));

        Assert.Empty(_server.Requests);
    }

    private static HttpResponseMessage Pending() => StubServer.Json(200, Fixture.Read("unify-status-pending.json"));
}
