using System.Text.Json.Nodes;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Endpoints.Admin;

public sealed class ProjectTests(OnSqlite fixture) : IClassFixture<OnSqlite>
{
    private readonly TestServer _server = fixture.Server;

    [Fact]
    public async Task A_project_that_was_made_is_shown_and_listed()
    {
        var made = await CreateAsync(
            "made", """{"name":"Käse & Söhne","linkConfirmation":"match","targetUrls":["https://shop.example/done"]}""");
        var shown = await _server.AdminAsync(HttpMethod.Get, "/admin/projects/made");
        var listed = await _server.AdminAsync(HttpMethod.Get, "/admin/projects");

        Assert.Equal(201, made.Status);
        Assert.Equal(made.Body, shown.Body);
        Assert.Equal(("Käse & Söhne", "match", "admin"), (shown.Text("name"), shown.Text("linkConfirmation"), shown.Text("origin")));
        Assert.Equal("https://shop.example/done", (string?)shown.Json!["targetUrls"]![0]);
        Assert.Contains(listed.Json!["projects"]!.AsArray(), project => (string?)project!["id"] == "made");
    }

    [Fact]
    public async Task A_change_changes_what_it_names_and_null_gives_the_default_back()
    {
        await CreateAsync(
            "changed", """{"name":"Shop","linkConfirmation":"match","webOtpHost":"shop.example","targetUrls":["https://shop.example"]}""");

        var one = await ChangeAsync("changed", """{"passkeys":"preferred"}""");
        var two = await ChangeAsync("changed", """{"linkConfirmation":null,"webOtpHost":null,"targetUrls":[],"name":"New shop"}""");

        Assert.Equal(("match", "preferred", "shop.example"), (one.Text("linkConfirmation"), one.Text("passkeys"), one.Text("webOtpHost")));
        Assert.Equal(("tap", "preferred", null, "New shop"),
            (two.Text("linkConfirmation"), two.Text("passkeys"), two.TextOrNull("webOtpHost"), two.Text("name")));
        Assert.Empty(two.Json!["targetUrls"]!.AsArray());
    }

    [Fact]
    public async Task What_is_made_of_risk_is_changed_signal_by_signal()
    {
        await CreateAsync("risky", """{"name":"Shop","namePolicy":"strict","risk":{"simSwap":"refuse","refusesUnknown":true}}""");

        var one = await ChangeAsync("risky", """{"risk":{"recycled":"refuse","refusesUnknown":null}}""");
        var two = await ChangeAsync("risky", """{"namePolicy":null,"risk":{"simSwap":null}}""");
        var three = await ChangeAsync("risky", """{"risk":null}""");

        Assert.Equal(("strict", "simSwap recycled"), (one.Text("namePolicy"), Refused(one)));
        Assert.False((bool)one.Json!["risk"]!["refusesUnknown"]!);
        Assert.Equal(("standard", "recycled"), (two.Text("namePolicy"), Refused(two)));
        Assert.Equal("", Refused(three));
    }

    [Fact]
    public async Task A_change_is_there_for_the_next_flow()
    {
        await CreateAsync("wording", """{"name":"Shop"}""");
        var client = await ClientAsync("wording");
        await _server.BeginAsync("mobile", "2002000102", credentials: client);

        await ChangeAsync("wording", """{"otpText":"Shop says ######"}""");

        var begun = await _server.BeginAsync("mobile", "2002000102", credentials: client);
        var browser = _server.Browser(begun.AuthToken!);
        await browser.Post("mobile/instant/start");
        await browser.Post("mobile/otp/start");
        Assert.Equal("Shop says 123456", (await _server.LastMessageAsync("2002000102")).Text);
    }

    [Fact]
    public async Task A_text_may_name_the_projects_hosts_and_allowed_words_and_a_flow_keeps_what_it_began_with()
    {
        await CreateAsync(
            "named", """{"name":"Shop","targetUrls":["https://www.shop.com/done"],"webOrigins":["https://app.shop.com"]"""
                + ""","allowedWords":["Shop.com","Co.KG"]}""");
        var client = await ClientAsync("named");

        foreach (var (text, isTaken) in (IReadOnlyList<(string, bool)>)
            [("Shop.com Co.KG: ####", true), ("www.shop.com ####", true), ("at app.shop.com ####", true), ("127.0.0.1 ####", true),
                ("shop.com/x ####", false),
             ("https://www.shop.com ####", false), ("m.shop.com ####", false), ("Shop.com or evil.com ####", false),
             ("app.shop.com:8080 ####", false)])
        {
            var reply = await _server.VerifyAsync(
                TestServer.VerifyBody("mobile", "2002000103", new JsonObject { ["smsMessage"] = text }), client);
            Assert.Equal((text, isTaken ? 200 : 400), (text, reply.Status));
        }
        var own = await ChangeAsync("named", """{"otpText":"Shop.com: ######"}""");
        var flow = await _server.BeginAsync("mobile", "2002000103", credentials: client);
        var withdrawn = await ChangeAsync("named", """{"allowedWords":[]}""");
        var both = await ChangeAsync("named", """{"allowedWords":[],"otpText":null}""");

        var browser = _server.Browser(flow.AuthToken!);
        await browser.Post("mobile/instant/start");
        await browser.Post("mobile/otp/start");
        Assert.Equal("Shop.com: 123456", (await _server.LastMessageAsync("2002000103")).Text);
        Assert.Equal(["Shop.com", "Co.KG"], own.Json!["allowedWords"]!.AsArray().Select(word => (string?)word));
        Assert.Equal(
            "400 8001 field 'otpText' is invalid: the stored wording does not go with this change: contains a link of its own "
            + "('shop.com'): leave it out, or add the name to the "
                + "project's AllowedWords, or an address of that host to its TargetUrls",
            withdrawn.Fault);
        Assert.Empty(both.Json!["allowedWords"]!.AsArray());
    }

