using System.Globalization;
using System.Text.Json.Nodes;
using Countersign.Core.Administration;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Endpoints.Admin;

/// <summary>Keys that are made by the admin API, on each database.</summary>
public abstract class AdminKeyTests(ServerFixture fixture)
{
    private readonly TestServer _server = fixture.Server;

    [Fact]
    public async Task A_new_key_is_shown_once_and_opens_what_its_scopes_say()
    {
        var made = await CreateAsync("reader", """["read"]""");
        var key = made.Text("key");

        var reads = await _server.AdminAsync(HttpMethod.Get, "/admin/projects", key: key);
        var changes = await _server.AdminAsync(HttpMethod.Post, "/admin/projects", """{"id":"x","name":"x"}""", key);
        var shown = await _server.AdminAsync(HttpMethod.Get, "/admin/server", key: key);
        var listed = await ListAsync();

        Assert.Matches("^cs_ak_[A-Za-z0-9_-]{43}$", key);
        Assert.Equal((200, 201), (reads.Status, made.Status));
        Assert.Equal("403 8403 this admin key needs the scope 'projects'", changes.Fault);
        Assert.Equal("reader", shown.Text("key"));
        var entry = listed.Single(one => (string)one["name"]! == "reader");
        Assert.Equal(("admin", "test", "read"), ((string)entry["origin"]!, (string)entry["createdBy"]!, (string)entry["scopes"]![0]!));
        Assert.DoesNotContain(key, string.Concat(listed), StringComparison.Ordinal);
        Assert.DoesNotContain(_server.Logs.All, line => line.ToString().Contains(key, StringComparison.Ordinal));
        Assert.Contains(
            _server.Logs.All, line => line.Text == "Admin key reader made by admin key test: read in all projects, until never");
        Assert.Contains(_server.Logs.All, line => line.Text == "Admin key reader: GET /admin/projects answered 200");
    }

    [Fact]
    public async Task An_ended_key_opens_nothing_here_at_once_and_elsewhere_within_half_a_minute()
    {
        var key = (await CreateAsync("short", """["read"]""")).Text("key");
        await using var node = await _server.StartSecondNodeAsync();
        var before = (await StatusAsync(_server, key), await StatusAsync(node, key));

        var ended = await _server.AdminAsync(HttpMethod.Delete, "/admin/keys/short");
        var again = await _server.AdminAsync(HttpMethod.Delete, "/admin/keys/short");
        var here = await StatusAsync(_server, key);
        await node.AdvanceAsync(TimeSpan.FromSeconds(30));
        var there = await StatusAsync(node, key);

        Assert.Equal((200, 200), before);
        Assert.Equal((204, 204), (ended.Status, again.Status));
        Assert.Equal((401, 401), (here, there));
        Assert.NotNull((await ListAsync()).Single(one => (string)one["name"]! == "short")["endedAt"]);
        Assert.Single(_server.Logs.All, line => line.Text == "Admin key short ended by admin key test");
        Assert.Equal(409, (await CreateAsync("short", """["read"]""")).Status);
    }

    [Fact]
    public async Task A_new_key_opens_on_another_node_that_has_looked_before()
    {
        await using var node = await _server.StartSecondNodeAsync();
        Assert.Equal(401, await StatusAsync(node, "no-key-of-anybody-0123456789-abcdefg"));

        var key = (await CreateAsync("wanderer", """["read"]""")).Text("key");
        await node.AdvanceAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(200, await StatusAsync(node, key));
    }

    [Fact]
    public async Task A_key_opens_until_its_end()
    {
        await using var server = await fixture.StartAsync();
        var end = DateTimeOffset.UtcNow.AddDays(2).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null);
        var key = (await CreateAsync("guest", """["read"]""", $",\"expiresAt\":\"{end}\"", server: server)).Text("key");

        var before = await StatusAsync(server, key);
        await server.AdvanceAsync(TimeSpan.FromDays(2));

