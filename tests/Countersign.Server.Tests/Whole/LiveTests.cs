using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Countersign.Core.Projects;
using Countersign.Server.Tests.Fixtures;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Whole;

/// <summary>What is true of a server in Live, whatever stands behind its ports.</summary>
public sealed class LiveTests(LiveServer live, OnSqlite sandbox) : IClassFixture<LiveServer>, IClassFixture<OnSqlite>
{
    private const string Number = "+12025550142";

    private readonly TestServer _server = live.Server;

    [Fact]
    [Trait("attack", "O05")]
    public async Task Nothing_of_the_sandbox_exists()
    {
        var inSandbox = Routes(sandbox.Server);
        var inLive = Routes(_server);

        var gone = inSandbox.Except(inLive).ToList();

        Assert.Contains("/sandbox/clock", gone);
        Assert.All(gone, path =>
            Assert.True(path.StartsWith("/sandbox", StringComparison.Ordinal) || path is "/" or "/openapi/sandbox.json", path));
        Assert.DoesNotContain(inLive, path => path.Contains("sandbox", StringComparison.OrdinalIgnoreCase));
        foreach (var path in gone)
        {
            foreach (var method in (string[])["GET", "POST"])
            {
                using var request = new HttpRequestMessage(
                    new HttpMethod(method), path.Replace("{correlationId}", "x", StringComparison.Ordinal));
                Assert.Equal(404, (await _server.SendAsync(request)).Status);
            }
        }
    }

    [Theory]
    [Trait("attack", "S06")]
    [InlineData("mobile", "+12025550197", "mobile/otp", "mobile/otp/finish")]
    [InlineData("desktop", "+12025550198", "mobile/instantlink", "mobile/instantlink/error")]
    public async Task No_answer_holds_what_the_text_has_brought_to_the_phone(string type, string to, string method, string last)
    {
        var flow = await _server.BeginAsync(type, to, new JsonObject { ["allowOTPRetry"] = true }, live.Shop);
        var page = _server.Browser(flow.AuthToken!);
        List<Reply> replies =
        [
            flow.Reply, await page.SendAsync("mobile/instant/start"), await page.SendAsync("mobile/instant/error", """{"message":"x"}"""),
            await page.SendAsync($"{method}/start"), await page.SendAsync($"{method}/start", """{"mobileNumber":""}"""),
        ];
        var sent = _server.Gateway.Submissions.Where(submission => submission.Text.To.E164 == to).ToList();
        var proof = sent[^1].Text.Proof.Reveal().Split('/')[^1];
        replies.AddRange(
        [
            await page.SendAsync(last, """{"otp":"999999","message":"x"}"""), await _server.StatusAsync(flow.Id, live.Shop),
            await _server.CallAsync(HttpMethod.Get, $"/flows/{flow.Id}", live.Shop),
            await _server.CallAsync(HttpMethod.Get, $"/flows/{flow.Id}/receipt", live.Shop),
            await _server.CallAsync(HttpMethod.Get, "/events?limit=100", live.Shop),
            await _server.AdminAsync(HttpMethod.Get, $"/admin/flows/{flow.Id}"),
            await _server.AdminAsync(HttpMethod.Post, "/admin/flows/find", $$"""{"phoneNumber":"{{to}}"}"""),
            await _server.AdminAsync(HttpMethod.Post, "/admin/budget/show", $$"""{"phoneNumber":"{{to}}"}"""),
        ]);

        Assert.Equal((1, type == "mobile" ? 6 : 22), (sent.Count, proof.Length));
        // Six digits by chance stand within an id; a code that is told stands by itself.
        var told = new Regex($"(?<![0-9A-Za-z]){Regex.Escape(proof)}(?![0-9A-Za-z])", RegexOptions.None, TimeSpan.FromSeconds(1));
        Assert.Matches(told, $$"""{"code":"{{proof}}"}""");
        Assert.All(replies, reply => Assert.DoesNotMatch(told, $"{reply} {string.Join(' ', reply.Headers.Values)}"));
    }

