using Countersign.Client.Tests.Support;

namespace Countersign.Client.Tests.PreFill;

public sealed class PreFillJsonTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_start_without_options_holds_two_members()
    {
        var server = Answering("/v3/start", "start-response.json");
        using var client = Some.Client(server);

        await client.PreFill.StartAsync(
            new StartRequest { FlowType = FlowType.Mobile, PhoneNumber = "+12001001695" }, cancellationToken: Cancellation);

        Assert.Equal(Fixture.Read("start-request.json").Trim(), server.To("/v3/start")[0].Body);
    }

    [Fact]
    public async Task A_start_is_answered_with_a_token_an_id_and_the_next_step()
    {
        using var client = Some.Client(Answering("/v3/start", "start-response.json"));

        var response = await client.PreFill.StartAsync(
            new StartRequest { FlowType = FlowType.Mobile, PhoneNumber = "+12001001695" }, cancellationToken: Cancellation);

        Assert.StartsWith("eyJ", response.AuthToken, StringComparison.Ordinal);
        Assert.Equal(Some.CorrelationId, response.CorrelationId);
        Assert.Equal(NextStep.Validate, response.Next);
    }

    [Fact]
    public async Task A_key_of_the_callers_own_is_sent_with_the_start()
    {
        var server = Answering("/v3/start", "start-response.json");
        using var client = Some.Client(server);

        await client.PreFill.StartAsync(
            new StartRequest { FlowType = FlowType.Mobile, PhoneNumber = "+12001001695" },
            new RequestOptions { IdempotencyKey = "order-1" },
            Cancellation);

        Assert.Equal("order-1", server.To("/v3/start")[0].IdempotencyKey);
    }

    [Fact]
    public async Task A_validate_tells_whether_possession_was_proven_and_what_is_owed()
    {
        using var client = Some.Client(Answering("/v3/validate", "validate-response.json"));

        var response = await client.PreFill.ValidateAsync(Some.CorrelationId, Cancellation);

        Assert.True(response.Succeeded);
        Assert.True(response.IsChallengeMissing);
        Assert.Equal("+12001001695", response.PhoneNumber);
        Assert.Equal(NextStep.Challenge, response.Next);
        Assert.Equal(EvaluationResult.Pass, response.Evaluation["authentication"].Result);
        Assert.Equal(Some.CorrelationId, response.CorrelationId);
    }

    [Fact]
    public async Task An_undecided_flow_is_to_be_asked_again()
    {
        using var client = Some.Client(Answering("/v3/validate", "validate-response-pending.json"));

        var response = await client.PreFill.ValidateAsync(Some.CorrelationId, Cancellation);

        Assert.False(response.Succeeded);
        Assert.Equal(NextStep.Validate, response.Next);
        Assert.Null(response.PhoneNumber);
    }

    [Theory]
    [InlineData("""{"success":true,"next":{"v4-later":"/v4/later"}}""", "v4-later")]
    [InlineData("""{"success":true,"next":{}}""", "")]
    [InlineData("""{"success":true}""", "")]
    public async Task A_next_step_of_no_known_name_is_kept(string body, string next)
    {
        using var client = Some.Client(new StubServer().On("/v3/validate", () => StubServer.Json(200, body)));

        var response = await client.PreFill.ValidateAsync(Some.CorrelationId, Cancellation);

        Assert.Equal(next, response.Next.Value);
    }

    [Fact]
    public async Task A_challenge_finds_the_person()
    {
        using var client = Some.Client(Answering("/v3/challenge", "challenge-response.json"));

        var response = await client.PreFill.ChallengeAsync(new ChallengeRequest { CorrelationId = Some.CorrelationId }, Cancellation);

        Assert.True(response.Succeeded);
        Assert.Equal(NextStep.Complete, response.Next);
        var person = response.Individual!;
        Assert.Equal(("Milo", "Pinson"), (person.FirstName, person.LastName));
        Assert.Equal(
            new PostalAddress
            {
                Address = "12 Elm Street",
                ExtendedAddress = "Apt 4",
                City = "Springfield",
                Region = "IL",
                PostalCode = "62701-1234",
            },
            person.Addresses[0]);
        Assert.Equal(new PostalAddress { City = "Chicago" }, person.Addresses[1]);
        Assert.Equal(["milo@example.com"], person.EmailAddresses);
        Assert.Equal(new BirthDate(1982, 2, 25), person.BirthDate);
        Assert.Equal("265228370", person.Ssn?.Reveal());
    }

    [Fact]
    public async Task A_challenge_that_was_not_met_finds_nobody()
    {
        using var client = Some.Client(Answering("/v3/challenge", "challenge-response-false.json"));

        var response = await client.PreFill.ChallengeAsync(new ChallengeRequest { CorrelationId = Some.CorrelationId }, Cancellation);

        Assert.False(response.Succeeded);
        Assert.Null(response.Individual);
        Assert.Equal(NextStep.Complete, response.Next);
        Assert.Contains("9013", response.Evaluation["identification"].FailureReasons.Keys);
    }

    [Fact]
    public async Task What_was_not_given_is_not_sent()
    {
        var server = Answering("/v3/challenge", "challenge-response.json").On(
            "/v3/complete", () => StubServer.Json(200, Fixture.Read("complete-response.json")));
        using var client = Some.Client(server);

        await client.PreFill.ChallengeAsync(new ChallengeRequest { CorrelationId = Some.CorrelationId }, Cancellation);
        await client.PreFill.CompleteAsync(
            new CompleteRequest { CorrelationId = Some.CorrelationId, Individual = new Individual { Ssn = new NationalId("1234") } },
            Cancellation);

        Assert.Equal($$"""{"correlationId":"{{Some.CorrelationId}}"}""", server.To("/v3/challenge")[0].Body);
        Assert.Equal($$$"""{"correlationId":"{{{Some.CorrelationId}}}","individual":{"ssn":"1234"}}""", server.To("/v3/complete")[0].Body);
    }

    [Fact]
    public async Task A_completion_tells_what_the_sources_say()
    {
        using var client = Some.Client(Answering("/v3/complete", "complete-response.json"));

        var response = await CompleteAsync(client);

        Assert.True(response.Succeeded);
        Assert.Equal(NextStep.Done, response.Next);
        Assert.Equal(IdvConfidence.High, response.Idv!.MultiCipConfidence);
        Assert.Null(response.Idv.DataSource2);
        var source = response.Idv.DataSource1!;
        Assert.Equal(IdvConfidence.Low, source.CipConfidence);
        Assert.Equal(["R1", "R2"], source.ReasonCodes);
        Assert.Equal(
            new IdvAddressMatch
            {
                AddressScore = 95,
                Distance = 0.5,
                Street = true,
                StreetNumber = 100,
                City = true,
                Region = false,
                PostalCode = true,
            },
            source.Address);
        Assert.Equal(new IdvIdentifierMatch { BirthDate = true, Ssn = false, Last4 = true }, source.Identifiers);
        Assert.Equal(new IdvNameMatch { FirstName = 100, LastName = 90, NameScore = 95 }, source.Name);
        Assert.True(source.EmailAddress);
        Assert.Equal(1, response.Kyc!.TotalHits);
        Assert.Equal(("sanctions", 1), (response.Kyc.AmlLists[0].AmlType, response.Kyc.AmlLists[0].ListHits));
        Assert.Equal(new AmlField { Name = "country", Source = "a list", Value = "somewhere" }, response.Kyc.AmlLists[0].Fields[0]);
        Assert.Equal(EvaluationResult.Pass, response.Evaluation["compliance"].Result);
    }

    [Fact]
    public async Task Findings_that_are_written_in_another_way_are_left_out_and_the_result_counts()
    {
        using var client = Some.Client(Answering("/v3/complete", "complete-response-odd.json"));

        var response = await CompleteAsync(client);

        Assert.True(response.Succeeded);
        Assert.Equal("medium", response.Idv!.MultiCipConfidence.Value);
        Assert.Equal(new IdvAddressMatch(), response.Idv.DataSource1!.Address);
        Assert.Equal(new IdvNameMatch(), response.Idv.DataSource1.Name);
        Assert.Equal(0, response.Kyc!.TotalHits);
        Assert.Empty(response.Kyc.AmlLists);
    }

    [Fact]
    public async Task A_step_out_of_order_names_its_flow()
    {
        using var client = Some.Client(new StubServer().On("/v3/complete", () => StubServer.Error(403, 8003, "step not allowed")));

        var exception = await Assert.ThrowsAsync<CountersignException>(() => CompleteAsync(client));

        Assert.Equal(CountersignErrorCode.StepNotAllowed, exception.Code);
        Assert.Equal(Some.CorrelationId, exception.CorrelationId);
    }

    private static Task<CompleteResponse> CompleteAsync(CountersignClient client) =>
        client.PreFill.CompleteAsync(
            new CompleteRequest { CorrelationId = Some.CorrelationId, Individual = new Individual() }, Cancellation);

    private static StubServer Answering(string path, string fixture) =>
        new StubServer().On(path, () => StubServer.Json(200, Fixture.Read(fixture)));
}
