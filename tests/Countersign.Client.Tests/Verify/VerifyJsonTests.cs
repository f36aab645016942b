using System.Text.Json;
using Countersign.Client.Tests.Support;

namespace Countersign.Client.Tests.Verify;

public sealed class VerifyJsonTests
{
    [Fact]
    public async Task A_request_without_options_holds_four_members()
    {
        var server = new StubServer();
        using var client = Some.Client(server);

        await client.VerifyAsync(Some.VerifyRequest, cancellationToken: TestContext.Current.CancellationToken);

        var request = Assert.Single(server.To(StubServer.Verify));
        Assert.Equal(Fixture.Read("verify-request.json").Trim(), request.Body);
        Assert.Equal("application/json", request.ContentType);
    }

    [Fact]
    public async Task A_full_request_uses_the_names_of_the_contract_and_sends_every_character_as_given()
    {
        var server = new StubServer();
        using var client = Some.Client(server);
        var request = new VerifyRequest
        {
            FlowType = FlowType.Desktop,
            PhoneNumber = "+447968900002",
            FirstName = "Zoë",
            LastName = "O'Neill",
            FinalTargetUrl = "https://www.example.com",
            SmsMessage = "Grüße: ####",
            ClientCustomerId = "customer-7",
            ClientRequestId = "request-9",
            EmailAddress = "zoe@example.com",
            AllowOtpRetry = true,
            Challenge = new ChallengeOutcome { Id = "captcha-1", IsPassed = true },
        };

        await client.VerifyAsync(request, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(Fixture.Read("verify-request-full.json").Trim(), server.To(StubServer.Verify)[0].Body);
    }

    [Fact]
    public async Task A_flow_type_that_was_never_set_is_left_to_the_server_to_name()
    {
        var server = new StubServer();
        using var client = Some.Client(server);

        await client.VerifyAsync(Some.VerifyRequest with { FlowType = default }, cancellationToken: TestContext.Current.CancellationToken);

        using var body = JsonDocument.Parse(server.To(StubServer.Verify)[0].Body);
        Assert.False(body.RootElement.TryGetProperty("possessionType", out _));
    }

    [Fact]
    public async Task The_answer_to_a_mobile_flow_has_a_token_and_three_times_pending()
    {
        using var client = Some.Client(new StubServer());

        var response = await client.VerifyAsync(Some.VerifyRequest, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("eyJhbGciOiJIUzI1NiJ9.eyJyaWQiOiIxIn0.c2ln", response.AuthToken);
        Assert.Equal(Some.CorrelationId, response.CorrelationId);
        Assert.Equal(VerificationOutcome.Pending, response.Outcome);
        Assert.Equal(PossessionResult.Pending, response.PossessionResult);
        Assert.Equal(VerifyResult.Pending, response.VerifyResult);
        Assert.Empty(response.Evaluation);
    }

    [Fact]
    public async Task The_answer_to_a_flow_without_possession_is_final_and_has_no_token()
    {
        using var client = Some.Client(
            new StubServer().On(StubServer.Verify, () => StubServer.Json(200, Fixture.Read("verify-response-none.json"))));

        var response = await client.VerifyAsync(
            Some.VerifyRequest with { FlowType = FlowType.None }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Null(response.AuthToken);
        Assert.Equal(VerificationOutcome.True, response.Outcome);
        Assert.Equal(PossessionResult.NotApplicable, response.PossessionResult);
        Assert.Equal(VerifyResult.Success, response.VerifyResult);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("<html>")]
    [InlineData("""{"success":"true"}""")]
    [InlineData("""{"correlationId":"713189b8-5555-4b08-83ba-75d08780aebd"}""")]
    [InlineData("""{"correlationId":"713189b8-5555-4b08-83ba-75d08780aebd","success":true}""")]
    public async Task A_success_that_is_not_the_contracts_is_an_error_and_not_repeated(string body)
    {
        var server = new StubServer().On(StubServer.Verify, () => StubServer.Json(200, body));
        using var client = Some.Client(server);

        var exception = await Assert.ThrowsAsync<CountersignException>(
            () => client.VerifyAsync(Some.VerifyRequest, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(200, (int?)exception.StatusCode);
        Assert.False(exception.IsTransient);
        Assert.Single(server.To(StubServer.Verify));
    }
}