    [Fact]
    public async Task Two_projects_of_one_id_are_refused()
    {
        await CreateAsync("twice", """{"name":"Shop"}""");

        var again = await CreateAsync("twice", """{"name":"Other"}""");

        Assert.Equal((409, 8410), (again.Status, again.Code));
        Assert.Equal("Shop", (await _server.AdminAsync(HttpMethod.Get, "/admin/projects/twice")).Text("name"));
    }

    [Theory]
    [InlineData("""{"id":"Shop","name":"x"}""", "field 'id' is invalid: must be 1 to 64 of a-z, 0-9 and -, and not begin with -")]
    [InlineData("""{"name":"x"}""", "field 'id' is missing")]
    [InlineData("""{"id":"bad","name":"a\u202eb"}""", "field 'name' is invalid: contains characters that do not show")]
    [InlineData("""{"id":"bad","name":"x","linkConfirmation":"Tap"}""", "field 'linkConfirmation' is invalid: must be tap or match")]
    [InlineData("""{"id":"bad","name":"x","startShape":7}""", "field 'startShape' is invalid: must be text")]
    [InlineData("""{"id":"bad","name":"x","webOrigins":"https://a.example"}""", "field 'webOrigins' is invalid: must be a list")]
    [InlineData("""{"id":"bad","name":"x","webOrigins":["https://a.example","https://b.example/"]}""",
        "field 'webOrigins[1]' is invalid: must be a bare origin as browsers write it (https://www.example.com)")]
    [InlineData("""{"id":"bad","name":"x","targetUrls":["http://a.example"]}""",
        "field 'targetUrls[0]' is invalid: must begin with https:// (https://www.example.com/verified)")]
    [InlineData("""{"id":"bad","name":"x","targetUrls":["https://a.example/x/../y"]}""",
        "field 'targetUrls[0]' is invalid: must not contain . or .. as a part of its path (https://www.example.com/verified)")]
    [InlineData("""{"id":"bad","name":"x","webOtpHost":"https://a.example"}""",
        "field 'webOtpHost' is invalid: must be a host name without scheme and port (www.example.com)")]
    [InlineData("""{"id":"bad","name":"x","otpText":"No placeholder"}""",
        "field 'otpText' is invalid: must contain exactly one placeholder of # characters")]
    [InlineData("""{"id":"bad","name":"x","otpText":"See https://x.example ####"}""",
        "field 'otpText' is invalid: contains a link of its own ('https:'): leave it out, or write a space behind the colon")]
    [InlineData("""{"id":"bad","name":"x","linkText":"Call 0900 123 456 7 ####"}""",
        "field 'linkText' is invalid: contains a telephone number ('**** *** **6 7'): leave it out")]
    [InlineData(
        """{"id":"bad","name":"x","allowedWords":["shop.com","shop.com/x"]}""",
        "field 'allowedWords[1]' is invalid: must be a name of 1 to 64 letters, digits, dots and hyphens, without a scheme or a path "
            + "(shop.example)")]
    [InlineData(
        """{"id":"bad","name":"x","linkText":"Link ######"}""", "field 'linkText' is invalid: the placeholder for the link is ####")]
    [InlineData("""{"id":"bad","name":"x","namePolicy":"loose"}""", "field 'namePolicy' is invalid: must be standard or strict or lenient")]
    [InlineData("""{"id":"bad","name":"x","risk":"refuse"}""", "field 'risk' is invalid: must be an object")]
    [InlineData("""{"id":"bad","name":"x","risk":""}""", "field 'risk' is invalid: must be an object")]
    [InlineData(
        """{"id":"bad","name":"x","risk":{"simSwap":"block","recycled":"","refusesUnknown":"true"}}""",
        "field 'risk.simSwap' is invalid: must be report or refuse; field 'risk.recycled' is invalid: must be report or refuse; field "
            + "'risk.refusesUnknown' is invalid: must be true or false")]
    [InlineData(
        """{"id":"bad","name":"x","risk":{"SimSwap":"refuse"}}""",
        "field 'risk.SimSwap' is invalid: this call has no such member; did you mean 'risk.simSwap'?")]
    [InlineData(
        """{"id":"bad","webOrigins":["https://a.example/"],"passkeys":"on","otpText":"no","risk":{"simSwap":"block"},"color":"red"}""",
        "field 'color' is invalid: this call has no such member; it has: id, name, errorCodes, linkConfirmation, startShape, passkeys, "
            + "webOtpHost, webOrigins, targetUrls, otpText, linkText, allowedWords, countries, namePolicy, identityReasons, oneCall, "
            + "disclosesSsn, numberChange, deviceNotice, guessProbability, caps, risk; field 'passkeys' is invalid: must be off or "
            + "preferred or required; field 'risk.simSwap' is invalid: must be report or refuse; field 'webOrigins[0]' is invalid: must "
            + "be a bare origin as browsers write it (https://www.example.com); field 'otpText' is invalid: must contain exactly one "
            + "placeholder of # characters")]
    [InlineData(
        """{"id":"Bad","name":" ","countries":["us"],"disclosesSsn":1}""",
        "field 'id' is invalid: must be 1 to 64 of a-z, 0-9 and -, and not begin with -; field 'name' is invalid: must be 1 to 64 "
            + "characters; field 'disclosesSsn' is invalid: must be true or false; field 'countries[0]' is invalid: must be an ISO 3166 "
            + "code of two capital letters (US)")]
    [InlineData(
        """{"id":"bad","name":"x","countries":["us"],"linkText":"no"}""",
        "field 'linkText' is invalid: must contain exactly one placeholder of # characters; field 'countries[0]' is invalid: must be an "
            + "ISO 3166 code of two capital letters (US)")]
    public async Task Every_bad_field_is_named(string body, string message)
    {
        var reply = await _server.AdminAsync(HttpMethod.Post, "/admin/projects", body);

        Assert.Equal($"400 8001 {message}", reply.Fault);
        Assert.Equal(404, (await _server.AdminAsync(HttpMethod.Get, "/admin/projects/bad")).Status);
    }

