using Countersign.Client.Tests.Support;

namespace Countersign.Client.Tests.Verify;

public sealed class VerifyStatusJsonTests
{
    [Fact]
    public async Task The_question_holds_the_id_alone_and_no_key()
    {
        var server = new StubServer();

        await AskAsync(server);

        var request = Assert.Single(server.To(StubServer.VerifyStatus));
        Assert.Equal(Fixture.Read("verify-status-request.json").Trim(), request.Body);
        Assert.Null(request.IdempotencyKey);
    }

    [Theory]
    [InlineData("verify-status-true.json", "true", "success", "success")]
    [InlineData("verify-status-pending.json", "pending", "pending", "pending")]
    [InlineData("verify-status-false.json", "false", "success", "failed")]
    [InlineData("verify-status-unknown.json", "in_review", "postponed", "manual")]
    public async Task The_three_results_are_read_known_or_not(string fixture, string outcome, string possession, string verify)
    {
        var response = await AskAsync(Answering(fixture));

        Assert.Equal(new VerificationOutcome(outcome), response.Outcome);
        Assert.Equal(new PossessionResult(possession), response.PossessionResult);
        Assert.Equal(new VerifyResult(verify), response.VerifyResult);
        Assert.Equal(Some.CorrelationId, response.CorrelationId);
    }

    [Fact]
    public async Task An_unknown_outcome_is_neither_true_nor_final()
    {
        var response = await AskAsync(Answering("verify-status-unknown.json"));

        Assert.NotEqual(VerificationOutcome.True, response.Outcome);
        Assert.False(response.Outcome.IsFinal);
        Assert.Equal("maybe", response.Evaluation["risk"].Result.Value);
    }

    [Fact]
    public async Task An_evaluation_is_read_by_category()
    {
        var response = await AskAsync(Answering("verify-status-false.json"));

        Assert.Equal(EvaluationResult.Pass, response.Evaluation["authentication"].Result);
        Assert.Empty(response.Evaluation["authentication"].FailureReasons);
        Assert.Equal(EvaluationResult.Fail, response.Evaluation["identification"].Result);
        Assert.Equal("identity source not available", response.Evaluation["identification"].FailureReasons["9900"]);
    }

    [Fact]
    public async Task An_enrolled_person_is_named()
    {
        var response = await AskAsync(Answering("verify-status-enrolled.json"));

        Assert.Equal("0198a2f0-1111-7222-8333-444455556666", response.IdentityId);
        Assert.Contains("IdentityId = 0198a2f0-1111-7222-8333-444455556666", response.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("verify-status-true.json")]
    [InlineData("verify-status-false.json")]
    [InlineData("verify-status-pending.json")]
    public async Task Nobody_is_named_where_the_server_names_nobody(string fixture) =>
        Assert.Null((await AskAsync(Answering(fixture))).IdentityId);

    [Fact]
    public async Task Missing_halves_stay_empty_and_equal_nothing_known()
    {
        var response = await AskAsync(
            new StubServer().On(StubServer.VerifyStatus, () => StubServer.Json(200, """{"success":"pending"}""")));

        Assert.Equal("", response.PossessionResult.Value);
        Assert.Equal(default, response.VerifyResult);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public async Task An_empty_id_is_refused_before_anything_is_sent(string correlationId)
    {
        var server = new StubServer();
        using var client = Some.Client(server);

        await Assert.ThrowsAsync<ArgumentException>(() => client.GetStatusAsync(correlationId, TestContext.Current.CancellationToken));

        Assert.Empty(server.Requests);
    }

    private static StubServer Answering(string fixture) =>
        new StubServer().On(StubServer.VerifyStatus, () => StubServer.Json(200, Fixture.Read(fixture)));

    private static async Task<VerifyStatusResponse> AskAsync(StubServer server)
    {
        using var client = Some.Client(server);
        return await client.GetStatusAsync(Some.CorrelationId, TestContext.Current.CancellationToken);
    }
}
