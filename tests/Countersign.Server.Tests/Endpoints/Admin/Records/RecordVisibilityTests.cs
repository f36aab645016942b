using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Endpoints.Admin.Records;

/// <summary>Records are seen by the projects of their source, in Live, on both stores.</summary>
public abstract class RecordVisibilityTests(ServerFixture fixture) : IAsyncLifetime
{
    private const string OnRecord = "+12025550142";
    private const string NotOnRecord = "+12025550143";
    private const string Imports = "/admin/records/imports";

    private TestServer _server = null!;
    private Credentials _shop = null!;
    private Credentials _bank = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await fixture.StartAsync(new Dictionary<string, string?>(TestServer.Live)
        {
            ["Countersign:Countries"] = "US",
            ["Countersign:Admin:Keys:of-bank"] = OfBank, ["Countersign:Admin:Projects:of-bank:0"] = "bank",
        });
        _shop = await _server.AddProjectAsync("shop", TestServer.Permissive);
        _bank = await _server.AddProjectAsync("bank", TestServer.Permissive);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _server.DisposeAsync();
    }

    private const string OfBank = "of-bank-of-bank-of-bank-of-bank-of-bank";

    [Theory]
    [InlineData("none")]
    [InlineData("verifiedUser")]
    [InlineData("accountOpening")]
    [InlineData("humanAssurance")]
    [InlineData("prefill")]
    [InlineData("prefillForBiz")]
    [InlineData("identityResolution")]
    public async Task Another_project_is_answered_as_if_there_were_no_record(string type)
    {
        await ImportAsync("crm", ["shop"]);

        var (seen, unseen, none) = (
            await AskAsync(type, OnRecord, _shop), await AskAsync(type, OnRecord, _bank), await AskAsync(type, NotOnRecord, _bank));

        Assert.NotEqual(none, seen);
        Assert.Equal(none, unseen);
    }

    [Fact]
    public async Task In_a_batch_too()
    {
        await ImportAsync("crm", ["shop"]);
        var body = new JsonObject { ["items"] = new JsonArray(Item("verifiedUser", OnRecord), Item("verifiedUser", NotOnRecord)) };

        var results = (await _server.PostAsync("/v3/verify/batch", body.ToJsonString(), _bank)).Json!["results"]!;
        var seen = (await _server.PostAsync("/v3/verify/batch", body.ToJsonString(), _shop)).Json!["results"]!;

        Assert.Equal(Without(results[1]!), Without(results[0]!));
        Assert.NotEqual(Without(seen[1]!), Without(seen[0]!));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_possession_a_flow_and_pre_fill_are_answered_as_if_there_were_no_record(bool isPreFill)
    {
        await ImportAsync("crm", ["shop"]);

        var (seen, unseen, none) = (
            await ProveAsync(isPreFill, OnRecord, _shop), await ProveAsync(isPreFill, OnRecord, _bank),
            await ProveAsync(isPreFill, NotOnRecord, _bank));

        Assert.NotEqual(none, seen);
        Assert.Equal(none, unseen);
    }

    [Fact]
    public async Task An_import_says_whose_it_is_where_there_are_several()
    {
        var neither = await BeginAsync("crm");
        var ghost = await BeginAsync("crm", ["ghost"]);
        await ImportAsync("crm", ["shop"]);
        var foreign = await BeginAsync("crm", ["bank"]);
        await _server.AdminAsync(HttpMethod.Delete, "/admin/projects/bank");
        var only = await BeginAsync("crm");

        Assert.Equal(400, neither.Status);
        Assert.Contains("--project", neither.Message, StringComparison.Ordinal);
        Assert.Equal((400, "field 'projects' is invalid: names 'ghost', and there is no such project"), (ghost.Status, ghost.Message));
        Assert.Equal(409, foreign.Status);
        Assert.StartsWith("the source 'crm' is seen by shop: assign it", foreign.Message, StringComparison.Ordinal);
        Assert.Equal(200, only.Status);
    }

    [Fact]
    public async Task A_source_is_assigned_and_listed_with_who_sees_it()
    {
        await ImportAsync("crm", ["shop"]);
        Assert.Equal("""false ["shop"]""", await SeenByAsync());

        var assigned = await AssignAsync("crm", "bank", "bank");
        Assert.Equal("""{"name":"crm","projects":["bank"]}""", assigned.Body);
        Assert.Equal("""false ["bank"]""", await SeenByAsync());
        Assert.Equal(await AskAsync("verifiedUser", NotOnRecord, _shop), await AskAsync("verifiedUser", OnRecord, _shop));
        Assert.Contains(_server.Logs.All, line => line.Event.Id == 1581);

        await _server.AdminAsync(HttpMethod.Delete, "/admin/projects/bank");
        Assert.Equal("false []", await SeenByAsync());
        Assert.Equal(404, (await AssignAsync("other", "shop")).Status);
        Assert.Equal(400, (await AssignAsync("crm", "bank")).Status);
        Assert.Equal(400, (await _server.AdminAsync(HttpMethod.Post, "/admin/records/assign", """{"source":"crm"}""")).Status);
    }

    [Fact]
    public async Task A_key_of_a_project_gives_records_to_its_own_sources_and_sees_no_others()
    {
        await ImportAsync("crm", ["shop"]);
        await ImportAsync("both", ["shop", "bank"]);

        Assert.Equal(409, (await BeginAsync("crm", ["bank"], OfBank)).Status);
        Assert.Equal(409, (await BeginAsync("both", ["bank"], OfBank)).Status);
        Assert.Equal(
            (400, "field 'projects' is invalid: names 'shop', and there is no such project"),
            ((await BeginAsync("new", ["shop"], OfBank)).Status, (await BeginAsync("new", ["shop"], OfBank)).Message));
        foreach (var (method, path) in ((HttpMethod, string)[])[
            (HttpMethod.Get, "1"), (HttpMethod.Delete, "1"), (HttpMethod.Post, "1/commit"), (HttpMethod.Get, "2")])
        {
            Assert.Equal(404, (await _server.AdminAsync(method, $"{Imports}/{path}", key: OfBank)).Status);
        }
        Assert.Equal(404, (await SendAsync(1, "x", OfBank)).Status);
        await ImportAsync("new", ["bank"], OfBank);

        var listed = await _server.AdminAsync(HttpMethod.Get, "/admin/records/sources", key: OfBank);
        Assert.Equal(
            """both ["bank"] new ["bank"]""",
            string.Join(' ', listed.Json!["sources"]!.AsArray().Select(one => $"{one!["name"]} {one["projects"]!.ToJsonString()}")));
    }

    [Fact]
    public async Task An_import_by_a_key_of_one_project_says_whose_it_is_too_and_is_told_of_no_other()
    {
        const string missing = "field 'projects' is missing: say whose these records are (countersign records import --project)";
        var beside = await BeginAsync("mine", key: OfBank);
        await _server.AdminAsync(HttpMethod.Delete, "/admin/projects/shop");
        Assert.Equal(200, (await BeginAsync("mine", key: OfBank)).Status);
        Assert.Equal(["bank"], await SeersAsync("mine"));
        await _server.AdminAsync(HttpMethod.Delete, "/admin/projects/bank");
        await _server.AddProjectAsync("shop");
        var without = await BeginAsync("other", key: OfBank);

        Assert.Equal([(400, missing), (400, missing)], new[] { beside, without }.Select(reply => (reply.Status, reply.Message)));
    }

    [Fact]
    public async Task What_every_project_sees_is_named_at_each_start_until_it_is_assigned()
    {
        await ImportAsync("crm", ["shop"]);
        await _server.ExecuteAsync("UPDATE record_sources SET is_for_all = 1");
        await _server.ExecuteAsync("DELETE FROM record_visibility");
        var seen = await AskAsync("verifiedUser", OnRecord, _bank);

        Assert.Equal("true []", await SeenByAsync());
        Assert.Equal(await AskAsync("verifiedUser", OnRecord, _shop), seen);
        Assert.NotEqual(await AskAsync("verifiedUser", NotOnRecord, _bank), seen);
        Assert.Equal(1, await WarningsOfAStartAsync());
        Assert.Equal(1, await WarningsOfAStartAsync());
        await AssignAsync("crm", "shop");
        Assert.Equal(0, await WarningsOfAStartAsync());
    }

    private async Task<int> WarningsOfAStartAsync()
    {
        await using var node = await _server.StartSecondNodeAsync();
        return node.Logs.All.Count(line => line.Event.Id == 1582 && line.Text.Contains("crm", StringComparison.Ordinal));
    }

    private async Task<string> SeenByAsync()
    {
        var source = (await _server.AdminAsync(HttpMethod.Get, "/admin/records/sources")).Json!["sources"]![0]!;
        return $"{source["allProjects"]!.ToJsonString()} {source["projects"]!.ToJsonString()}";
    }

    private async Task<string?[]> SeersAsync(string source)
    {
        var sources = (await _server.AdminAsync(HttpMethod.Get, "/admin/records/sources")).Json!["sources"]!.AsArray();
        return [.. sources.Single(one => (string?)one!["name"] == source)!["projects"]!.AsArray().Select(id => (string?)id)];
    }

    private Task<Reply> AssignAsync(string source, params string[] projects) => _server.AdminAsync(
        HttpMethod.Post, "/admin/records/assign", new JsonObject { ["source"] = source, ["projects"] = Texts(projects) }.ToJsonString());

    private async Task ImportAsync(string source, string[] projects, string? key = null)
    {
        var begun = await BeginAsync(source, projects, key);
        Assert.Equal(200, begun.Status);
        var id = (int)begun.Json!["id"]!;
        Assert.Equal(200, (await SendAsync(id, $"{OnRecord},Lori,Montgomery,1980-02-03\n", key)).Status);
        Assert.Equal(200, (await _server.AdminAsync(HttpMethod.Post, $"{Imports}/{id}/commit", key: key)).Status);
    }

    private Task<Reply> BeginAsync(string source, string[]? projects = null, string? key = null)
    {
        var body = new JsonObject
        {
            ["source"] = source, ["format"] = "csv", ["columns"] = Texts("phone", "given_name", "family_name", "birthdate"),
        };
        if (projects is not null)
        {
            body["projects"] = Texts(projects);
        }
        return _server.AdminAsync(HttpMethod.Post, Imports, body.ToJsonString(), key);
    }

    private async Task<Reply> SendAsync(int import, string lines, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Imports}/{import}/lines?firstLine=1")
        {
            Content = new StringContent(lines, Encoding.UTF8, "text/csv"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key ?? TestServer.AdminKey);
        return await _server.SendAsync(request);
    }

    /// <summary>What is answered, without what names the answer or its number.</summary>
    private async Task<string> AskAsync(string type, string number, Credentials project) => Without(type == "none"
        ? (await _server.BeginAsync(
            "none", number, new JsonObject { ["firstName"] = "Lori", ["lastName"] = "Montgomery" }, project)).Reply.Json!
        : (await _server.VerifyAsync(Item(type, number).ToJsonString(), project)).Json!);

    private async Task<string> ProveAsync(bool isPreFill, string number, Credentials project)
    {
        var body = isPreFill
            ? $$"""{"flowType":"mobile","phoneNumber":"{{number}}"}"""
            : $$"""{"possessionType":"mobile","phoneNumber":"{{number}}","firstName":"Lori","lastName":"Montgomery"}""";
        var begun = await _server.PostAsync(isPreFill ? "/v3/start" : "/v3/verify", body, project);
        var browser = _server.Browser(begun.Text("authToken"));
        await browser.Post("mobile/instant/start");
        await browser.Post("mobile/otp/start");
        var code = string.Concat(_server.Gateway.Submissions[^1].Text.Text.Reveal().TakeWhile(char.IsAsciiDigit));
        await browser.Post("mobile/otp/finish", $$"""{"otp":"{{code}}"}""");
        var id = begun.Text("correlationId");
        if (!isPreFill)
        {
            return Without((await _server.StatusAsync(id, project)).Json!);
        }
        await _server.PostAsync("/v3/validate", $$"""{"correlationId":"{{id}}"}""", project);
        var challenged = await _server.PostAsync("/v3/challenge", $$"""{"correlationId":"{{id}}","dob":"1980-02-03"}""", project);
        return Without(challenged.Json!);
    }

    private static JsonObject Item(string type, string number) => new()
    {
        ["verificationType"] = type, ["phoneNumber"] = number, ["firstName"] = "Lori", ["lastName"] = "Montgomery",
    };

    private static JsonArray Texts(params string[] texts) => new([.. texts.Select(text => (JsonNode)text)]);

    private static string Without(JsonNode answer)
    {
        var copy = answer.DeepClone().AsObject();
        foreach (var name in (string[])["correlationId", "phoneNumber", "provePhoneAlias", "authToken", "proveId"])
        {
            copy.Remove(name);
        }
        return copy.ToJsonString();
    }
}

public sealed class RecordVisibilityOnSqlite(OnSqlite fixture) : RecordVisibilityTests(fixture), IClassFixture<OnSqlite>;

public sealed class RecordVisibilityOnPostgres(OnPostgres fixture) : RecordVisibilityTests(fixture), IClassFixture<OnPostgres>;
