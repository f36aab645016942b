using Countersign.Client.Tests.Support;

namespace Countersign.Client.Tests.Domains;

public sealed class DomainTests
{
    private static readonly DateTimeOffset _moment = new(2025, 11, 23, 0, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_projects_own_id_is_read()
    {
        using var client = Some.Client(Answering("/v3/domain/id", Fixture.Read("domain-id-response.json")));

        var response = await client.Domains.GetIdAsync(Cancellation);

        Assert.Equal(new DomainIdResponse { Pcid = "pcid-1", Name = "A shop", IssuerId = "issuer-1" }, response);
    }

    [Fact]
    public async Task Links_and_requests_are_read_in_both_directions()
    {
        using var client = Some.Client(Answering("/v3/domain/linked", Fixture.Read("linked-domains-response.json")));

        var response = await client.Domains.GetLinkedAsync(Cancellation);

        var to = Assert.Single(response.LinkedTo);
        Assert.Equal(("pcid-2", "A bank", _moment), (to.Pcid, to.Name, to.AcceptedAt));
        Assert.Equal(["identity"], to.Scopes);
        Assert.Equal(_moment, Assert.Single(response.LinkedFrom).AcceptedAt);
        var requested = Assert.Single(response.RequestsTo);
        Assert.Equal(("pcid-4", _moment), (requested.Pcid, requested.RequestedAt));
        Assert.Equal(["identity", "attributes"], requested.Scopes);
        var from = Assert.Single(response.RequestsFrom);
        Assert.Equal("pcid-5", from.Pcid);
        Assert.Null(from.RequestedAt);
        Assert.Empty(from.Scopes);
    }

    [Fact]
    public async Task A_project_without_links_has_four_empty_lists()
    {
        using var client = Some.Client(Answering("/v3/domain/linked", "{}"));

        var response = await client.Domains.GetLinkedAsync(Cancellation);

        Assert.Empty(response.LinkedTo);
        Assert.Empty(response.LinkedFrom);
        Assert.Empty(response.RequestsTo);
        Assert.Empty(response.RequestsFrom);
    }

    [Fact]
    public async Task A_change_that_was_not_made_is_told()
    {
        using var client = Some.Client(Answering("/v3/domain/link", """{"success":false}"""));

        var response = await client.Domains.LinkAsync(new LinkDomainRequest { Pcid = "pcid-2" }, Cancellation);

        Assert.False(response.Succeeded);
    }

    private static StubServer Answering(string path, string body) => new StubServer().On(path, () => StubServer.Json(200, body));
}