    [Theory]
    [Trait("attack", "F03")]
    [Trait("attack", "I06")]
    [InlineData("+12025550142", null)]
    [InlineData("2025550142", null)]
    [InlineData("12025550142", null)]
    [InlineData("+447400123456", null)]
    [InlineData("+4915112345678", null)]
    [InlineData("+18765550123", null)]
    // No number at all.
    [InlineData("12345", "is no telephone number: write + and the country code, or ten digits for North America")]
    [InlineData("phone", "is no telephone number: write + and the country code, or ten digits for North America")]
    [InlineData("+0012025550142", "is no telephone number: write + and the country code, or ten digits for North America")]
    [InlineData("0012025550142", "is no telephone number: write + and the country code, or ten digits for North America")]
    [InlineData("+12025550142ext5", "is no telephone number: write + and the country code, or ten digits for North America")]
    // A test user of the sandbox is nobody here.
    [InlineData("2001004011", "no such number can exist in its country's numbering plan")]
    [InlineData("+447700900123", "no such number can exist in its country's numbering plan")]
    [InlineData("+9991234567", "no such number can exist in its country's numbering plan")]
    // +1 is not one country, and neither is +7.
    [InlineData("+14165550142", "numbers of CA are not enabled on this server")]
    [InlineData("+18095550142", "numbers of DO are not enabled on this server")]
    [InlineData("+12423591234", "numbers of BS are not enabled on this server")]
    [InlineData("+77012345678", "numbers of KZ are not enabled on this server")]
    [InlineData("+79161234567", "numbers of RU are not enabled on this server")]
    [InlineData("+33612345678", "numbers of FR are not enabled on this server")]
    // Kinds of line that prove no person, or cost.
    [InlineData("+18005550199", "is a toll-free number, which no person is proven by")]
    [InlineData("+19005550199", "is a premium rate number, which no person is proven by")]
    [InlineData("+449098790123", "is a premium rate number, which no person is proven by")]
    [InlineData("+4918012345", "is a shared cost number, which no person is proven by")]
    [InlineData("+445612345678", "is a VoIP number, which no person is proven by")]
    [InlineData("+447640123456", "is a pager number, which no person is proven by")]
    [InlineData("+445512345678", "is a company (UAN) number, which no person is proven by")]
    [InlineData("+447012345678", "is a personal (forwarding) number, which no person is proven by")]
    [InlineData("+491771799123456", "no such number can exist in its country's numbering plan")]
    // Satellites and services of no country.
    [InlineData("+881612345678", "is a satellite or international service number, of no country")]
    [InlineData("+870773123456", "is a satellite or international service number, of no country")]
    [InlineData("+80012345678", "is a satellite or international service number, of no country")]
    [InlineData("+979123456789", "is a satellite or international service number, of no country")]
    public async Task A_number_is_admitted_or_refused_with_the_reason(string number, string? reason)
    {
        var reply = await _server.VerifyAsync(TestServer.VerifyBody("mobile", number), live.Shop);

        Assert.Equal(reason is null ? "200" : $"400 8001 field 'phoneNumber' is invalid: {reason}", reply.Fault);
    }

    [Theory]
    [Trait("attack", "F03")]
    [InlineData("/v3/verify", """{"flowType":"mobile","phoneNumber":"+33612345678","firstName":"A","lastName":"B"}""")]
    [InlineData("/v3/verify", """{"flowType":"none","phoneNumber":"+33612345678","firstName":"A","lastName":"B"}""")]
    [InlineData("/v3/verify", """{"verificationType":"humanAssurance","phoneNumber":"+33612345678"}""")]
    [InlineData("/v3/start", """{"flowType":"mobile","phoneNumber":"+33612345678"}""")]
    [InlineData("/v3/unify", """{"flowType":"mobile","phoneNumber":"+33612345678"}""")]
    [InlineData("/v3/identity", """{"phoneNumber":"+33612345678"}""")]
    public async Task Every_call_refuses_a_number_alike(string path, string body)
    {
        var reply = await _server.PostAsync(path, body, live.Shop);

        Assert.Equal("400 8001 field 'phoneNumber' is invalid: numbers of FR are not enabled on this server", reply.Fault);
    }