        Assert.Equal((200, 401), (before, await StatusAsync(server, key)));
    }

    [Fact]
    public async Task A_key_that_ends_makes_none_that_ends_later()
    {
        await using var server = await fixture.StartAsync();
        var end = DateTimeOffset.UtcNow.AddDays(2);
        var maker = (await MakeAsync(TestServer.AdminKey, "maker", end)).Text("key");

        var forEver = await MakeAsync(maker, "for-ever", null);
        var longer = await MakeAsync(maker, "longer", end.AddSeconds(1));
        var shorter = await MakeAsync(maker, "shorter", end.AddSeconds(-1));

        Assert.StartsWith(
            "400 8001 field 'expiresAt' is invalid: must be no later than the end of this key, ", forEver.Fault, StringComparison.Ordinal);
        Assert.Equal(forEver.Fault, longer.Fault);
        Assert.Equal(201, shorter.Status);

        Task<Reply> MakeAsync(string key, string name, DateTimeOffset? until)
        {
            var body = new JsonObject { ["name"] = name, ["scopes"] = new JsonArray("keys", "projects") };
            if (until is { } moment)
            {
                body["expiresAt"] = moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            }
            return server.AdminAsync(HttpMethod.Post, "/admin/keys", body.ToJsonString(), key);
        }
    }

    [Fact]
    public async Task A_key_gives_away_no_scope_and_no_project_that_it_does_not_have()
    {
        await _server.AddProjectAsync("giver-shop");
        await _server.AddProjectAsync("giver-bank");
        var own = (await CreateAsync("giver", """["read","keys"]""", ""","projects":["giver-shop"]""")).Text("key");

        var more = await CreateAsync("g1", """["read","projects"]""", ""","projects":["giver-shop"]""", own);
        var wide = await CreateAsync("g2", """["read"]""", key: own);
        var nulled = await CreateAsync("g3", """["read"]""", ""","projects":null""", own);
        var emptied = await CreateAsync("g4", """["read"]""", ""","projects":[]""", own);
        var foreign = await CreateAsync("g5", """["read"]""", ""","projects":["giver-shop","giver-bank"]""", own);
        var unknown = await CreateAsync("g6", """["read"]""", ""","projects":["giver-shop","ghost"]""", own);
        var given = await CreateAsync("g7", """["keys"]""", ""","projects":["giver-shop"]""", own);

        Assert.Equal("403 8403 this admin key lacks the scope 'projects', so it cannot give it away", more.Fault);
        Assert.Equal("403 8403 this admin key is limited to projects, so a key that it makes must be, too: name them", wide.Fault);
        Assert.Equal(wide.Fault, nulled.Fault);
        Assert.Equal("400 8001 field 'projects' is invalid: must have 1 to 100 entries", emptied.Fault);
        Assert.Equal("404 8011 there is no project 'giver-bank'", foreign.Fault);
        Assert.Equal("404 8011 there is no project 'ghost'", unknown.Fault);
        Assert.Equal(201, given.Status);
        var seen = (await ListAsync(own)).Select(key => (string)key["name"]!);
        Assert.Equal(["g7", "giver"], seen);
        Assert.Equal("404 8011 there is no admin key 'other'", await EndFaultAsync("other", own));
        await CreateAsync("other", """["read"]""");
        Assert.Equal("404 8011 there is no admin key 'other'", await EndFaultAsync("other", own));
        Assert.Equal("404 8011 there is no admin key 'test'", await EndFaultAsync("test", own));
        Assert.Equal("204", await EndFaultAsync("giver", own));
    }

    [Fact]
    public async Task A_project_that_is_made_again_under_its_id_is_not_its_former_keys()
    {
        await _server.AddProjectAsync("again");
        await _server.AddProjectAsync("beside");
        var one = (await CreateAsync("of-one", """["projects","keys"]""", ""","projects":["again"]""")).Text("key");
        var two = (await CreateAsync("of-two", """["read"]""", ""","projects":["again","beside"]""")).Text("key");
        var before = await ShowAsync(one, two);

        await _server.AdminAsync(HttpMethod.Delete, "/admin/projects/again", key: one);
        await _server.AddProjectAsync("again");

        Assert.Equal((200, 200), before);
        Assert.Equal((404, 404), await ShowAsync(one, two));
        Assert.Equal(
            "403 8403 this admin key is limited to projects, and 'again' is none of them",
            (await _server.AdminAsync(HttpMethod.Post, "/admin/projects", """{"id":"again","name":"x"}""", one)).Fault);
        var listed = await ListAsync();
        Assert.Equal(("[]", """["beside"]"""), (ProjectsOf("of-one"), ProjectsOf("of-two")));
        Assert.Equal(["of-one"], (await ListAsync(one)).Select(key => (string)key["name"]!));
        Assert.Equal("404 8011 there is no admin key 'of-two'", await EndFaultAsync("of-two", one));
        Assert.Equal("204", await EndFaultAsync("of-one", one));
        Assert.Equal(401, await StatusAsync(_server, one));
        Assert.Equal("204", await EndFaultAsync("of-two", two));
        Assert.Equal("204", await EndFaultAsync("of-two", TestServer.AdminKey));

        string ProjectsOf(string name) => listed.Single(key => (string)key["name"]! == name)["projects"]!.ToJsonString();

        async Task<(int, int)> ShowAsync(string first, string second) => (
            (await _server.AdminAsync(HttpMethod.Get, "/admin/projects/again", key: first)).Status,
            (await _server.AdminAsync(HttpMethod.Get, "/admin/projects/again", key: second)).Status);
    }

    [Theory]
    [InlineData("""{"scopes":["read"]}""", "400 8001 field 'name' is missing")]
    [InlineData("""{"name":"Desk","scopes":["read"]}""", "400 8001 field 'name' is invalid: must be 1 to 64 of a-z, 0-9, -, _ and .")]
    [InlineData("""{"name":"desk"}""", "400 8001 field 'scopes' is missing")]
    [InlineData("""{"name":"desk","scopes":[]}""", "400 8001 field 'scopes' is invalid: must have 1 to 10 entries")]
    [InlineData("""{"name":"desk","scopes":["write"]}""",
        "400 8001 field 'scopes[0]' is invalid: must be read, support, projects, records, abuse, keys, backup, audit, erase or disclose")]
    [InlineData("""{"name":"desk","scopes":["read"],"projects":["No"]}""",
        "400 8001 field 'projects[0]' is invalid: must be 1 to 64 of a-z, 0-9 and -, and not begin with -")]
    [InlineData("""{"name":"desk","scopes":["read"],"projects":["ghost"]}""", "404 8011 there is no project 'ghost'")]
    [InlineData("""{"name":"desk","scopes":["read"],"expiresAt":"soon"}""",
        "400 8001 field 'expiresAt' is invalid: must be a date (2027-01-31), or a moment in UTC (2027-01-31T12:00:00Z)")]
    [InlineData("""{"name":"desk","scopes":["read"],"expiresAt":"2020-01-31"}""",
        "400 8001 field 'expiresAt' is invalid: must be in the future")]
    [InlineData("""{"name":"test","scopes":["read"]}""",
        "409 8410 there is an admin key 'test' already, or was: names are not used again")]
    public async Task What_cannot_be_is_refused_by_its_field(string body, string fault)
    {
        var reply = await _server.AdminAsync(HttpMethod.Post, "/admin/keys", body);

        Assert.Equal(fault, reply.Fault);
    }

    [Theory]
    [InlineData("""{"name":"Desk","scopes":["write"],"projects":["ghost","shade"],"expiresAt":"2020-01-31"}""",
        "400 8001 field 'name' is invalid: must be 1 to 64 of a-z, 0-9, -, _ and .; field 'scopes[0]' is invalid: must be read, support, "
            + "projects, records, abuse, keys, backup, audit, erase or disclose; there is no project 'ghost'; there is no project 'shade'; "
            + "field 'expiresAt' is invalid: must be in the future")]
    [InlineData("""{"name":"desk","scopes":["read","abuse","records"],"projects":["ghost"],"expiresAt":"2020-01-31"}""",
        "400 8001 this admin key lacks the scopes 'records', 'abuse', so it cannot give them away; there is no project 'ghost'; "
            + "field 'expiresAt' is invalid: must be in the future")]
    [InlineData("""{"name":"desk","scopes":["abuse"],"projects":["ghost"],"expiresAt":"2999-01-31"}""",
        "403 8403 this admin key lacks the scope 'abuse', so it cannot give it away; there is no project 'ghost'")]
    [InlineData("""{"name":"desk","scopes":["read"],"projects":["ghost","shade"],"expiresAt":"2999-01-31"}""",
        "404 8011 there is no project 'ghost'; there is no project 'shade'")]
    [InlineData("""{"name":"desk","scopes":["abuse"],"expiresAt":"soon"}""",
        "400 8001 field 'expiresAt' is invalid: must be a date (2027-01-31), or a moment in UTC (2027-01-31T12:00:00Z); this admin key "
            + "lacks the scope 'abuse', so it cannot give it away; this admin key is limited to projects, so a key that it makes must be, "
            + "too: name them")]
    public async Task All_that_is_wrong_is_told_at_once(string body, string fault)
    {
        var project = $"p-{Guid.NewGuid():N}";
        await _server.AddProjectAsync(project);
        var own = (await CreateAsync(
            $"k-{Guid.NewGuid():N}", """["read","keys"]""", $",\"projects\":[\"{project}\"]")).Text("key");

        var reply = await _server.AdminAsync(HttpMethod.Post, "/admin/keys", body, own);

        Assert.Equal(fault, reply.Fault);
    }

    [Fact]
    public async Task A_key_of_the_configuration_is_listed_and_ended_there_alone()
    {
        var ended = await EndFaultAsync("TEST", TestServer.AdminKey);
        var entry = (await ListAsync()).Single(one => (string)one["name"]! == "test");

        Assert.Equal("409 8410 the admin key 'test' stands in the server's configuration: take it out there and restart the server", ended);
        Assert.Equal("configuration", (string)entry["origin"]!);
        Assert.Equal(AdminScopes.All.Count, entry["scopes"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_name_that_the_configuration_takes_means_its_key_alone()
    {
        var key = (await CreateAsync("taken", """["read"]""")).Text("key");

        await using var node = await TestServer.StartAsync(_server.Store, new Dictionary<string, string?>
        {
            ["Countersign:Admin:Keys:taken"] = "another-key-0123456789-abcdefghijklm",
            ["Countersign:Admin:Scopes:taken"] = "read,support",
        });

        Assert.Equal(401, await StatusAsync(node, key));
        Assert.Equal(200, await StatusAsync(node, "another-key-0123456789-abcdefghijklm"));
        var listed = (await node.AdminAsync(HttpMethod.Get, "/admin/keys")).Json!["keys"]!.AsArray();
        Assert.Equal("configuration", (string)Assert.Single(listed, one => (string)one!["name"]! == "taken")!["origin"]!);
    }

    private async Task<string> EndFaultAsync(string name, string key) =>
        (await _server.AdminAsync(HttpMethod.Delete, $"/admin/keys/{name}", key: key)).Fault;

    private Task<Reply> CreateAsync(string name, string scopes, string more = "", string? key = null, TestServer? server = null) =>
        (server ?? _server).AdminAsync(HttpMethod.Post, "/admin/keys", $$"""{"name":"{{name}}","scopes":{{scopes}}{{more}}}""", key);

    private async Task<List<JsonObject>> ListAsync(string? key = null) =>
        [.. (await _server.AdminAsync(HttpMethod.Get, "/admin/keys", key: key)).Json!["keys"]!.AsArray().OfType<JsonObject>()];

    private static async Task<int> StatusAsync(TestServer server, string key) =>
        (await server.AdminAsync(HttpMethod.Get, "/admin/projects", key: key)).Status;
}

public sealed class AdminKeysOnSqlite(OnSqlite fixture) : AdminKeyTests(fixture), IClassFixture<OnSqlite>;

public sealed class AdminKeysOnPostgres(OnPostgres fixture) : AdminKeyTests(fixture), IClassFixture<OnPostgres>;
