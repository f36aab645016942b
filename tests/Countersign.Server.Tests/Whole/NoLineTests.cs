using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Whole;

/// <summary>What a numbering plan has and E.164 has not, too long or too short, is no number anywhere, and stops nothing.</summary>
public sealed class NoLineTests
{
    private const string American = "+12025550142";

    /// <summary>Germany, Japan: 16 and 17 digits; a trunk prefix without which six are left in Austria.</summary>
    public static TheoryData<string> Numbers { get; } = ["+49401234567890123", "+494012345678901234", "+8100371234567890", "+4301110"];

    [Theory]
    [MemberData(nameof(Numbers))]
    public async Task A_relying_party_is_told_that_it_is_none(string number)
    {
        await using var server = await StartAsync();
        var shop = await server.AddProjectAsync("shop", TestServer.Permissive);
        var flow = await server.BeginUnifyAsync("none", American, credentials: shop);

        Reply[] replies =
        [
            await server.VerifyAsync(TestServer.VerifyBody("mobile", number), shop),
            await server.VerifyAsync(TestServer.VerifyBody("none", number), shop),
            await server.VerifyAsync($$"""{"verificationType":"humanAssurance","phoneNumber":"{{number}}"}""", shop),
            await server.PostAsync("/v3/start", $$"""{"flowType":"mobile","phoneNumber":"{{number}}"}""", shop),
            await server.UnifyAsync(UnifyCalls.UnifyBody("mobile", number), shop),
            await server.UnifyBindAsync(flow.Id, number, shop),
            await server.PostAsync("/v3/identity", $$"""{"phoneNumber":"{{number}}"}""", shop),
        ];

        Assert.All(replies, reply => Assert.StartsWith("400 8001 field 'phoneNumber' is invalid: ", reply.Fault, StringComparison.Ordinal));
        Assert.Equal(400, (await server.CallAsync(HttpMethod.Get, $"/v3/identity/{Uri.EscapeDataString(number)}/lookup", shop)).Status);
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public async Task In_a_batch_it_is_its_own_items_error(string number)
    {
        await using var server = await StartAsync();
        var shop = await server.AddProjectAsync("shop", TestServer.Permissive);

        var enrolled = await server.PostAsync(
            "/v3/identity/batch", $$"""{"items":[{"phoneNumber":"{{number}}"},{"phoneNumber":"{{American}}"}]}""", shop);
        var verified = await server.PostAsync(
            "/v3/verify/batch",
            $$"""{"items":[{"verificationType":"humanAssurance","phoneNumber":"{{number}}"}"""
                + $$""",{"verificationType":"humanAssurance","phoneNumber":"{{American}}"}]}""",
            shop);

        Assert.Equal((200, 200), (enrolled.Status, verified.Status));
        Assert.Equal([false, true], enrolled.Json!["results"]!.AsArray().Select(result => result!["proveId"] is not null));
        Assert.Equal([true, false], verified.Json!["results"]!.AsArray().Select(result => result!["error"] is not null));
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public async Task An_import_and_the_admin_calls_go_on_without_it(string number)
    {
        await using var server = await StartAsync();

        await server.AddProjectAsync("shop");
        await server.AdminAsync(HttpMethod.Post, "/admin/records/imports",
            """{"source":"crm","format":"csv","columns":["phone","given_name","family_name"]}""");
        using var lines = new HttpRequestMessage(HttpMethod.Post, "/admin/records/imports/1/lines?firstLine=1")
        {
            Content = new StringContent($"{number},Lori,Montgomery\n{number.Insert(3, " ")},Lori,Montgomery\n{American},Lori,Montgomery\n",
                Encoding.UTF8, "text/csv"),
        };
        lines.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TestServer.AdminKey);
        await server.SendAsync(lines);
        var ended = await server.AdminAsync(HttpMethod.Post, "/admin/records/imports/1/commit");

        Assert.Equal(200, ended.Status);
        Assert.Equal(
            3, (int)ended.Json!["totals"]!["added"]! + (int)ended.Json["totals"]!["bad"]! + (int)ended.Json["totals"]!["repeated"]!);
        foreach (var path in (string[])["records/remove", "suppressions/list", "suppressions/lift", "flows/find"])
        {
            Assert.NotEqual(500, (await server.AdminAsync(HttpMethod.Post, $"/admin/{path}", $$"""{"phoneNumber":"{{number}}"}""")).Status);
        }
        Assert.DoesNotContain(server.Logs.All, line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public async Task A_person_who_types_it_is_told_and_nothing_is_sent(string number)
    {
        await using var server = await StartAsync();
        var shop = await server.AddProjectAsync("shop", TestServer.Permissive);
        var flow = await server.BeginUnifyAsync("mobile", American, credentials: shop);
        var page = server.Browser(flow.AuthToken!);
        await page.Post("mobile/instant/start");

        var reply = await page.Post("mobile/otp/start", new JsonObject { ["mobileNumber"] = number }.ToJsonString());

        Assert.Equal(8001, (int)reply["data"]!["code"]!);
        Assert.Empty(server.Gateway.Submissions);
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public async Task The_sandbox_has_no_texts_to_it(string number)
    {
        await using var server = await TestServer.StartAsync();

        var messages = await server.CallAsync(HttpMethod.Get, $"/sandbox/messages?to={Uri.EscapeDataString(number)}");

        Assert.Equal(number.Length > 16 ? "400 8001 field 'to' is invalid: not a telephone number" : "200", messages.Fault);
    }

    private static Task<TestServer> StartAsync() =>
        TestServer.StartAsync(settings: new Dictionary<string, string?>(TestServer.Live) { ["Countersign:Countries"] = "US,DE,JP,AT" });
}
