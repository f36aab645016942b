using Countersign.Client.Testing;
using Countersign.Client.Tests.Support;

namespace Countersign.Client.Tests.Testing;

public sealed class FakeCountersignClientTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private readonly FakeCountersignClient _fake = new();

    [Fact]
    public async Task A_flow_begins_pending_with_a_token_and_an_id_of_its_own()
    {
        var first = await _fake.VerifyAsync(Some.VerifyRequest, cancellationToken: Cancellation);
        var second = await _fake.VerifyAsync(Some.VerifyRequest, cancellationToken: Cancellation);

        Assert.Equal(VerificationOutcome.Pending, first.Outcome);
        Assert.NotNull(first.AuthToken);
        Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", first.CorrelationId);
        Assert.NotEqual(first.CorrelationId, second.CorrelationId);
    }

    [Fact]
    public async Task Outcomes_follow_the_script_and_then_the_default()
    {
        _fake.Script(VerificationOutcome.False, VerificationOutcome.Pending);

        Assert.Equal(VerificationOutcome.False, (await VerifyAndAskAsync()).Outcome);
        Assert.Equal(VerificationOutcome.Pending, (await VerifyAndAskAsync()).Outcome);
        Assert.Equal(VerificationOutcome.True, (await VerifyAndAskAsync()).Outcome);
    }

    [Fact]
    public async Task A_true_verification_names_whom_the_test_set_and_nobody_by_default()
    {
        Assert.Null((await VerifyAndAskAsync()).IdentityId);

        _fake.IdentityId = "identity-1";
        _fake.Script(VerificationOutcome.True, VerificationOutcome.False, VerificationOutcome.Pending);

        Assert.Equal("identity-1", (await VerifyAndAskAsync()).IdentityId);
        Assert.Null((await VerifyAndAskAsync()).IdentityId);
        Assert.Null((await VerifyAndAskAsync()).IdentityId);
    }

    [Fact]
    public async Task A_wait_ends_when_the_test_decides()
    {
        _fake.DefaultOutcome = VerificationOutcome.Pending;
        var flow = await _fake.VerifyAsync(Some.VerifyRequest, cancellationToken: Cancellation);

        var wait = _fake.WaitForResultAsync(flow.CorrelationId, cancellationToken: Cancellation);
        Assert.False(wait.IsCompleted);
        _fake.Decide(flow.CorrelationId, VerificationOutcome.Pending);
        _fake.Decide(flow.CorrelationId, VerificationOutcome.False);

        Assert.Equal(VerificationOutcome.False, (await wait).Outcome);
    }

    [Fact]
    public async Task A_wait_can_be_cancelled()
    {
        _fake.DefaultOutcome = VerificationOutcome.Pending;
        using var cancellation = new CancellationTokenSource();
        var flow = await _fake.VerifyAsync(Some.VerifyRequest, cancellationToken: Cancellation);

        var wait = _fake.WaitForResultAsync(flow.CorrelationId, cancellationToken: cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }

    [Fact]
    public async Task An_expired_flow_is_unknown_to_a_question_and_expired_to_a_wait()
    {
        _fake.Script(VerificationOutcome.Expired);
        var flow = await _fake.VerifyAsync(Some.VerifyRequest, cancellationToken: Cancellation);

        var exception = await Assert.ThrowsAsync<CountersignException>(() => _fake.GetStatusAsync(flow.CorrelationId, Cancellation));
        var waited = await _fake.WaitForResultAsync(flow.CorrelationId, cancellationToken: Cancellation);

        Assert.Equal(CountersignErrorCode.UnknownCorrelationId, exception.Code);
        Assert.Equal(VerificationOutcome.Expired, waited.Outcome);
    }

    [Fact]
    public async Task Without_possession_the_first_answer_is_final()
    {
        var response = await _fake.VerifyAsync(Some.VerifyRequest with { FlowType = FlowType.None }, cancellationToken: Cancellation);

        Assert.Null(response.AuthToken);
        Assert.Equal(VerificationOutcome.True, response.Outcome);
        Assert.Equal(PossessionResult.NotApplicable, response.PossessionResult);
    }

    [Fact]
    public async Task A_scripted_failure_is_thrown_once()
    {
        var failure = new CountersignException("busy") { RetryAfter = TimeSpan.FromSeconds(1) };
        _fake.FailNext(failure);

        var thrown = await Assert.ThrowsAsync<CountersignException>(
            () => _fake.VerifyAsync(Some.VerifyRequest, cancellationToken: Cancellation));
        var second = await VerifyAndAskAsync();

        Assert.Same(failure, thrown);
        Assert.Equal(VerificationOutcome.True, second.Outcome);
    }

    [Fact]
    public async Task An_id_it_did_not_make_is_unknown_as_at_the_server()
    {
        var exception = await Assert.ThrowsAsync<CountersignException>(() => _fake.GetStatusAsync(Some.CorrelationId, Cancellation));

        Assert.Equal(CountersignErrorCode.UnknownCorrelationId, exception.Code);
        Assert.Throws<ArgumentException>(() => _fake.Decide(Some.CorrelationId, VerificationOutcome.True));
    }

    [Fact]
    public async Task Calls_are_kept_in_order_with_what_they_were_given()
    {
        var options = new RequestOptions { IdempotencyKey = "order-1" };

        var flow = await _fake.VerifyAsync(Some.VerifyRequest, options, Cancellation);
        await _fake.GetStatusAsync(flow.CorrelationId, Cancellation);

        Assert.Equal(
            [
                new FakeCall
                {
                    Method = "VerifyAsync",
                    CorrelationId = flow.CorrelationId,
                    Request = Some.VerifyRequest,
                    Options = options,
                },
                new FakeCall { Method = "GetStatusAsync", CorrelationId = flow.CorrelationId },
            ],
            _fake.Calls);
    }

    private async Task<VerifyStatusResponse> VerifyAndAskAsync()
    {
        var flow = await _fake.VerifyAsync(Some.VerifyRequest, cancellationToken: Cancellation);
        return await _fake.GetStatusAsync(flow.CorrelationId, Cancellation);
    }
}
