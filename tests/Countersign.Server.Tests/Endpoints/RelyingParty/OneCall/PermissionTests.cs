using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Audit;
using Countersign.Core.Keys;
using Countersign.Core.Projects;
using Countersign.Server.Hosting;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Endpoints.RelyingParty.OneCall;

/// <summary>In Live a project asks by one-call verify what it may, and each answer that tells of a person leaves a trace.</summary>
public abstract class PermissionTests(ServerFixture fixture) : IAsyncLifetime
{
    private const string OnRecord = "+12025550142";
    private const string Ssn = "123456789";
    private const string NotPermitted = "403 8003 step not allowed";
    private const string Repeated = "field 'phoneNumber' is invalid: is the number of an earlier item";
    private const int Refusal = 1132;
    private const int Disclosure = 1133;

    private TestServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await fixture.StartAsync(new Dictionary<string, string?>(TestServer.Live) { ["Countersign:Countries"] = "US" });
        await _server.AddProjectAsync("shop");
        await _server.AdminAsync(HttpMethod.Post, "/admin/records/imports",
            """{"source":"crm","format":"csv","columns":["phone","given_name","family_name","birthdate","ssn","email"]}""");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/admin/records/imports/1/lines?firstLine=1")
        {
            Content = new StringContent($"{OnRecord},Lori,Montgomery,1980-02-03,{Ssn},lori@example.com\n", Encoding.UTF8, "text/csv"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TestServer.AdminKey);
        Assert.Equal(200, (await _server.SendAsync(request)).Status);
        await _server.AdminAsync(HttpMethod.Post, "/admin/records/imports/1/commit");
        await _server.Services.GetRequiredService<RecordUpkeep>().CatchUpAsync(default);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("verifiedUser")]
    [InlineData("accountOpening")]
    [InlineData("humanAssurance")]
    [InlineData("bot")]
    [InlineData("prefill")]
    [InlineData("prefillForBiz")]
    [InlineData("identityResolution")]
    public async Task A_new_project_may_ask_nothing(string type)
    {
        var shop = await _server.AddProjectAsync("shop");

        Assert.Equal(NotPermitted, (await AskAsync(shop, type)).Fault);
        Assert.Equal(NotPermitted, (await AskAsync(shop, type, "+33612345678")).Fault);
        Assert.Equal(NotPermitted, (await BatchAsync(shop, Item(type), Item(type, "+12025550143"))).Fault);
        Assert.Equal("400 8001 field 'phoneNumber' is missing", (await _server.VerifyAsync(
            $$"""{"verificationType":"{{type}}","firstName":"Lori","lastName":"Montgomery"}""", shop)).Fault);
        Assert.Equal(0, await _server.CountAsync("identities"));
        Assert.Equal(
            3, Lines(Refusal).Count(line => line.StartsWith(
                "permission.missing: API client shop-client of project shop may not ask ", StringComparison.Ordinal)));
        Assert.Empty(Lines(Disclosure));
    }

    [Fact]
    public async Task An_answer_that_was_kept_is_not_repeated_to_who_may_not_see_it_any_more()
    {
        var shop = await _server.AddProjectAsync("shop", new ProjectSettings { OneCall = [VerificationType.Prefill], DisclosesSsn = true });
        var body = $$"""{"verificationType":"prefill","phoneNumber":"{{OnRecord}}"}""";
        var first = await _server.VerifyAsync(body, shop, idempotencyKey: "k");
        Assert.Contains(Ssn, first.Body, StringComparison.Ordinal);
        Assert.Equal(first.Body, (await _server.VerifyAsync(body, shop, idempotencyKey: "k")).Body);
        // Each time that it is told leaves a trace.
        const string Trace = "Disclosed to API client shop-client of project shop: prefill, 5 members";
        Assert.Equal([Trace, Trace], Lines(Disclosure));

        await _server.AdminAsync(HttpMethod.Patch, "/admin/projects/shop", """{"disclosesSsn":false}""");
        var cut = await _server.VerifyAsync(body, shop, idempotencyKey: "k");
        await _server.AdminAsync(HttpMethod.Patch, "/admin/projects/shop", """{"oneCall":[]}""");
        var none = await _server.VerifyAsync(body, shop, idempotencyKey: "k");

        Assert.Equal("422 8422 this idempotency key was used with another body", cut.Fault);
        Assert.Equal(NotPermitted, none.Fault);
    }

    [Fact]
    public async Task A_project_of_the_older_codes_is_refused_by_its_own()
    {
        var shop = await _server.AddProjectAsync("shop", new ProjectSettings { ErrorCodes = ErrorCodes.Legacy });

        Assert.Equal("403 1003 step not allowed", (await AskAsync(shop, "prefill")).Fault);
    }

