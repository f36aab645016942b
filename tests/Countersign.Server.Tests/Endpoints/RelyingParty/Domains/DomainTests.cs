using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Projects;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Endpoints.RelyingParty.Domains;

/// <summary>Links between projects: one asks, the other confirms, and only then something is seen, one way.</summary>
public abstract class DomainTests(ServerFixture fixture) : IAsyncLifetime
{
    private const string Identity = "/v3/identity";
    private const string Link = "/v3/domain/link";
    private const string Confirm = "/v3/domain/confirm-link";
    private const string Unlink = "/v3/domain/unlink";
    private const string Linked = "/v3/domain/linked";
    private const string NotFound = "404 8011 not found";
    private const string Done = """{"success":true}""";
    private const string Number = "2002920001";
    private const string NotAnId = "must be a UUID: 8-4-4-4-12 hexadecimal digits";

    private TestServer _server = null!;
    private Side _shop = null!;
    private Side _bank = null!;
    private Side _club = null!;

    /// <summary>A project, and the same person enrolled in it.</summary>
    private sealed record Side(Credentials Credentials, string Pcid, string IssuerId, string ProveId);

    public async ValueTask InitializeAsync()
    {
        _server = await fixture.StartAsync();
        (_shop, _bank, _club) = (await AddSideAsync("shop"), await AddSideAsync("bank"), await AddSideAsync("club"));
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task The_sandbox_has_ids_that_stay_and_empty_lists()
    {
        var id = await _server.CallAsync(HttpMethod.Get, "/v3/domain/id");
        var linked = await _server.CallAsync(HttpMethod.Get, Linked);

        Assert.Equal("Countersign sandbox", id.Text("name"));
        Assert.Equal(id.Body, (await _server.CallAsync(HttpMethod.Get, "/v3/domain/id")).Body);
        // Not those that anybody can make who guesses the project's own id.
        Assert.NotEqual("64fac1ac-5f50-86b8-9d2c-4b1b0bb39400", id.Text("pcid"));
        Assert.NotEqual("5594903d-d4cb-8cde-9157-2f14a0ea226c", id.Text("issuerId"));
        Assert.Equal("""{"linkedTo":[],"linkedFrom":[],"requestsTo":[],"requestsFrom":[]}""", linked.Body);
    }

    [Fact]
    public async Task A_request_is_seen_by_both_and_opens_nothing()
    {
        await AskAsync(_shop, _bank, "identities", "attributes");

        var (ofShop, ofBank, ofClub) = (await LinkedAsync(_shop), await LinkedAsync(_bank), await LinkedAsync(_club));

        var sent = Assert.Single(Assert.Single(ofShop, list => list.Key == "requestsTo").Value!.AsArray())!;
        var received = Assert.Single(Assert.Single(ofBank, list => list.Key == "requestsFrom").Value!.AsArray())!;
        Assert.Equal(_bank.Pcid, (string?)sent["pcid"]);
        Assert.Equal((_shop.Pcid, "shop"), ((string?)received["pcid"], (string?)received["name"]));
        // Who was asked has not agreed to be known by name; who asks has told its own.
        Assert.Equal(["pcid", "requestedAt", "requestedString", "scopes"], sent.AsObject().Select(member => member.Key));
        Assert.Equal(["pcid", "name", "requestedAt", "requestedString", "scopes"], received.AsObject().Select(member => member.Key));
        Assert.Equal("""["identities","attributes"]""", sent["scopes"]!.ToJsonString());
        Assert.Equal(
            DateTimeOffset.FromUnixTimeSeconds((long)sent["requestedAt"]!),
            DateTimeOffset.Parse((string)sent["requestedString"]!, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Empty(ofClub);
        Assert.Equal((0, 1, 0, 1), await SeenAsync(_shop, _bank));
    }

    [Fact]
    public async Task A_confirmed_link_is_seen_by_both_and_opens_one_way()
    {
        await AskAsync(_shop, _bank, "identities", "attributes");

        Assert.Equal(Done, (await ConfirmAsync(_bank, _shop, """["identities","attributes"]""")).Body);

        var (ofShop, ofBank) = (await LinkedAsync(_shop), await LinkedAsync(_bank));
        var to = Assert.Single(Assert.Single(ofShop, list => list.Key == "linkedTo").Value!.AsArray())!;
        var from = Assert.Single(Assert.Single(ofBank, list => list.Key == "linkedFrom").Value!.AsArray())!;
        Assert.Equal((_bank.Pcid, "bank", _shop.Pcid, "shop"),
            ((string?)to["pcid"], (string?)to["name"], (string?)from["pcid"], (string?)from["name"]));
        Assert.Equal(["pcid", "name", "acceptedAt", "acceptedString", "scopes"], to.AsObject().Select(member => member.Key));
        Assert.Equal((1, 2, 0, 1), await SeenAsync(_shop, _bank));
    }

    [Theory]
    [InlineData("identities", 1, 1)]
    [InlineData("attributes", 0, 2)]
    [InlineData("identities attributes", 1, 2)]
    [InlineData("attributes identities", 1, 2)]
    public async Task A_link_opens_what_its_scopes_name(string scopes, int identities, int attributes)
    {
        await LinkAsync(_shop, _bank, scopes.Split(' '));

        Assert.Equal((identities, attributes, 0, 1), await SeenAsync(_shop, _bank));
    }

    [Fact]
    public async Task The_same_person_is_named_with_the_project_and_the_id_there()
    {
        await LinkAsync(_shop, _bank, "identities");
        await LinkAsync(_shop, _club, "identities");

        var reply = await _server.PostAsync(
            $"{Identity}/{_shop.ProveId}/cross-domain", """{"clientRequestId":"request"}""", _shop.Credentials);

        Assert.Equal(2, (int)reply.Json!["count"]!);
        Assert.Equal(
            new[] { ("bank", _bank.ProveId, _bank.Pcid), ("club", _club.ProveId, _club.Pcid) },
            reply.Json["identities"]!.AsArray().Select(i => ((string)i!["clientName"]!, (string)i["identityId"]!, (string)i["pcid"]!))
                .Order());
    }

    [Fact]
    public async Task An_attribute_of_a_linked_project_is_read_with_its_issuer_and_only_while_the_link_lasts()
    {
        await LinkAsync(_shop, _bank, "attributes");
        var discovered = (await GetAsync(_shop, $"/v3/discover?proveId={_shop.ProveId}")).Json!["results"]!.AsArray();
        var theirs = discovered.Single(attribute => (string)attribute!["issuerId"]! == _bank.IssuerId)!["attributeId"];

        var fetched = await GetAsync(_shop, $"/v3/fetch?proveId={_shop.ProveId}&attributeId={theirs}");
        var byOther = await GetAsync(_club, $"/v3/fetch?proveId={_club.ProveId}&attributeId={theirs}");
        await UnlinkAsync(_bank, _shop, _bank);
        var afterwards = await GetAsync(_shop, $"/v3/fetch?proveId={_shop.ProveId}&attributeId={theirs}");

        Assert.Equal(_shop.IssuerId, (string?)discovered[0]!["issuerId"]);
        Assert.Equal("kept by bank", (string?)Assert.Single(fetched.Json!["results"]!.AsArray())!["attributeValue"]);
        Assert.Equal(("""{"results":[]}""", """{"results":[]}"""), (byOther.Body, afterwards.Body));
    }

    [Fact]
    public async Task Without_a_confirmed_link_every_answer_is_that_of_a_person_whom_nobody_knows()
    {
        await AskAsync(_shop, _bank, "identities", "attributes");
        await LinkAsync(_bank, _shop, "identities", "attributes");
        var lonely = (await EnrolAsync("2002920002", _shop.Credentials, "kept by shop")).Text("proveId");
        var attributeOfBank = (await GetAsync(_bank, $"/v3/discover?proveId={_bank.ProveId}")).Json!["results"]![0]!["attributeId"];

        foreach (var (method, path) in ((string, string)[])
            [("POST", Identity + "/{0}/cross-domain"), ("GET", "/v3/fetch?proveId={0}&attributeId=" + attributeOfBank)])
        {
            var known = await _server.CallAsync(new HttpMethod(method), string.Format(null, path, _shop.ProveId), _shop.Credentials);
            var unknown = await _server.CallAsync(new HttpMethod(method), string.Format(null, path, lonely), _shop.Credentials);
            Assert.Equal((200, unknown.Body), (known.Status, known.Body));
        }
        Assert.Single((await GetAsync(_shop, $"/v3/discover?proveId={_shop.ProveId}")).Json!["results"]!.AsArray());
    }

    [Fact]
    public async Task A_person_who_is_inactive_or_forgotten_elsewhere_is_not_seen()
    {
        await LinkAsync(_shop, _bank, "identities", "attributes");

        await _server.CallAsync(HttpMethod.Post, $"{Identity}/{_bank.ProveId}/deactivate", _bank.Credentials);
        var inactive = await SeenAsync(_shop, _bank);
        await _server.CallAsync(HttpMethod.Post, $"{Identity}/{_bank.ProveId}/activate", _bank.Credentials);
        var active = await SeenAsync(_shop, _bank);
        await _server.CallAsync(HttpMethod.Delete, $"{Identity}/{_bank.ProveId}", _bank.Credentials);
        var (identities, attributes) = (await CountAsync(_shop), await AttributesAsync(_shop));

        Assert.Equal((0, 1), (inactive.Identities, inactive.Attributes));
        Assert.Equal((1, 2), (active.Identities, active.Attributes));
        Assert.Equal((0, 1), (identities, attributes));
    }

    [Fact]
    public async Task Nobody_confirms_for_another()
    {
        await AskAsync(_shop, _bank, "identities");

        var byShop = await ConfirmAsync(_shop, _bank);
        var byClub = await ConfirmAsync(_club, _shop);
        var nothingAsked = await ConfirmAsync(_bank, _club);
        var ownPcid = await ConfirmAsync(_bank, _bank);
        var unknown = await _server.PostAsync(Confirm, $$"""{"pcid":"{{_bank.IssuerId}}"}""", _bank.Credentials);

        Assert.All((Reply[])[byShop, byClub, nothingAsked, ownPcid, unknown], reply =>
            Assert.Equal((NotFound, byShop.Body), (reply.Fault, reply.Body)));
        Assert.Equal((0, 1, 0, 1), await SeenAsync(_shop, _bank));
    }

    [Fact]
    public async Task A_request_that_was_widened_after_it_was_read_is_not_confirmed()
    {
        await AskAsync(_shop, _bank, "identities");
        await AskAsync(_shop, _bank, "identities", "attributes");

        var asRead = await ConfirmAsync(_bank, _shop, """["identities"]""");
        var seen = await SeenAsync(_shop, _bank);
        var asAsked = await ConfirmAsync(_bank, _shop, """["attributes","identities"]""");
        var again = await ConfirmAsync(_bank, _shop, """["identities","attributes"]""");

        Assert.Equal((NotFound, (0, 1, 0, 1)), (asRead.Fault, seen));
        Assert.Equal((Done, Done), (asAsked.Body, again.Body));
        Assert.Equal((1, 2, 0, 1), await SeenAsync(_shop, _bank));
    }

    [Theory]
    [InlineData("")]
    [InlineData(""","scopes":null""")]
    public async Task Who_names_no_scopes_asks_for_identities_alone_and_agrees_to_them_alone(string scopes)
    {
        var asked = await _server.PostAsync(Link, $$"""{"pcid":"{{_bank.Pcid}}"{{scopes}}}""", _shop.Credentials);
        var request = (await LinkedAsync(_shop))["requestsTo"]![0]!["scopes"]!.ToJsonString();
        var confirmed = await _server.PostAsync(Confirm, $$"""{"pcid":"{{_shop.Pcid}}"{{scopes}}}""", _bank.Credentials);

        Assert.Equal((Done, """["identities"]""", Done), (asked.Body, request, confirmed.Body));
        Assert.Equal((1, 1, 0, 1), await SeenAsync(_shop, _bank));
    }

    [Theory]
    [InlineData("attributes")]
    [InlineData("identities attributes")]
    public async Task What_nobody_has_read_is_not_confirmed_without_naming_it(string scopes)
    {
        await AskAsync(_shop, _bank, scopes.Split(' '));
        // That the asking side looks is not that the asked one does.
        await LinkedAsync(_shop);

        var unread = await ConfirmAsync(_bank, _shop);
        await LinkedAsync(_bank);
        var read = await ConfirmAsync(_bank, _shop);

        Assert.Equal((NotFound, Done), (unread.Fault, read.Body));
    }

    [Fact]
    public async Task A_request_that_was_widened_since_it_was_read_is_not_confirmed()
    {
        await AskAsync(_shop, _bank, "identities");
        await LinkedAsync(_bank);
        await AskAsync(_shop, _bank, "identities", "attributes");

        var widened = await ConfirmAsync(_bank, _shop);
        var seen = await SeenAsync(_shop, _bank);
        await AskAsync(_shop, _bank, "identities");
        var asRead = await ConfirmAsync(_bank, _shop);

        Assert.Equal((NotFound, (0, 1, 0, 1), Done), (widened.Fault, seen, asRead.Body));
        Assert.Equal((1, 1, 0, 1), await SeenAsync(_shop, _bank));
    }

    [Fact]
    public async Task An_id_may_be_written_in_capitals()
    {
        var (shop, bank) = (_shop with { Pcid = _shop.Pcid.ToUpperInvariant() }, _bank with { Pcid = _bank.Pcid.ToUpperInvariant() });

        await LinkAsync(shop, bank, "identities");

        Assert.Equal((1, 1, 0, 1), await SeenAsync(_shop, _bank));
        Assert.Equal(Done, (await UnlinkAsync(shop, shop, bank)).Body);
    }

    [Fact]
    public async Task Confirming_and_asking_may_be_repeated_and_change_nothing()
    {
        await LinkAsync(_shop, _bank, "identities");
        var before = (await GetAsync(_shop, Linked)).Body;
        await _server.AdvanceAsync(TimeSpan.FromMinutes(1));

        await AskAsync(_shop, _bank, "identities");
        await ConfirmAsync(_bank, _shop);

        Assert.Equal(before, (await GetAsync(_shop, Linked)).Body);
    }

    [Fact]
    public async Task Asking_for_more_ends_the_link_until_it_is_confirmed_again()
    {
        await LinkAsync(_shop, _bank, "identities");

        await AskAsync(_shop, _bank, "identities", "attributes");
        var unread = await ConfirmAsync(_bank, _shop);
        var asked = (await SeenAsync(_shop, _bank), (await LinkedAsync(_bank)).Select(list => list.Key).Single());
        await ConfirmAsync(_bank, _shop);

        Assert.Equal(NotFound, unread.Fault);
        Assert.Equal(((0, 1, 0, 1), "requestsFrom"), asked);
        Assert.Equal((1, 2, 0, 1), await SeenAsync(_shop, _bank));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Either_side_ends_a_link_or_a_request_and_the_other_direction_stays(bool isConfirmed, bool isByAsker)
    {
        await AskAsync(_shop, _bank, "identities", "attributes");
        if (isConfirmed)
        {
            Assert.Equal(Done, (await ConfirmAsync(_bank, _shop, """["identities","attributes"]""")).Body);
        }
        await LinkAsync(_bank, _shop, "identities");

        var ended = await UnlinkAsync(isByAsker ? _shop : _bank, _shop, _bank);
        var again = await UnlinkAsync(isByAsker ? _shop : _bank, _shop, _bank);

        Assert.Equal((Done, NotFound), (ended.Body, again.Fault));
        Assert.Equal((0, 1, 1, 1), await SeenAsync(_shop, _bank));
        Assert.Equal(["linkedFrom"], (await LinkedAsync(_shop)).Select(list => list.Key));
    }

    [Fact]
    public async Task Nobody_ends_a_link_of_others()
    {
        await LinkAsync(_shop, _bank, "identities");

        var byClub = await UnlinkAsync(_club, _shop, _bank);
        var otherWay = await UnlinkAsync(_shop, _bank, _shop);
        var withClub = await UnlinkAsync(_shop, _shop, _club);
        var withItself = await UnlinkAsync(_shop, _shop, _shop);
        var unknown = await _server.PostAsync(
            Unlink, $$"""{"pcidFrom":"{{_shop.Pcid}}","pcidTo":"{{_shop.IssuerId}}"}""", _shop.Credentials);

        Assert.All((Reply[])[byClub, otherWay, withClub, withItself, unknown], reply =>
            Assert.Equal((NotFound, byClub.Body), (reply.Fault, reply.Body)));
        Assert.Equal((1, 1, 0, 1), await SeenAsync(_shop, _bank));
    }

    [Fact]
    public async Task Of_a_hundred_parallel_requests_there_is_one_and_of_a_hundred_parallel_ends_one_ends()
    {
        var asked = await AtOnceAsync(() => AskAsync(_shop, _bank, "identities"));
        var confirmed = await AtOnceAsync(() => ConfirmAsync(_bank, _shop));
        var links = (await LinkedAsync(_shop))["linkedTo"]!.AsArray().Count;
        var ended = await AtOnceAsync(() => UnlinkAsync(_bank, _shop, _bank));

        Assert.All(asked.Concat(confirmed), reply => Assert.Equal(Done, reply.Body));
        Assert.Equal(1, links);
        Assert.Single(ended, reply => reply.Status == 200);
        Assert.Equal(99, ended.Count(reply => reply.Fault == NotFound));
    }

    [Theory]
    [InlineData(Link, "{}", "400 8001 field 'pcid' is missing")]
    [InlineData(Link, """{"pcid":"x","scopes":["identities"]}""", $"400 8001 field 'pcid' is invalid: {NotAnId}")]
    [InlineData(Link, """{"pcid":"OWN","scopes":["identities"]}""", "400 8001 field 'pcid' is invalid: is your own")]
    [InlineData(Link, """{"pcid":"OTHER","scopes":[]}""", "400 8001 field 'scopes' is invalid: must have 1 to 2 entries")]
    [InlineData(Link, """{"pcid":"OTHER","scopes":["identities","attributes","identities"]}""",
        "400 8001 field 'scopes' is invalid: must have 1 to 2 entries")]
    [InlineData(Link, """{"pcid":"OTHER","scopes":"identities"}""", "400 8001 field 'scopes' is invalid: must be a list")]
    [InlineData(Link, """{"pcid":"OTHER","scopes":["identities","all"]}""",
        "400 8001 field 'scopes[1]' is invalid: must be identities or attributes")]
    [InlineData(Link, """{"pcid":"OTHER","scopes":[1]}""", "400 8001 field 'scopes[0]' is invalid: must be text")]
    [InlineData(Link, """{"pcid":"OTHER","scopes":["identities"],"clientRequestId":1}""",
        "400 8001 field 'clientRequestId' is invalid: must be text")]
    [InlineData(Link, """{"pcid":"00000000-0000-0000-0000-000000000000","scopes":["identities"]}""", NotFound)]
    [InlineData(Confirm, "{}", "400 8001 field 'pcid' is missing")]
    [InlineData(Confirm, """{"pcid":7}""", "400 8001 field 'pcid' is invalid: must be text")]
    [InlineData(Confirm, """{"pcid":"OTHER","scopes":[]}""", "400 8001 field 'scopes' is invalid: must have 1 to 2 entries")]
    [InlineData(
        Confirm, """{"pcid":"OTHER","scopes":["all"]}""", "400 8001 field 'scopes[0]' is invalid: must be identities or attributes")]
    [InlineData(Unlink, "{}", "400 8001 field 'pcidFrom' is missing; field 'pcidTo' is missing")]
    [InlineData(Unlink, """{"pcidFrom":"x","pcidTo":"OTHER"}""", $"400 8001 field 'pcidFrom' is invalid: {NotAnId}")]
    public async Task A_bad_request_is_refused_by_name_and_nothing_is_asked(string path, string body, string expected)
    {
        var reply = await _server.PostAsync(
            path, body.Replace("OWN", _shop.Pcid, StringComparison.Ordinal).Replace("OTHER", _bank.Pcid, StringComparison.Ordinal),
            _shop.Credentials);

        Assert.Equal((expected, 0), (reply.Fault, await _server.CountAsync("domain_links")));
    }

    [Fact]
    public async Task A_scope_named_twice_is_one()
    {
        Assert.Equal(Done, (await AskAsync(_shop, _bank, "identities", "identities")).Body);

        Assert.Equal("""["identities"]""", (await LinkedAsync(_shop))["requestsTo"]![0]!["scopes"]!.ToJsonString());
    }

    [Fact]
    public async Task A_renamed_project_keeps_its_ids_and_is_shown_by_its_new_name()
    {
        await LinkAsync(_shop, _bank, "identities");
        await _server.Services.GetRequiredService<IProjectStore>()
            .PutAsync(new Project(ProjectId.Parse("bank"), "The new bank", new ProjectSettings()), TestContext.Current.CancellationToken);
        await _server.AdvanceAsync(TimeSpan.FromMinutes(1));

        var linked = (await LinkedAsync(_shop))["linkedTo"]![0]!;
        var id = await GetAsync(_bank, "/v3/domain/id");

        Assert.Equal((_bank.Pcid, "The new bank"), ((string?)linked["pcid"], (string?)linked["name"]));
        Assert.Equal((_bank.Pcid, _bank.IssuerId, "The new bank"), (id.Text("pcid"), id.Text("issuerId"), id.Text("name")));
    }

    private async Task<Side> AddSideAsync(string name)
    {
        var credentials = await _server.AddProjectAsync(name);
        var domain = await _server.CallAsync(HttpMethod.Get, "/v3/domain/id", credentials);
        var enrolled = await EnrolAsync(Number, credentials, $"kept by {name}");
        return new Side(credentials, domain.Text("pcid"), domain.Text("issuerId"), enrolled.Text("proveId"));
    }

    private Task<Reply> EnrolAsync(string number, Credentials credentials, string attribute) => _server.PostAsync(
        Identity, $$"""{"phoneNumber":"{{number}}","identityAttributes":[{"attributeType":"note","attributeValue":"{{attribute}}"}]}""",
        credentials);

    private async Task<Reply> AskAsync(Side from, Side to, params string[] scopes) => await _server.PostAsync(
        Link,
        new JsonObject
        {
            ["pcid"] = to.Pcid, ["scopes"] = new JsonArray([.. scopes.Select(scope => (JsonNode)scope)]), ["clientRequestId"] = "request",
        }.ToJsonString(),
        from.Credentials);

    private Task<Reply> ConfirmAsync(Side by, Side asker, string scopes = "null") =>
        _server.PostAsync(Confirm, $$"""{"pcid":"{{asker.Pcid}}","scopes":{{scopes}}}""", by.Credentials);

    private async Task LinkAsync(Side from, Side to, params string[] scopes)
    {
        await AskAsync(from, to, scopes);
        await GetAsync(to, Linked);
        Assert.Equal(Done, (await ConfirmAsync(to, from)).Body);
    }

    private Task<Reply> UnlinkAsync(Side by, Side from, Side to) =>
        _server.PostAsync(Unlink, $$"""{"pcidFrom":"{{from.Pcid}}","pcidTo":"{{to.Pcid}}"}""", by.Credentials);

    /// <summary>The lists that have entries; all four are sent.</summary>
    private async Task<JsonObject> LinkedAsync(Side side)
    {
        var lists = (await GetAsync(side, Linked)).Json!.AsObject();
        Assert.Equal(["linkedTo", "linkedFrom", "requestsTo", "requestsFrom"], lists.Select(list => list.Key));
        return new JsonObject(
            lists.Where(list => list.Value!.AsArray().Count > 0).Select(list => KeyValuePair.Create(list.Key, list.Value?.DeepClone())));
    }

    /// <summary>How many identities elsewhere and attributes in all the one and the other see of their person.</summary>
    private async Task<(int Identities, int Attributes, int OfOther, int AttributesOfOther)> SeenAsync(Side side, Side other) =>
        (await CountAsync(side), await AttributesAsync(side), await CountAsync(other), await AttributesAsync(other));

    private async Task<int> CountAsync(Side side) =>
        (int)(await _server.CallAsync(HttpMethod.Post, $"{Identity}/{side.ProveId}/cross-domain", side.Credentials)).Json!["count"]!;

    private async Task<int> AttributesAsync(Side side) =>
        (await GetAsync(side, $"/v3/discover?proveId={side.ProveId}")).Json!["results"]!.AsArray().Count;

    private Task<Reply> GetAsync(Side side, string path) => _server.CallAsync(HttpMethod.Get, path, side.Credentials);

    private static Task<Reply[]> AtOnceAsync(Func<Task<Reply>> call) => Task.WhenAll(Enumerable.Range(0, 100).Select(_ => call()));
}

public sealed class DomainsOnSqlite(OnSqlite fixture) : DomainTests(fixture), IClassFixture<OnSqlite>;

[Trait("tier", "long")]
public sealed class DomainsOnPostgres(OnPostgres fixture) : DomainTests(fixture), IClassFixture<OnPostgres>;