    [Fact]
    public async Task An_item_of_a_batch_has_the_refusal_of_its_own_call()
    {
        var verified = await _server.PostAsync(
            "/v3/verify/batch", """{"items":[{"verificationType":"humanAssurance","phoneNumber":"+33612345678"}]}""", live.Shop);
        var enrolled = await _server.PostAsync("/v3/identity/batch", """{"items":[{"phoneNumber":"+33612345678"}]}""", live.Shop);

        Assert.Contains("numbers of FR are not enabled", verified.Body, StringComparison.Ordinal);
        Assert.Contains("numbers of FR are not enabled", enrolled.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_number_in_a_path_is_refused_under_its_own_name()
    {
        var reply = await _server.CallAsync(HttpMethod.Get, "/v3/identity/+33612345678/lookup", live.Shop);

        Assert.Equal("400 8001 field 'mobileNumber' is invalid: numbers of FR are not enabled on this server", reply.Fault);
    }

    [Fact]
    public async Task A_project_may_admit_fewer_countries_than_its_server()
    {
        var narrow = await _server.AddProjectAsync("narrow", new ProjectSettings { Countries = ["GB"] });

        var american = await _server.VerifyAsync(TestServer.VerifyBody("mobile", Number), narrow);
        var british = await _server.VerifyAsync(TestServer.VerifyBody("mobile", "+447400123456"), narrow);

        Assert.Equal("400 8001 field 'phoneNumber' is invalid: numbers of US are not enabled for this project", american.Fault);
        Assert.Equal(200, british.Status);
    }

    [Theory]
    [InlineData("+33612345678")]
    [InlineData("+19005550199")]
    [InlineData("12345")]
    [InlineData("++++++++++++++++++++++++++++++++++++++++")]
    public async Task A_person_who_gives_another_number_is_not_told_why_it_is_refused(string number)
    {
        var begun = await _server.PostAsync("/v3/start", $$"""{"flowType":"mobile","phoneNumber":"{{Number}}"}""", live.Shop);
        var browser = _server.Browser(begun.Text("authToken"));
        await browser.Post("mobile/instant/start");

        var reply = await browser.Post("mobile/otp/start", new JsonObject { ["mobileNumber"] = number }.ToJsonString());

        Assert.Equal(8001, (int)reply["data"]!["code"]!);
        Assert.Equal("this number cannot be used here", (string?)reply["data"]!["message"]);
        Assert.Equal("", (string?)reply["next"]);
    }

    [Theory]
    [Trait("attack", "L11")]
    [InlineData("https://shop.example/app", null)]
    [InlineData("https://shop.example/app/done", null)]
    [InlineData("https://shop.example/app?x=1", null)]
    [InlineData("https://SHOP.example/app", null)]
    [InlineData("https://shop.example:443/app", null)]
    [InlineData("https://pay.example:8443", null)]
    [InlineData("https://pay.example:8443/anything", null)]
    // Not on the list, however much it looks like it.
    [InlineData("https://shop.example/apple", "is not under one of the project's TargetUrls")]
    [InlineData("https://shop.example/App", "is not under one of the project's TargetUrls")]
    [InlineData("https://shop.example/", "is not under one of the project's TargetUrls")]
    [InlineData("https://shop.example", "is not under one of the project's TargetUrls")]
    [InlineData("https://shop.example.evil.example/app", "is not under one of the project's TargetUrls")]
    [InlineData("https://evil.example/https:/shop.example/app", "is not under one of the project's TargetUrls")]
    [InlineData("https://evil.example?https:/shop.example/app", "is not under one of the project's TargetUrls")]
    [InlineData("https://shop.example:8443/app", "is not under one of the project's TargetUrls")]
    [InlineData("https://pay.example/anything", "is not under one of the project's TargetUrls")]
    [InlineData("https://shop.example./app", "is not under one of the project's TargetUrls")]
    [InlineData("https://sub.shop.example/app", "is not under one of the project's TargetUrls")]
    [InlineData("http://shop.example/app", "must begin with https://")]
    [InlineData("https://shop.example/app/../admin", "must not contain . or .. as a part of its path")]
    [InlineData("https://shop.example/app/./x", "must not contain . or .. as a part of its path")]
    [InlineData("https://shop.example/..", "must not contain . or .. as a part of its path")]
    [InlineData("https://shop.example/app//evil.example", "must not contain // after the host")]
    [InlineData("https://shop.example/app/%2e%2e/admin", "only letters, digits and -._+=/:? are allowed")]
    [InlineData("https://shop.example@evil.example/app", "only letters, digits and -._+=/:? are allowed")]
    [InlineData("https://shop.example\\\\.evil.example/app", "only letters, digits and -._+=/:? are allowed")]
    [InlineData("https://shop.example/app#x", "only letters, digits and -._+=/:? are allowed")]
    [InlineData("https:shop.example/app", "must be an absolute http or https URL")]
    [InlineData("//shop.example/app", "must be an absolute http or https URL")]
    [InlineData("/app", "must be an absolute http or https URL")]
    [InlineData("javascript:alert", "must be an absolute http or https URL")]
    public async Task A_phone_is_sent_where_the_project_allows_and_nowhere_else(string url, string? reason)
    {
        var shop = await _server.AddProjectAsync(
            "listed", new ProjectSettings { TargetUrls = ["https://shop.example/app/", "https://pay.example:8443"] });
        var body = new JsonObject
        {
            ["flowType"] = "desktop", ["phoneNumber"] = Number, ["firstName"] = "A", ["lastName"] = "B", ["finalTargetUrl"] = url
        };

        foreach (var path in (string[])["/v3/verify", "/v3/start", "/v3/unify"])
        {
            var reply = await _server.PostAsync(path, body.ToJsonString(), shop);

            Assert.Equal(reason is null ? "200" : $"400 8001 field 'finalTargetUrl' is invalid: {reason}", reply.Fault);
        }
    }

    [Theory]
    [InlineData("""{"id":"unsaid","name":"x"}""")]
    [InlineData("""{"id":"unsaid","name":"x","linkConfirmation":null}""")]
    public async Task A_new_project_has_to_say_how_its_links_are_confirmed(string body)
    {
        var reply = await _server.AdminAsync(HttpMethod.Post, "/admin/projects", body);

        Assert.Equal(
            "400 8001 field 'linkConfirmation' is missing: tap (one button on the phone) or match (six digits that the computer shows are "
                + "typed on the phone)",
            reply.Fault);
    }

    [Fact]
    public async Task What_is_wrong_beside_it_is_told_with_it()
    {
        var reply = await _server.AdminAsync(
            HttpMethod.Post, "/admin/projects", """{"id":"unsaid","targetUrls":["http://a.example"],"countries":["XX"],"passkeys":1}""");

        Assert.Equal(
            "400 8001 field 'linkConfirmation' is missing: tap (one button on the phone) or match (six digits that the computer shows are "
                + "typed on the phone); field 'passkeys' is invalid: must be text; field 'targetUrls[0]' is invalid: must begin with "
                + "https:// (https://www.example.com/verified); field 'countries[0]' is invalid: must be one of the server's "
                + "Countersign:Countries: a project can only narrow them",
            reply.Fault);
    }

    [Fact]
    public async Task Without_a_list_no_desktop_flow_begins()
    {
        await _server.AdminAsync(HttpMethod.Post, "/admin/projects", """{"id":"unlisted","name":"x","linkConfirmation":"tap"}""");
        var made = await _server.AdminAsync(HttpMethod.Post, "/admin/projects/unlisted/clients");

        var reply = await _server.VerifyAsync(
            TestServer.VerifyBody("desktop", Number), new Credentials(made.Text("id"), made.Text("secret")));

        Assert.Equal("400 8001 field 'finalTargetUrl' is invalid: is not under one of the project's TargetUrls", reply.Fault);
    }

    [Fact]
    public async Task A_mobile_flow_begins_with_Mobile_Auth_and_goes_on_to_a_code_when_no_operator_is_configured()
    {
        var begun = await _server.BeginAsync("mobile", Number, credentials: live.Shop);

        var reply = await _server.Browser(begun.AuthToken!).Post("mobile/instant/start");

        Assert.Equal("mobile/otp", (string?)reply["next"]);
    }

    [Fact]
    public async Task A_project_of_the_configuration_can_call_and_is_let_go_when_it_is_taken_out()
    {
        const string secret = "0123456789abcdef0123456789abcdef";
        var client = new Credentials("web", secret);
        using var folder = new TemporaryFolder();
        var store = $"Data Source={folder.File("x.db")}";
        var settings = new Dictionary<string, string?>(TestServer.Live)
        {
            ["Countersign:Projects:shop:Name"] = "Shop", ["Countersign:Projects:shop:LinkConfirmation"] = "Tap",
            ["Countersign:Projects:shop:TargetUrls"] = "https://shop.example",
            ["Countersign:Projects:shop:NamePolicy"] = "Strict",
            ["Countersign:Projects:shop:Risk:SimSwap"] = "Refuse",
            ["Countersign:Projects:shop:Risk:RefusesUnknown"] = "true",
            ["Countersign:Projects:shop:Clients:web"] = secret,
        };

        await using (var server = await TestServer.StartAsync(store, settings))
        {
            Assert.Equal(200, (await server.VerifyAsync(TestServer.VerifyBody("desktop", Number), client)).Status);
            var project = await server.AdminAsync(HttpMethod.Get, "/admin/projects/shop");
            Assert.Equal(("configuration", "strict"), (project.Text("origin"), project.Text("namePolicy")));
            Assert.Equal(("refuse", "report", true), (
                (string?)project.Json!["risk"]!["simSwap"], (string?)project.Json["risk"]!["recycled"],
                (bool)project.Json["risk"]!["refusesUnknown"]!));
        }

        await using var without = await TestServer.StartAsync(store, TestServer.Live);
        await Assert.ThrowsAsync<InvalidOperationException>(() => without.GetTokenAsync(client));
        Assert.Equal("admin", (await without.AdminAsync(HttpMethod.Get, "/admin/projects/shop")).Text("origin"));
    }

    [Fact]
    public async Task The_caller_behind_a_trusted_proxy_is_who_the_proxy_says_and_no_other_header_counts()
    {
        // One request a second for each address: the third of one address is too many.
        var settings = new Dictionary<string, string?> { ["Countersign:RequestsPerSecond"] = "1" };
        await using var believing = await sandbox.StartAsync(
            new Dictionary<string, string?>(settings) { ["Countersign:TrustedProxies:0"] = "127.0.0.1" });
        await using var suspicious = await sandbox.StartAsync(settings);

        var behindProxy = await TokensFromAsync(believing);
        var forged = await TokensFromAsync(suspicious);

        Assert.DoesNotContain(429, behindProxy);
        Assert.Contains(429, forged);

        static async Task<List<int>> TokensFromAsync(TestServer server)
        {
            var statuses = new List<int>();
            for (var caller = 1; caller <= 12; caller++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, "/token") { Content = TestServer.Json("{}") };
                request.Headers.Add("X-Forwarded-For", $"203.0.113.99, 198.51.100.{caller}");
                statuses.Add((await server.SendAsync(request)).Status);
            }
            return statuses;
        }
    }

    private static HashSet<string> Routes(TestServer server) =>
        [.. server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(endpoint => endpoint.RoutePattern.RawText!)];
}