    [Fact]
    public async Task A_bad_change_changes_nothing()
    {
        await CreateAsync("unchanged", """{"name":"Shop"}""");

        var reply = await ChangeAsync("unchanged", """{"name":"New","webOrigins":["nonsense"]}""");

        Assert.Equal(400, reply.Status);
        Assert.Equal("Shop", (await _server.AdminAsync(HttpMethod.Get, "/admin/projects/unchanged")).Text("name"));
    }

    [Fact]
    public async Task Every_bad_field_of_a_change_is_named_and_none_that_was_bad_before()
    {
        await CreateAsync("faulty", """{"otpText":"Shop.com: ######","allowedWords":["shop.com"]}""");

        var reply = await ChangeAsync("faulty", """{"targetUrls":["http://a.example"],"linkConfirmation":"yes","webOrigins":7}""");
        var wording = await ChangeAsync("faulty", """{"allowedWords":[],"passkeys":7,"otpText":7}""");
        var nowhere = await ChangeAsync("nobody", """{"targetUrls":["http://a.example"],"linkConfirmation":"yes"}""");

        Assert.Equal(
            "400 8001 field 'linkConfirmation' is invalid: must be tap or match; field 'webOrigins' is invalid: must be a list; field "
                + "'targetUrls[0]' is invalid: must begin with https:// (https://www.example.com/verified)",
            reply.Fault);
        Assert.Equal(
            "400 8001 field 'passkeys' is invalid: must be text; field 'otpText' is invalid: must be text; field 'otpText' is invalid: the "
                + "stored wording does not go with this change: contains a link of its own ('shop.com'): leave it out, or add the name to "
                + "the project's AllowedWords, or an address of that host to its TargetUrls",
            wording.Fault);
        Assert.Equal("400 8001 field 'linkConfirmation' is invalid: must be tap or match", nowhere.Fault);
        Assert.Equal(
            ("Shop.com: ######", "off"),
            ((await _server.AdminAsync(HttpMethod.Get, "/admin/projects/faulty")) is var shown ? shown.Text("otpText") : "",
                shown.Text("passkeys")));
    }

    [Fact]
    public async Task A_project_without_a_name_has_its_id_for_one()
    {
        var unnamed = await _server.AdminAsync(HttpMethod.Post, "/admin/projects", """{"id":"unnamed"}""");
        var nulled = await _server.AdminAsync(HttpMethod.Post, "/admin/projects", """{"id":"nulled","name":null}""");

        Assert.Equal(("unnamed", "nulled"), (unnamed.Text("name"), nulled.Text("name")));
    }