    [Fact]
    public async Task What_is_permitted_is_asked_and_nothing_else()
    {
        var shop = await _server.AddProjectAsync("shop", new ProjectSettings { OneCall = [VerificationType.VerifiedUser] });

        Assert.Equal("true", (await AskAsync(shop, "verifiedUser")).Text("success"));
        Assert.Equal(NotPermitted, (await AskAsync(shop, "prefill")).Fault);
        var batch = await BatchAsync(shop, Item("prefill"), Item("verifiedUser"), JsonValue.Create(7), Item("humanAssurance"));
        Assert.Equal(
            ["step not allowed", null, "item must be an object", "step not allowed"],
            batch.Json!["results"]!.AsArray().Select(result => (string?)result!["error"]));
    }

    [Fact]
    public async Task A_permission_is_given_and_taken_by_the_admin_api()
    {
        await _server.AdminAsync(
            HttpMethod.Post, "/admin/projects",
            """{"id":"made","name":"Made","linkConfirmation":"tap","oneCall":["prefill","verifiedUser"]}""");
        var client = (await _server.AdminAsync(HttpMethod.Post, "/admin/projects/made/clients", """{"id":"made-client"}""")).Json!;
        var made = new Credentials("made-client", (string)client["secret"]!);

        await _server.AdminAsync(HttpMethod.Post, "/admin/records/assign", """{"source":"crm","projects":["shop","made"]}""");

        Assert.Equal("true", (await AskAsync(made, "prefill")).Text("success"));
        var shown = await _server.AdminAsync(
            HttpMethod.Patch, "/admin/projects/made", """{"oneCall":["verifiedUser"],"disclosesSsn":true}""");

        Assert.Equal(
            ("""["verifiedUser"]""", "true"),
            (shown.Json!["oneCall"]!.ToJsonString(), shown.Json["disclosesSsn"]!.ToJsonString()));
        Assert.Equal(NotPermitted, (await AskAsync(made, "prefill")).Fault);
        Assert.Equal(
            "400 8001 field 'oneCall[0]' is invalid: must be verifiedUser, accountOpening, humanAssurance, prefill, prefillForBiz or "
                + "identityResolution; field 'disclosesSsn' is invalid: must be true or false",
            (await _server.AdminAsync(HttpMethod.Patch, "/admin/projects/made", """{"oneCall":["bot"],"disclosesSsn":"yes"}""")).Fault);
    }

    [Theory]
    [InlineData("12025550142")]
    [InlineData("2025550142")]
    [InlineData("+102025550142")]
    public async Task A_batch_names_a_number_once_however_it_is_written(string spelling)
    {
        var shop = await _server.AddProjectAsync("shop", TestServer.Permissive);

        var batch = await BatchAsync(
            shop, Item("verifiedUser", given: "Anna"), Item("verifiedUser", spelling), Item("prefill", "+12025550143"),
            Item("humanAssurance", spelling));

        Assert.Equal(
            [null, Repeated, null, Repeated], batch.Json!["results"]!.AsArray().Select(result => (string?)result!["error"]));
        Assert.Equal(("false", "AL-1"), ((string?)batch.Json["results"]![1]!["success"],
            (string?)batch.Json["results"]![1]!["assuranceLevel"]));
    }

