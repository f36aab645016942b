using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Texts;
using Countersign.Server.Hosting;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Whole;

/// <summary>
/// A line that is typed in several ways is one line in all that a server in Live does with it, and is answered as it was typed.
/// </summary>
public abstract class OneLineTests(ServerFixture fixture) : IAsyncLifetime
{
    private static readonly Dictionary<string, string?> _settings = new(TestServer.Live) { ["Countersign:Countries"] = "US,GB,AR,MX" };

    private TestServer _server = null!;
    private Credentials _shop = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await fixture.StartAsync(_settings);
        _shop = await _server.AddProjectAsync("shop", TestServer.Permissive);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _server.DisposeAsync();
    }

    /// <summary>The plan's form, then others that a call takes, then some that only an import takes.</summary>
    public static TheoryData<string[], string[]> Lines { get; } = new()
    {
        { ["+447400123456", "447400123456", "+4407400123456", "4407400123456"], ["+44 (0)7400 123456", "+44-7400-123456"] },
        { ["+12025550142", "2025550142", "12025550142", "+112025550142"], ["+1 (202) 555-0142"] },
        {
            ["+5491123456789", "+54111523456789", "+540111523456789", "+549111523456789", "+5490111523456789", "+54901123456789",
                "5491123456789"],
            ["+54 9 11 15-2345-6789", "+54 9 11 2345 6789"]
        },
        { ["+525512345678", "+5215512345678", "5215512345678", "+52015512345678", "+520445512345678", "+520455512345678"],
            ["+52 1 55 1234 5678"] },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task One_line_has_one_record_one_alias_and_one_identity(string[] typed, string[] written)
    {
        string[] imported = [.. typed.Where(text => text[0] == '+'), .. written];
        var taken = await ImportAsync(imported);
        var aliases = new HashSet<string>(StringComparer.Ordinal);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var text in typed)
        {
            var matched = await _server.VerifyAsync(TestServer.VerifyBody("none", text), _shop);
            var asked = await _server.VerifyAsync(Body(("verificationType", "humanAssurance"), ("phoneNumber", text)), _shop);
            var enrolled = await _server.PostAsync("/v3/identity", Body(("phoneNumber", text)), _shop);
            var found = await _server.CallAsync(HttpMethod.Get, $"/v3/identity/{Uri.EscapeDataString(text)}/lookup", _shop);

            Assert.Equal((200, "true"), (matched.Status, matched.Text("success")));
            Assert.Equal(text, asked.Text("phoneNumber"));
            aliases.Add(asked.Text("provePhoneAlias"));
            ids.Add(enrolled.Text("proveId"));
            ids.Add((string)found.Json!["items"]![0]!["proveId"]!);
            Assert.Equal(text, (string)found.Json["items"]![0]!["phoneNumber"]!);
        }
        var batch = await _server.PostAsync(
            "/v3/identity/batch",
            new JsonObject { ["items"] = new JsonArray(
                [.. typed.Select(text => new JsonObject { ["phoneNumber"] = text })]) }.ToJsonString(), _shop);
        ids.UnionWith(batch.Json!["results"]!.AsArray().Select(result => (string)result!["proveId"]!));
        var removed = await _server.AdminAsync(HttpMethod.Post, "/admin/records/remove", Body(("phoneNumber", typed[^1])));

        Assert.Equal((1, imported.Length - 1, 0), ((int)taken["added"]!, (int)taken["repeated"]!, (int)taken["bad"]!));
        Assert.Single(aliases);
        Assert.Single(ids);
        Assert.Equal(1, await _server.CountAsync("identities"));
        Assert.Equal("""{"removed":1,"isDone":true}""", removed.Body);
    }

    [Theory]
    [Trait("attack", "F02")]
    [MemberData(nameof(Lines))]
    public async Task A_gateway_gets_one_form_and_who_said_stop_in_any_form_gets_no_more(string[] typed, string[] written)
    {
        Assert.NotEmpty(written);
        foreach (var text in typed)
        {
            await SendCodeAsync(text);
        }
        var handed = _server.Gateway.Submissions.Select(submission => submission.Text.To.E164).ToList();
        foreach (var stopper in typed.Where(text => text[0] == '+' && PhoneNumber.TryParse(text, out _)))
        {
            await WriteAsync(stopper, "STOP");
            foreach (var text in typed)
            {
                await SendCodeAsync(text);
            }
            Assert.Equal(handed.Count, _server.Gateway.Submissions.Count);

            await WriteAsync(typed[0], "START");
        }
        await SendCodeAsync(typed[^1]);

        Assert.Equal(Enumerable.Repeat(typed[0], typed.Length), handed);
        Assert.Equal(handed.Count + 1, _server.Gateway.Submissions.Count);
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task A_number_that_the_page_sends_in_another_form_is_the_flow_s_own(string[] typed, string[] written)
    {
        foreach (var text in typed.Concat(written))
        {
            var flow = await _server.BeginAsync("mobile", typed[0], credentials: _shop);
            var page = _server.Browser(flow.AuthToken!);
            await page.Post("mobile/instant/start");

            var reply = await page.Post("mobile/otp/start", Body(("mobileNumber", text)));

            Assert.Null(reply["data"]?["code"]);
            Assert.Equal(typed[0], _server.Gateway.Submissions[^1].Text.To.E164);
        }
        Assert.Equal(typed.Length + written.Length, _server.Gateway.Submissions.Count);
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task A_person_is_unified_under_one_id_whatever_is_typed(string[] typed, string[] written)
    {
        Assert.NotEmpty(written);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var text in typed)
        {
            var flow = await _server.BeginUnifyAsync("mobile", text, credentials: _shop);
            var page = _server.Browser(flow.AuthToken!);
            await page.Post("mobile/otp/start");
            await page.Enter(_server.Gateway.Submissions[^1].Text.Proof.Reveal());
            var status = await _server.UnifyStatusAsync(flow.Id, _shop);
            ids.Add(status.Text("proveId"));
            Assert.Equal(("true", text), (status.Text("success"), status.Text("phoneNumber")));

            var known = await _server.UnifyAsync(
                UnifyCalls.UnifyBody("none", text, new JsonObject { ["proveId"] = status.Text("proveId") }), _shop);
            Assert.Equal("200", known.Fault);
        }
        Assert.Single(ids);
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Support_finds_a_flow_and_a_stop_whatever_is_typed(string[] typed, string[] written)
    {
        var flow = await _server.BeginAsync("mobile", typed[0], credentials: _shop);
        foreach (var text in typed.Concat(written))
        {
            await WriteAsync(typed[0], "STOP");

            var found = await _server.AdminAsync(HttpMethod.Post, "/admin/flows/find", Body(("phoneNumber", text)));
            var listed = await _server.AdminAsync(HttpMethod.Post, "/admin/suppressions/list", Body(("phoneNumber", text)));
            var lifted = await _server.AdminAsync(HttpMethod.Post, "/admin/suppressions/lift", Body(("phoneNumber", text)));

            Assert.Equal([flow.Id], found.Json!["flows"]!.AsArray().Select(one => (string)one!["correlationId"]!));
            Assert.Equal(
                PhoneNumber.Parse(typed[0]).ToString(), (string)Assert.Single(listed.Json!["suppressions"]!.AsArray())!["phoneNumber"]!);
            Assert.Equal((1, 0), (lifted.Json!["lifted"]!.AsArray().Count, lifted.Json["remaining"]!.AsArray().Count));
        }
    }

    private async Task SendCodeAsync(string number)
    {
        var flow = await _server.BeginAsync("mobile", number, credentials: _shop);
        var page = _server.Browser(flow.AuthToken!);
        await page.Post("mobile/instant/start");
        await page.Post("mobile/otp/start");
    }

    private Task WriteAsync(string from, string text) =>
        _server.Services.GetRequiredService<InboundTexts>().TakeAsync(
            _server.Gateway.Name, new CallbackReading.Inbound(PhoneNumber.Parse(from), null, new Secret(text)));

    private async Task<JsonNode> ImportAsync(IEnumerable<string> numbers)
    {
        await _server.AdminAsync(
            HttpMethod.Post, "/admin/records/imports",
            """{"source":"crm","format":"csv","columns":["phone","given_name","family_name"],"country":"US"}""");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/admin/records/imports/1/lines?firstLine=1")
        {
            Content = new StringContent(string.Concat(numbers.Select(number => $"{number},Lori,Montgomery\n")), Encoding.UTF8, "text/csv"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TestServer.AdminKey);
        await _server.SendAsync(request);
        var ended = await _server.AdminAsync(HttpMethod.Post, "/admin/records/imports/1/commit");
        await _server.Services.GetRequiredService<RecordUpkeep>().CatchUpAsync(default);
        return ended.Json!["totals"]!;
    }

    private static string Body(params (string Name, string Value)[] members) =>
        new JsonObject(members.Select(member => KeyValuePair.Create(member.Name, (JsonNode?)member.Value))).ToJsonString();
}

public sealed class OneLineOnSqlite(OnSqlite fixture) : OneLineTests(fixture), IClassFixture<OnSqlite>;

[Trait("tier", "long")]
public sealed class OneLineOnPostgres(OnPostgres fixture) : OneLineTests(fixture), IClassFixture<OnPostgres>;
