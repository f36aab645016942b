using System.Text.Json;
using Countersign.Client.Tests.Support;
using Countersign.Client.Tests.Wire;

namespace Countersign.Client.Tests.OneCall;

public sealed class OneCallJsonTests
{
    private const string Path = "/v3/verify";

    private static readonly OneCallRequest _request =
        new() { VerificationType = VerificationType.HumanAssurance, PhoneNumber = "+12001004051" };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_without_options_holds_two_members()
    {
        var server = Answering("one-call-response.json");
        using var client = Some.Client(server);

        await client.OneCall.VerifyAsync(_request, cancellationToken: Cancellation);

        Assert.Equal(Fixture.Read("one-call-request.json").Trim(), server.To(Path)[0].Body);
    }

    [Fact]
    public async Task A_type_that_was_never_set_is_sent_empty_and_not_left_out()
    {
        var server = Answering("one-call-response.json");
        using var client = Some.Client(server);

        await client.OneCall.VerifyAsync(_request with { VerificationType = default }, cancellationToken: Cancellation);

        using var body = JsonDocument.Parse(server.To(Path)[0].Body);
        Assert.Equal("", body.RootElement.GetProperty("verificationType").GetString());
    }

    [Fact]
    public async Task A_full_answer_is_read()
    {
        using var client = Some.Client(Answering("one-call-response.json"));

        var response = await client.OneCall.VerifyAsync(_request, cancellationToken: Cancellation);

        Assert.Equal(VerificationOutcome.True, response.Outcome);
        Assert.Equal((Some.CorrelationId, "+12001004053"), (response.CorrelationId, response.PhoneNumber));
        Assert.Equal(("customer-7", "human-8", "request-9"), (response.ClientCustomerId, response.ClientHumanId, response.ClientRequestId));
        Assert.Equal((Contract.ProveId, "a1b2c3", true), (response.ProveId, response.ProvePhoneAlias, response.IsEnrolled));
        AssertIsElena(response.Identity!);
        Assert.Equal("Pat", Assert.Single(response.AdditionalIdentities).FirstName);
        Assert.Equal(EvaluationResult.Pass, response.Evaluation["identification"].Result);
    }

    [Fact]
    public async Task Businesses_are_read()
    {
        using var client = Some.Client(Answering("one-call-response.json"));

        var response = await client.OneCall.VerifyAsync(_request, cancellationToken: Cancellation);

        var business = Assert.Single(response.Businesses);
        Assert.Equal(("Coldman LLC", "Cold", "12-3456789"), (business.BusinessName, business.TradeName, business.TaxId?.Reveal()));
        Assert.Equal(new PostalAddress { City = "Springfield", PostalCode = "62701" }, business.BusinessAddress);
        Assert.Equal(
            new RegistrationFiling { Date = "2001-02-03", Region = "IL", RegistrationNumber = "77", RegistrationType = "LLC" },
            business.RegistrationFiling);
        Assert.Equal([new RelatedPerson { FirstName = "Elena", LastName = "Coldman" }], business.RelatedPersons);
    }

    [Fact]
    public async Task A_person_who_is_not_verified_has_a_level_and_a_reason()
    {
        using var client = Some.Client(Answering("one-call-response-false.json"));

        var response = await client.OneCall.VerifyAsync(_request, cancellationToken: Cancellation);

        Assert.Equal(VerificationOutcome.False, response.Outcome);
        Assert.Equal(AssuranceLevel.Zero, response.Identity!.AssuranceLevel);
        Assert.Equal(["AL0b"], response.Identity.Reasons);
        Assert.Null(response.IsEnrolled);
        Assert.Empty(response.AdditionalIdentities);
        Assert.Empty(response.Businesses);
    }

    [Fact]
    public async Task A_batch_is_answered_item_by_item_and_a_bad_one_has_its_error()
    {
        using var client = Some.Client(
            new StubServer().On("/v3/verify/batch", () => StubServer.Json(200, Fixture.Read("one-call-batch-response.json"))));

        var response = await client.OneCall.VerifyBatchAsync(new OneCallBatchRequest { Items = [_request, _request] }, Cancellation);

        Assert.Equal((Some.CorrelationId, "batch-1"), (response.CorrelationId, response.ClientRequestId));
        var good = response.Results[0];
        Assert.Equal((VerificationOutcome.True, AssuranceLevel.Two), (good.Outcome, good.AssuranceLevel));
        Assert.Equal(("customer-7", "human-8"), (good.ClientCustomerId, good.ClientHumanId));
        Assert.Equal((Contract.ProveId, "a1b2c3"), (good.ProveId, good.ProvePhoneAlias));
        AssertIsElena(good.Identity!);
        Assert.Equal(AssuranceLevel.One, Assert.Single(good.AdditionalIdentities).AssuranceLevel);
        Assert.Equal(EvaluationResult.Pass, good.Evaluation["identification"].Result);
        Assert.Null(good.Error);
        var bad = response.Results[1];
        Assert.Equal((VerificationOutcome.False, AssuranceLevel.MinusOne), (bad.Outcome, bad.AssuranceLevel));
        Assert.StartsWith("field 'phoneNumber' is invalid", bad.Error, StringComparison.Ordinal);
        Assert.Null(bad.ClientCustomerId);
        Assert.Null(bad.Identity);
    }

    [Fact]
    public async Task A_batch_that_lacks_an_answer_is_an_error()
    {
        using var client = Some.Client(
            new StubServer().On("/v3/verify/batch", () => StubServer.Json(200, Fixture.Read("one-call-batch-response.json"))));

        var exception = await Assert.ThrowsAsync<CountersignException>(
            () => client.OneCall.VerifyBatchAsync(new OneCallBatchRequest { Items = [_request, _request, _request] }, Cancellation));

        Assert.Equal(200, (int?)exception.StatusCode);
    }

    [Theory]
    [InlineData("AL2", "AL2", true)]
    [InlineData("AL3", "AL2", true)]
    [InlineData("AL1", "AL2", false)]
    [InlineData("AL-1", "AL0", false)]
    [InlineData("AL-1", "AL-1", true)]
    [InlineData("AL9", "AL-1", false)]
    [InlineData("AL3", "AL9", false)]
    public void A_level_can_be_asked_for(string level, string wanted, bool isEnough) =>
        Assert.Equal(isEnough, new AssuranceLevel(level).IsAtLeast(new AssuranceLevel(wanted)));

    private static void AssertIsElena(OneCallIdentity identity)
    {
        Assert.Equal(("Elena", "Coldman"), (identity.FirstName, identity.LastName));
        Assert.Equal(new BirthDate(1981, 4, 3), identity.BirthDate);
        Assert.Equal("265228370", identity.NationalId?.Reveal());
        Assert.Equal((18, 65), (identity.MinAge, identity.MaxAge));
        Assert.Equal(["elena@example.com"], identity.Emails);
        Assert.Equal(
            new PostalAddress
            {
                Address = "12 Elm Street",
                ExtendedAddress = "Apt 4",
                City = "Springfield",
                Region = "IL",
                PostalCode = "62701",
            },
            Assert.Single(identity.Addresses));
        Assert.Equal(AssuranceLevel.Two, identity.AssuranceLevel);
        Assert.Equal(["AL2a"], identity.Reasons);
    }

    private static StubServer Answering(string fixture) => new StubServer().On(Path, () => StubServer.Json(200, Fixture.Read(fixture)));
}