    [Theory]
    [InlineData(false, "6789")]
    [InlineData(true, Ssn)]
    public async Task An_ssn_is_four_digits_unless_the_project_sees_it_whole(bool discloses, string told)
    {
        var shop = await _server.AddProjectAsync("shop", TestServer.Permissive with { DisclosesSsn = discloses });
        var enrolled = await _server.PostAsync(
            "/v3/identity",
            $$"""{"phoneNumber":"{{OnRecord}}","identityAttributes":[{"attributeType":"SSN","attributeValue":"{{Ssn}}"}]}""", shop);
        var proveId = enrolled.Text("proveId");
        var discovered = await _server.CallAsync(HttpMethod.Get, $"/v3/discover?proveId={proveId}", shop);
        var attribute = (string)discovered.Json!["results"]![0]!["attributeId"]!;

        var fetched = await _server.CallAsync(HttpMethod.Get, $"/v3/fetch?proveId={proveId}&attributeId={attribute}", shop);

        Assert.Equal(told, (string?)fetched.Json!["results"]![0]!["attributeValue"]);
        foreach (var type in (string[])["prefill", "prefillForBiz", "identityResolution"])
        {
            Assert.Equal(told, (string?)(await AskAsync(shop, type)).Json!["identity"]!["nationalId"]);
            var batch = await BatchAsync(shop, Item(type));
            Assert.Equal(told, (string?)batch.Json!["results"]![0]!["identity"]!["nationalId"]);
        }
        // First and last name, birth date, SSN and e-mail.
        Assert.Equal(
            ["fetch, 1", "prefill, 5", "prefill, 5", "prefillForBiz, 5", "prefillForBiz, 5", "identityResolution, 5",
                "identityResolution, 5"],
            Lines(Disclosure).Select(line => line
                .Replace("Disclosed to API client shop-client of project shop: ", "", StringComparison.Ordinal)
                .Replace(" members", "", StringComparison.Ordinal)));

        // And in the audit, with whom it was about.
        var entries = await AuditedAsync();
        Assert.Equal(
            ["identityResolution", "identityResolution", "prefillForBiz", "prefillForBiz", "prefill", "prefill", "fetch"],
            entries.Select(entry => entry.Asked[0].Value));
        Assert.All(entries, entry => Assert.Equal(
            ("client:shop-client", "shop", "127.0.0.1"), (entry.Actor, entry.Project, entry.From)));
        Assert.Equal(2, entries.Select(entry => entry.Subject).Distinct().Count());
        Assert.DoesNotContain(entries, entry => entry.Subject is null);
        var line = AuditSubject.OfNumber(_server.Services.GetRequiredService<SecretHasher>(), PhoneNumber.Parse(OnRecord));
        Assert.Equal(6, entries.Count(entry => entry.Subject == line));
    }

    [Fact]
    public async Task After_a_proven_challenge_the_ssn_stays_whole_and_its_disclosure_is_logged()
    {
        var shop = await _server.AddProjectAsync("shop");
        var begun = await _server.PostAsync("/v3/start", $$"""{"flowType":"mobile","phoneNumber":"{{OnRecord}}"}""", shop);
        var browser = _server.Browser(begun.Text("authToken"));
        await browser.Post("mobile/instant/start");
        await browser.Post("mobile/otp/start");
        var code = string.Concat(_server.Gateway.Submissions[^1].Text.Text.Reveal().TakeWhile(char.IsAsciiDigit));
        await browser.Post("mobile/otp/finish", $$"""{"otp":"{{code}}"}""");
        var id = begun.Text("correlationId");
        await _server.PostAsync("/v3/validate", $$"""{"correlationId":"{{id}}"}""", shop);
        Assert.Empty(Lines(Disclosure));

        var challenged = await _server.PostAsync("/v3/challenge", $$"""{"correlationId":"{{id}}","dob":"1980-02-03"}""", shop);

        Assert.Equal(Ssn, (string?)challenged.Json!["individual"]!["ssn"]);
        Assert.Equal("Disclosed to API client shop-client of project shop: challenge, 5 members", Assert.Single(Lines(Disclosure)));
        Assert.Equal($"flow:{id}", Assert.Single(await AuditedAsync()).Target);
    }

    private async Task<IReadOnlyList<AuditAct>> AuditedAsync()
    {
        await _server.Services.GetRequiredService<AuditChainer>().RoundAsync(TestContext.Current.CancellationToken);
        var found = await _server.Services.GetRequiredService<IAuditStore>().FindAsync(
            new AuditSearch(Act: "disclose"), 100, TestContext.Current.CancellationToken);
        return [.. found.Select(one => one.Entry.Act)];
    }

    private IReadOnlyList<string> Lines(int id) => [.. _server.Logs.All.Where(line => line.Event.Id == id).Select(line => line.Text)];

    private Task<Reply> AskAsync(Credentials project, string type, string number = OnRecord) =>
        _server.VerifyAsync(Item(type, number).ToJsonString(), project);

    private Task<Reply> BatchAsync(Credentials project, params JsonNode[] items) =>
        _server.PostAsync("/v3/verify/batch", new JsonObject { ["items"] = new JsonArray(items) }.ToJsonString(), project);

    private static JsonObject Item(string type, string number = OnRecord, string given = "Lori") => new()
    {
        ["verificationType"] = type, ["phoneNumber"] = number, ["firstName"] = given, ["lastName"] = "Montgomery",
    };
}

public sealed class PermissionsOnSqlite(OnSqlite fixture) : PermissionTests(fixture), IClassFixture<OnSqlite>;

[Trait("tier", "long")]
public sealed class PermissionsOnPostgres(OnPostgres fixture) : PermissionTests(fixture), IClassFixture<OnPostgres>;
