using System.Text.Json.Nodes;
using Countersign.Client.Tests.Support;

namespace Countersign.Client.Tests.Wire;

/// <summary>What holds for each operation alike.</summary>
public sealed class OperationTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<ContractOperation> All => Contract.All;

    [Theory]
    [MemberData(nameof(All), DisableDiscoveryEnumeration = true)]
    public async Task It_sends_what_the_contract_says_and_nothing_else(ContractOperation operation)
    {
        var server = Answering(operation, () => StubServer.Json(200, Fixture.Read($"{operation.Response}.json")));
        using var client = Some.Client(server);

        await operation.CallAsync(client, Cancellation);

        var request = server.Requests[^1];
        Assert.Equal((operation.Method, operation.PathAndQuery), (request.Method, request.PathAndQuery));
        Assert.Equal(operation.Request is null ? "" : Fixture.Read($"{operation.Request}.json").Trim(), request.Body);
        Assert.Equal(operation.Request is null ? null : "application/json", request.ContentType);
        Assert.Equal("Bearer token-1", request.Authorization);
        Assert.Equal(operation.HasKey, request.IdempotencyKey is not null);
    }

    [Theory]
    [MemberData(nameof(All), DisableDiscoveryEnumeration = true)]
    public async Task Members_that_it_does_not_know_are_ignored(ContractOperation operation)
    {
        var body = JsonNode.Parse(Fixture.Read($"{operation.Response}.json"))!.AsObject();
        body["later"] = new JsonArray(1, "two", new JsonObject { ["three"] = null });
        using var client = Some.Client(Answering(operation, () => StubServer.Json(200, body.ToJsonString())));

        var failure = await Record.ExceptionAsync(() => operation.CallAsync(client, Cancellation));

        Assert.Null(failure);
    }

    [Theory]
    [MemberData(nameof(All), DisableDiscoveryEnumeration = true)]
    public async Task A_refusal_has_the_servers_status_and_code_and_names_the_operation_alone(ContractOperation operation)
    {
        using var client = Some.Client(Answering(operation, () => StubServer.Error(404, 8011, "identity not found")));

        var exception = await Assert.ThrowsAsync<CountersignException>(() => operation.CallAsync(client, Cancellation));

        Assert.Equal(404, (int?)exception.StatusCode);
        Assert.Equal(CountersignErrorCode.NotFound, exception.Code);
        Assert.False(exception.IsTransient);
        Assert.Equal($"{operation.Method} {operation.Path} was answered 404 (code 8011): identity not found", exception.Message);
    }

    [Theory]
    [MemberData(nameof(All), DisableDiscoveryEnumeration = true)]
    public async Task Only_what_does_no_more_when_it_is_sent_twice_is_repeated(ContractOperation operation)
    {
        var answers = new Queue<HttpResponseMessage>(
            [StubServer.Error(503, 8000, "later"), StubServer.Json(200, Fixture.Read($"{operation.Response}.json"))]);
        var server = Answering(operation, answers.Dequeue);
        using var client = Some.Client(server);

        var failure = await Record.ExceptionAsync(() => operation.CallAsync(client, Cancellation));

        Assert.Equal(operation.IsRepeated, failure is null);
        var tries = server.Requests.Where(request => request.Path != StubServer.Token).ToArray();
        Assert.Equal(operation.IsRepeated ? 2 : 1, tries.Length);
        Assert.Equal(tries[0], tries[^1]);
    }

    [Theory]
    [MemberData(nameof(All), DisableDiscoveryEnumeration = true)]
    public async Task A_success_that_is_not_the_contracts_is_an_error(ContractOperation operation)
    {
        string[] wrong = operation.MayBeEmpty ? ["", "null", "[]", "<html>"] : ["", "null", "[]", "<html>", "{}"];

        foreach (var body in wrong)
        {
            using var client = Some.Client(Answering(operation, () => StubServer.Json(200, body)));

            var exception = await Assert.ThrowsAsync<CountersignException>(() => operation.CallAsync(client, Cancellation));

            Assert.Equal(200, (int?)exception.StatusCode);
            Assert.False(exception.IsTransient);
        }
    }

    [Theory]
    [MemberData(nameof(All), DisableDiscoveryEnumeration = true)]
    public async Task No_failure_on_the_way_tells_the_number_or_the_id(ContractOperation operation)
    {
        using var client = Some.Client(Answering(operation, StubServer.Unreachable));

        var exception = await Assert.ThrowsAsync<CountersignException>(() => operation.CallAsync(client, Cancellation));

        Assert.True(exception.IsTransient);
        Assert.DoesNotContain("12001004", exception.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Contract.ProveId, exception.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(All), DisableDiscoveryEnumeration = true)]
    public async Task The_fake_has_it_too_and_keeps_the_call(ContractOperation operation)
    {
        var fake = new Client.Testing.FakeCountersignClient();
        fake.FailNext(new CountersignException("scripted"));

        var exception = await Assert.ThrowsAsync<CountersignException>(() => operation.CallAsync(fake, Cancellation));

        Assert.Equal("scripted", exception.Message);
        Assert.Matches("^(PreFill|Unify|OneCall|Identities|Domains|Flows)[.][A-Za-z]+Async$", Assert.Single(fake.Calls).Method);
    }

    [Fact]
    public async Task What_begins_something_is_sent_once_without_a_key()
    {
        foreach (var path in new[] { "/v3/start", "/v3/unify", StubServer.Verify })
        {
            var server = new StubServer().On(path, () => StubServer.Error(503, 8000, "later"));
            using var client = Some.Client(server);

            await Assert.ThrowsAsync<CountersignException>(() => path switch
            {
                "/v3/start" => client.PreFill.StartAsync(
                    new StartRequest { FlowType = FlowType.Mobile, PhoneNumber = Some.PhoneNumber }, Some.NoKey, Cancellation),
                "/v3/unify" => client.Unify.StartAsync(
                    new UnifyRequest { FlowType = FlowType.Mobile, PhoneNumber = Some.PhoneNumber }, Some.NoKey, Cancellation),
                _ => (Task)client.OneCall.VerifyAsync(
                    new OneCallRequest { VerificationType = VerificationType.HumanAssurance, PhoneNumber = Some.PhoneNumber },
                    Some.NoKey,
                    Cancellation),
            });

            Assert.Null(Assert.Single(server.To(path)).IdempotencyKey);
        }
    }

    [Fact]
    public async Task Empty_lists_are_not_sent_except_the_items_of_a_batch()
    {
        var server = new StubServer();
        using var client = Some.Client(server);
        (string Path, string Body, Func<Task> CallAsync)[] calls =
        [
            ("/v3/complete", """{"correlationId":"id","individual":{}}""", () => client.PreFill.CompleteAsync(
                new CompleteRequest { CorrelationId = "id", Individual = new Individual { Addresses = [], EmailAddresses = [] } })),
            ("/v3/complete", """{"correlationId":"id"}""", () => client.PreFill.CompleteAsync(
                new CompleteRequest { CorrelationId = "id", Individual = null! })),
            ("/v3/identity", """{"phoneNumber":"1"}""", () => client.Identities.EnrolAsync(
                new EnrolRequest { PhoneNumber = "1", IdentityAttributes = null! })),
            ("/v3/identity/batch", """{"items":[]}""", () => client.Identities.EnrolBatchAsync(new EnrolBatchRequest { Items = [] })),
            ("/v3/verify/batch", """{"items":[]}""", () => client.OneCall.VerifyBatchAsync(new OneCallBatchRequest { Items = [] })),
            ("/v3/domain/link", """{"pcid":"p"}""", () => client.Domains.LinkAsync(new LinkDomainRequest { Pcid = "p", Scopes = [] })),
            ("/v3/domain/confirm-link", """{"pcid":"p"}""", () => client.Domains.ConfirmLinkAsync("p", [], Cancellation)),
        ];

        foreach (var (path, body, callAsync) in calls)
        {
            server.On(path, () => StubServer.Error(400, 8001, "no"));
            await Assert.ThrowsAsync<CountersignException>(callAsync);

            Assert.Equal((path, body), (server.Requests[^1].Path, server.Requests[^1].Body));
        }
    }

    [Fact]
    public async Task A_birth_date_a_number_and_a_flow_type_that_were_never_set_are_sent_like_this()
    {
        var server = new StubServer()
            .On("/v3/start", () => StubServer.Error(400, 8001, "no"))
            .On("/v3/unify", () => StubServer.Error(400, 8001, "no"));
        using var client = Some.Client(server);
        var start = new StartRequest { FlowType = default, PhoneNumber = "1", BirthDate = default(BirthDate), Ssn = default(NationalId) };

        await Assert.ThrowsAsync<CountersignException>(() => client.PreFill.StartAsync(start, cancellationToken: Cancellation));
        await Assert.ThrowsAsync<CountersignException>(
            () => client.Unify.StartAsync(new UnifyRequest { FlowType = default, AllowOtpRetry = false }, cancellationToken: Cancellation));

        Assert.Equal("""{"phoneNumber":"1","dob":"","ssn":""}""", server.To("/v3/start")[0].Body);
        Assert.Equal("""{"allowOTPRetry":false}""", server.To("/v3/unify")[0].Body);
    }

    [Fact]
    public async Task Nulls_are_refused_before_anything_is_sent()
    {
        var server = new StubServer();
        using var client = Some.Client(server);
        ICountersignClient[] clients = [client, new Client.Testing.FakeCountersignClient()];

        foreach (var each in clients)
        {
            await Assert.ThrowsAsync<ArgumentNullException>(() => each.PreFill.StartAsync(null!, cancellationToken: Cancellation));
            await Assert.ThrowsAsync<ArgumentNullException>(() => each.PreFill.ChallengeAsync(null!, Cancellation));
            await Assert.ThrowsAsync<ArgumentNullException>(() => each.PreFill.CompleteAsync(null!, Cancellation));
            await Assert.ThrowsAsync<ArgumentNullException>(() => each.Unify.StartAsync(null!, cancellationToken: Cancellation));
            await Assert.ThrowsAsync<ArgumentNullException>(() => each.Unify.BindAsync(null!, Cancellation));
            await Assert.ThrowsAsync<ArgumentNullException>(() => each.Unify.RevokeDeviceAsync(null!, Cancellation));
            await Assert.ThrowsAsync<ArgumentNullException>(() => each.OneCall.VerifyAsync(null!, cancellationToken: Cancellation));
            await Assert.ThrowsAsync<ArgumentNullException>(() => each.OneCall.VerifyBatchAsync(null!, Cancellation));
            await Assert.ThrowsAsync<ArgumentNullException>(() => each.Identities.EnrolAsync(null!, Cancellation));
            await Assert.ThrowsAsync<ArgumentNullException>(() => each.Identities.EnrolBatchAsync(null!, Cancellation));
            await Assert.ThrowsAsync<ArgumentNullException>(() => each.Identities.DiscoverAsync(null!, Cancellation));
            await Assert.ThrowsAsync<ArgumentNullException>(() => each.Identities.FetchAsync(null!, Cancellation));
            await Assert.ThrowsAsync<ArgumentNullException>(() => each.Domains.LinkAsync(null!, Cancellation));
            await Assert.ThrowsAsync<ArgumentNullException>(() => each.Domains.UnlinkAsync(null!, Cancellation));
            await Assert.ThrowsAsync<ArgumentNullException>(() => each.Flows.SearchAsync(null!, Cancellation));
        }

        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public async Task Empty_ids_are_refused_before_anything_is_sent(string id)
    {
        var server = new StubServer();
        using var client = Some.Client(server);
        ICountersignClient[] clients = [client, new Client.Testing.FakeCountersignClient()];

        foreach (var each in clients)
        {
            await Assert.ThrowsAsync<ArgumentException>(() => each.PreFill.ValidateAsync(id, Cancellation));
            await Assert.ThrowsAsync<ArgumentException>(() => each.Unify.GetStatusAsync(id, Cancellation));
            await Assert.ThrowsAsync<ArgumentException>(() => each.Unify.WaitForResultAsync(id, cancellationToken: Cancellation));
            await Assert.ThrowsAsync<ArgumentException>(() => each.Identities.GetAsync(id, Cancellation));
            await Assert.ThrowsAsync<ArgumentException>(() => each.Identities.LookUpAsync(id, Cancellation));
            await Assert.ThrowsAsync<ArgumentException>(() => each.Identities.ActivateAsync(id, Cancellation));
            await Assert.ThrowsAsync<ArgumentException>(() => each.Identities.DeactivateAsync(id, Cancellation));
            await Assert.ThrowsAsync<ArgumentException>(() => each.Identities.DisenrolAsync(id, Cancellation));
            await Assert.ThrowsAsync<ArgumentException>(() => each.Identities.ListCrossDomainAsync(id, Cancellation));
            await Assert.ThrowsAsync<ArgumentException>(() => each.Domains.ConfirmLinkAsync(id, cancellationToken: Cancellation));
            await Assert.ThrowsAsync<ArgumentException>(() => each.Flows.GetAsync(id, Cancellation));
            await Assert.ThrowsAsync<ArgumentException>(() => each.Flows.CancelAsync(id, Cancellation));
        }

        Assert.Empty(server.Requests);
    }

    private static StubServer Answering(ContractOperation operation, Func<HttpResponseMessage> answer) =>
        new StubServer().On(operation.PathAndQuery.Split('?')[0], answer);
}