    [Theory]
    [InlineData("""{"otpText":"Code ######"}""", "otp GSM-7 1")]
    [InlineData("""{"otpText":"Код ######"}""", "otp UCS-2 1")]
    [InlineData("""{"otpText":"Ваш код подтверждения ######. Никому его не говорите, даже сотрудникам магазина."}""",
        "otp UCS-2 2 It has letters outside the GSM alphabet, so only 70 characters fit into one segment: replace or shorten.")]
    public async Task How_a_wording_goes_over_the_air_is_told(string settings, string report)
    {
        var id = $"air-{Guid.NewGuid():N}";

        var reply = await CreateAsync(id, settings.Replace("{", """{"name":"x",""", StringComparison.Ordinal));

        var told = reply.Json!["texts"]![0]!;
        Assert.Equal(report, $"{told["kind"]} {told["encoding"]} {told["segments"]} {told["advice"]}".TrimEnd());
    }

    [Fact]
    public async Task A_deleted_project_is_gone_with_its_clients_at_once()
    {
        await CreateAsync("gone", """{"name":"Shop"}""");
        var client = await ClientAsync("gone");
        var token = await _server.GetTokenAsync(client);
        Assert.Equal(200, (await _server.CallAsync(HttpMethod.Get, "/v3/domain/id", client)).Status);

        var deleted = await _server.AdminAsync(HttpMethod.Delete, "/admin/projects/gone");

        Assert.Equal((204, ""), (deleted.Status, deleted.Body));
        Assert.Equal(401, (await _server.CallAsync(HttpMethod.Get, "/v3/domain/id", client)).Status);
        Assert.Equal(404, (await _server.AdminAsync(HttpMethod.Get, "/admin/projects/gone")).Status);
        Assert.Equal((404, 8011),
            (await _server.AdminAsync(HttpMethod.Delete, "/admin/projects/gone")) is var again ? (again.Status, again.Code) : default);
        Assert.NotEmpty(token);
    }

    [Theory]
    [InlineData("PATCH", "/admin/projects/sandbox", """{"name":"x"}""")]
    [InlineData("DELETE", "/admin/projects/sandbox", null)]
    [InlineData("POST", "/admin/projects/sandbox/clients/test-client/rotate", "{}")]
    [InlineData("DELETE", "/admin/projects/sandbox/clients/test-client", null)]
    public async Task What_stands_in_the_configuration_is_changed_there(string method, string path, string? body)
    {
        var reply = await _server.AdminAsync(new HttpMethod(method), path, body);

        Assert.Equal((409, 8410), (reply.Status, reply.Code));
        Assert.Contains("stands in the server's configuration", reply.Message, StringComparison.Ordinal);
        Assert.Equal("configuration", (await _server.AdminAsync(HttpMethod.Get, "/admin/projects/sandbox")).Text("origin"));
    }

    [Theory]
    [InlineData("GET", "/admin/projects/nobody")]
    [InlineData("PATCH", "/admin/projects/nobody")]
    [InlineData("DELETE", "/admin/projects/nobody")]
    [InlineData("GET", "/admin/projects/nobody/clients")]
    [InlineData("POST", "/admin/projects/nobody/clients")]
    [InlineData("POST", "/admin/projects/nobody/clients/x/rotate")]
    [InlineData("POST", "/admin/projects/sandbox/clients/x/rotate")]
    [InlineData("DELETE", "/admin/projects/sandbox/clients/x%01y")]
    [InlineData("GET", "/admin/flows/019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a")]
    public async Task What_is_not_there_is_not_found(string method, string path)
    {
        var reply = await _server.AdminAsync(new HttpMethod(method), path, method is "GET" or "DELETE" ? null : "{}");

        Assert.Equal((404, 8011), (reply.Status, reply.Code));
    }

    private static string Refused(Reply project) =>
        string.Join(' ', project.Json!["risk"]!.AsObject().Where(rule => rule.Value?.ToString() == "refuse").Select(rule => rule.Key));

    private Task<Reply> CreateAsync(string id, string settings)
    {
        var body = JsonNode.Parse(settings)!.AsObject();
        body["id"] = id;
        return _server.AdminAsync(HttpMethod.Post, "/admin/projects", body.ToJsonString());
    }

    private Task<Reply> ChangeAsync(string id, string settings) => _server.AdminAsync(HttpMethod.Patch, $"/admin/projects/{id}", settings);

    private async Task<Credentials> ClientAsync(string project)
    {
        var reply = await _server.AdminAsync(HttpMethod.Post, $"/admin/projects/{project}/clients");
        return new Credentials(reply.Text("id"), reply.Text("secret"));
    }
}
