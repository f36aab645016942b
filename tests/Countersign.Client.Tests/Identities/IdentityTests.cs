using System.Text.Json.Nodes;
using Countersign.Client.Tests.Support;
using Countersign.Client.Tests.Wire;

namespace Countersign.Client.Tests.Identities;

public sealed class IdentityTests
{
    private static readonly DateTimeOffset _enrolled = new(2025, 11, 23, 0, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_enrolment_of_a_number_alone_holds_the_number_alone()
    {
        var server = Answering("/v3/identity", "enrol-response.json");
        using var client = Some.Client(server);

        var response = await client.Identities.EnrolAsync(new EnrolRequest { PhoneNumber = "+12001004031" }, Cancellation);

        Assert.Equal(Fixture.Read("enrol-request.json").Trim(), server.To("/v3/identity")[0].Body);
        Assert.Equal((true, Contract.ProveId), (response.Succeeded, response.ProveId));
    }

    [Fact]
    public async Task A_batch_is_answered_item_by_item()
    {
        using var client = Some.Client(Answering("/v3/identity/batch", "enrol-batch-response.json"));
        var item = new EnrolRequest { PhoneNumber = "+12001004031" };

        var response = await client.Identities.EnrolBatchAsync(new EnrolBatchRequest { Items = [item, item] }, Cancellation);

        Assert.Equal(
            [new EnrolBatchResult { ProveId = Contract.ProveId }, new EnrolBatchResult { Error = "field 'phoneNumber' is invalid" }],
            response.Results);
    }

    [Theory]
    [InlineData("""{"proveId":"id-1"}""", "id-1")]
    [InlineData("""{"identityId":"id-2"}""", "id-2")]
    [InlineData("""{"identityId":"id-2","proveId":"id-1"}""", "id-1")]
    [InlineData("""{"identityId":"id-2","proveId":""}""", "id-2")]
    [InlineData("""{"identityId":"id-2","proveId":null}""", "id-2")]
    public async Task The_id_is_read_under_either_of_its_names(string answered, string expected)
    {
        var id = JsonNode.Parse(answered)!.AsObject();
        var identified = With(id, ("phoneNumber", Some.PhoneNumber));
        using var client = Some.Client(new StubServer()
            .On("/v3/identity", () => StubServer.Json(200, With(id, ("success", true), ("results", new JsonArray(id.DeepClone())))))
            .On("/v3/identity/batch", () => StubServer.Json(200, With([], ("results", new JsonArray(id.DeepClone())))))
            .On("/v3/identity/x", () => StubServer.Json(200, identified))
            .On(
                "/v3/identity/%2B12001004011/lookup",
                () => StubServer.Json(200, With([], ("items", new JsonArray(JsonNode.Parse(identified)))))));
        var item = new EnrolRequest { PhoneNumber = Some.PhoneNumber };

        var enrolled = await client.Identities.EnrolAsync(item, Cancellation);
        var batch = await client.Identities.EnrolBatchAsync(new EnrolBatchRequest { Items = [item] }, Cancellation);
        var page = await client.Identities.ListAsync(cancellationToken: Cancellation);
        var identity = await client.Identities.GetAsync("x", Cancellation);
        var found = await client.Identities.LookUpAsync(Some.PhoneNumber, Cancellation);

        Assert.All(
            (string?[])[enrolled.ProveId, batch.Results[0].ProveId, page.Results[0].ProveId, identity.ProveId, found.Items[0].ProveId],
            read => Assert.Equal(expected, read));
    }

    [Fact]
    public async Task A_batch_that_lacks_an_answer_is_an_error()
    {
        using var client = Some.Client(Answering("/v3/identity/batch", "enrol-batch-response.json"));
        var item = new EnrolRequest { PhoneNumber = "+12001004031" };

        await Assert.ThrowsAsync<CountersignException>(
            () => client.Identities.EnrolBatchAsync(new EnrolBatchRequest { Items = [item] }, Cancellation));
    }

    [Fact]
    public async Task A_page_tells_where_the_next_begins()
    {
        using var client = Some.Client(Answering("/v3/identity", "list-identities-response.json"));

        var page = await client.Identities.ListAsync(cancellationToken: Cancellation);

        Assert.Equal([Contract.ProveId, Contract.AttributeId], page.Results.Select(identity => identity.ProveId));
        Assert.Equal("next page/=2", page.LastKey);
    }

    [Fact]
    public async Task All_pages_are_read_one_after_the_other()
    {
        var server = new StubServer().On("/v3/identity", FirstPage, LastPage);
        using var client = Some.Client(server);

        var identities = new List<string>();
        var request = new ListIdentitiesRequest { Limit = 2, ShowInactive = false };
        await foreach (var identity in client.Identities.ListAllAsync(request, Cancellation))
        {
            identities.Add(identity.ProveId);
        }

        Assert.Equal([Contract.ProveId, Contract.AttributeId, Some.CorrelationId], identities);
        Assert.Equal(
            ["/v3/identity?limit=2&showInactive=false", "/v3/identity?limit=2&startKey=next%20page%2F%3D2&showInactive=false"],
            server.To("/v3/identity").Select(request => request.PathAndQuery));
    }

    [Fact]
    public async Task A_page_is_not_read_before_it_is_wanted()
    {
        var server = new StubServer().On("/v3/identity", FirstPage, LastPage);
        using var client = Some.Client(server);

        await foreach (var identity in client.Identities.ListAllAsync(cancellationToken: Cancellation))
        {
            if (identity.ProveId == Contract.AttributeId)
            {
                break;
            }
        }

        Assert.Single(server.To("/v3/identity"));
    }

    [Fact]
    public async Task A_server_that_sends_the_same_page_again_ends_the_enumeration_with_an_error()
    {
        using var client = Some.Client(new StubServer().On("/v3/identity", FirstPage));

        await Assert.ThrowsAsync<CountersignException>(() => EnumerateAsync(client, Cancellation));
    }

    [Fact]
    public async Task An_enumeration_can_be_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();
        using var client = Some.Client(new StubServer().On("/v3/identity", FirstPage));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => EnumerateAsync(client, cancellation.Token));
    }

    [Fact]
    public async Task An_identity_is_read()
    {
        using var client = Some.Client(Answering($"/v3/identity/{Contract.ProveId}", "identity-response.json"));

        var identity = await client.Identities.GetAsync(Contract.ProveId, Cancellation);

        var expected = new EnrolledIdentity
        {
            ProveId = Contract.ProveId,
            PhoneNumber = "+12001004031",
            IsActive = true,
            ClientCustomerId = "customer-7",
            ClientHumanId = "human-8",
            CountryCode = "US",
            DeviceId = "device-1",
            CreatedAt = _enrolled,
            Carrier = "A carrier",
            LineType = "mobile",
        };
        Assert.Equal(expected, identity);
    }

    [Fact]
    public async Task The_identities_of_a_number_are_found()
    {
        using var client = Some.Client(Answering("/v3/identity/%2B12001004011/lookup", "lookup-response.json"));

        var response = await client.Identities.LookUpAsync(Some.PhoneNumber, Cancellation);

        Assert.Equal([true, false], response.Items.Select(identity => identity.IsActive));
        Assert.All(response.Items, identity => Assert.Equal(_enrolled, identity.CreatedAt));
    }

    [Fact]
    public async Task Nobody_is_found_by_a_number_that_is_not_enrolled()
    {
        using var client = Some.Client(
            new StubServer().On("/v3/identity/%2B12001004011/lookup", () => StubServer.Json(200, """{"items":[]}""")));

        var response = await client.Identities.LookUpAsync(Some.PhoneNumber, Cancellation);

        Assert.Empty(response.Items);
    }

    [Theory]
    [Trait("attack", "A07")]
    [InlineData("a/b?c#d", "/v3/identity/a%2Fb%3Fc%23d")]
    [InlineData("../domain/id", "/v3/identity/..%2Fdomain%2Fid")]
    [InlineData("a b&c", "/v3/identity/a%20b%26c")]
    public async Task No_id_leads_to_another_operation(string id, string path)
    {
        var server = Answering(path, "identity-response.json");
        using var client = Some.Client(server);

        await client.Identities.GetAsync(id, Cancellation);

        Assert.Equal(path, server.Requests[^1].PathAndQuery);
    }

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    public async Task A_relative_path_is_no_id(string id)
    {
        var server = new StubServer();
        using var client = Some.Client(server);

        await Assert.ThrowsAsync<ArgumentException>(() => client.Identities.DisenrolAsync(id, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => client.Identities.LookUpAsync(id, Cancellation));

        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_person_is_found_in_linked_projects()
    {
        using var client = Some.Client(Answering($"/v3/identity/{Contract.ProveId}/cross-domain", "cross-domain-response.json"));

        var response = await client.Identities.ListCrossDomainAsync(Contract.ProveId, Cancellation);

        Assert.Equal(1, response.Count);
        Assert.Equal(
            [new CrossDomainIdentity { ClientName = "A bank", IdentityId = Contract.AttributeId, Pcid = "pcid-2" }], response.Identities);
    }

    [Fact]
    public async Task Linked_projects_are_read_as_servers_of_2025_spell_them()
    {
        const string body = """{"count":1,"identites":[{"clientName":"A bank","identityId":"id-2","pcid":"pcid-2"}]}""";
        using var client = Some.Client(new StubServer().On("/v3/identity/x/cross-domain", () => StubServer.Json(200, body)));

        var response = await client.Identities.ListCrossDomainAsync("x", Cancellation);

        Assert.Equal([new CrossDomainIdentity { ClientName = "A bank", IdentityId = "id-2", Pcid = "pcid-2" }], response.Identities);
    }

    [Fact]
    public async Task A_person_who_is_in_no_linked_project_is_no_error()
    {
        using var client = Some.Client(
            new StubServer().On($"/v3/identity/{Contract.ProveId}/cross-domain", () => StubServer.Json(200, """{"count":0}""")));

        var response = await client.Identities.ListCrossDomainAsync(Contract.ProveId, Cancellation);

        Assert.Empty(response.Identities);
    }

    [Fact]
    public async Task Attributes_are_discovered_and_fetched()
    {
        using var client = Some.Client(
            Answering("/v3/discover", "discover-response.json")
                .On("/v3/fetch", () => StubServer.Json(200, Fixture.Read("fetch-response.json"))));

        var discovered = await client.Identities.DiscoverAsync(new DiscoverRequest { ProveId = Contract.ProveId }, Cancellation);
        var fetched = await client.Identities.FetchAsync(
            new FetchRequest { ProveId = Contract.ProveId, AttributeId = discovered.Results[0].AttributeId }, Cancellation);

        Assert.Equal([new DiscoverResult { AttributeId = Contract.AttributeId, IssuerId = "issuer-1" }], discovered.Results);
        Assert.Equal(
            [new FetchResult { AttributeId = Contract.AttributeId, IssuerId = "issuer-1", AttributeValue = "wallet-1" }], fetched.Results);
    }

    private static async Task EnumerateAsync(CountersignClient client, CancellationToken cancellationToken)
    {
        await foreach (var identity in client.Identities.ListAllAsync(cancellationToken: cancellationToken))
        {
            Assert.NotNull(identity.ProveId);
        }
    }

    private static HttpResponseMessage FirstPage() => StubServer.Json(200, Fixture.Read("list-identities-response.json"));

    private static HttpResponseMessage LastPage() => StubServer.Json(200, Fixture.Read("list-identities-last.json"));

    private static string With(JsonObject answer, params (string Name, JsonNode Value)[] members)
    {
        var body = answer.DeepClone().AsObject();
        foreach (var (name, value) in members)
        {
            body[name] = value;
        }
        return body.ToJsonString();
    }

    private static StubServer Answering(string path, string fixture) =>
        new StubServer().On(path, () => StubServer.Json(200, Fixture.Read(fixture)));
}
