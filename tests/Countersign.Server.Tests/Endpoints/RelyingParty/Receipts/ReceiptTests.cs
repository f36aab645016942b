using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Server.Hosting;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Read = System.Buffers.Text.Base64Url;

namespace Countersign.Server.Tests.Endpoints.RelyingParty.Receipts;

/// <summary>A receipt says what became of a flow, to whoever knows the published keys, and not whom it was about.</summary>
public abstract class ReceiptTests(ServerFixture fixture)
{
    private const string Number = "2001009002";

    private TestServer Server => fixture.Server;

    [Fact]
    public async Task A_flow_that_has_ended_has_a_receipt_that_any_holder_of_the_published_keys_can_check()
    {
        var flow = await ProvenAsync(Server, new JsonObject
        {
            ["clientRequestId"] = "order-4711", ["clientCustomerId"] = "customer-0815", ["firstName"] = "Bram", ["lastName"] = "Okafor",
        });

        var reply = await ReceiptAsync(Server, flow.Id);

        var claims = await CheckedAsync(Server, reply);
        Assert.Equal(
            (Server.Origin, "countersign-receipt", flow.Id, "sandbox", "verified-users", "mobile", "identity.matched", "proven", false),
            (Text(claims, "iss"), Text(claims, "aud"), Text(claims, "correlationId"), Text(claims, "project"), Text(claims, "product"),
                Text(claims, "type"), Text(claims, "end"), Text(claims, "possession"), (bool)claims["numberChanged"]!));
        Assert.Equal(
            ("otp", "text", "code", false),
            (Text(claims["assurance"]!, "method"), Text(claims["assurance"]!, "channel"), Text(claims["assurance"]!, "binding"),
                (bool)claims["assurance"]!["phishingResistant"]!));
        var signed = reply.Text("receipt");
        Assert.Equal("cs-receipt+sd-jwt", (string?)Decoded(signed.Split('.')[0])["typ"]);
        Assert.All(
            (string[])[Number, "Bram", "Okafor", "order-4711", "customer-0815"],
            personal => Assert.DoesNotContain(personal, claims.ToJsonString(), StringComparison.Ordinal));
        Assert.DoesNotContain("exp", claims.Select(claim => claim.Key));
    }

    // Number and name are those of the begin, whatever anybody wants of them afterwards.
    [Fact]
    [Trait("attack", "T08")]
    public async Task What_opens_it_is_the_number_and_the_name_that_the_flow_began_with()
    {
        var flow = await Server.BeginAsync("mobile", Number, new JsonObject
        {
            ["clientRequestId"] = "order-4711", ["firstName"] = "Bram", ["lastName"] = "Okafor",
        });
        var page = Server.Browser(flow.AuthToken!);
        await page.SendAsync("mobile/instant/error", """{"message":"x"}""");
        var swapped = await page.SendAsync("mobile/otp/start", """{"mobileNumber":"2001009003"}""");
        var renamed = await Server.PostAsync("/v3/verify-status", new JsonObject
        {
            ["correlationId"] = flow.Id, ["phoneNumber"] = "2001009003", ["firstName"] = "Mallory", ["lastName"] = "Swap",
        }.ToJsonString());
        await page.SendAsync("mobile/otp/start");
        await page.Enter((await Server.LastMessageAsync(Number)).Code!);

        var reply = await ReceiptAsync(Server, flow.Id);

        Assert.Contains("10002", swapped.Body, StringComparison.Ordinal);
        Assert.Equal(200, renamed.Status);
        var claims = await CheckedAsync(Server, reply);
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["phoneNumber"] = "+12001009002", ["firstName"] = "Bram", ["lastName"] = "Okafor", ["clientRequestId"] = "order-4711",
            },
            Opened(claims, reply));
    }

    // Who keeps the disclosure with an account sees that a later number of the account is not the one that was proven.
    [Fact]
    [Trait("attack", "T09")]
    public async Task Another_number_does_not_fit_the_commitment_with_the_same_salt()
    {
        var reply = await ReceiptAsync(Server, (await ProvenAsync(Server)).Id);
        var claims = await CheckedAsync(Server, reply);
        var salted = Disclosures(reply).Select(disclosure => Decoded(disclosure).AsArray())
            .Single(parts => (string?)parts[1] == "phoneNumber");

        salted[2] = "+12001009003";

        Assert.DoesNotContain(DigestOf(Read.EncodeToString(Encoding.UTF8.GetBytes(salted.ToJsonString()))), Digests(claims));
    }

    [Fact]
    public async Task Where_another_number_was_permitted_the_receipt_is_about_that_one_and_says_so()
    {
        var flow = await Server.BeginUnifyAsync("mobile", "2001004014");
        var page = Server.Browser(flow.AuthToken!);
        await page.SendAsync("mobile/otp/start", """{"mobileNumber":"2001004016"}""");
        await page.Enter("1234");

        var reply = await ReceiptAsync(Server, flow.Id);

        var claims = await CheckedAsync(Server, reply);
        Assert.True((bool)claims["numberChanged"]!);
        Assert.Equal("+12001004016", Opened(claims, reply)["phoneNumber"]);
    }

    [Fact]
    public async Task It_is_the_same_each_time_on_each_node_and_after_the_flows_life()
    {
        await using var server = await fixture.StartAsync();
        await using var other = await server.StartSecondNodeAsync();
        var flow = await ProvenAsync(server);

        var all = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => ReceiptAsync(i % 2 == 0 ? server : other, flow.Id)));
        await server.AdvanceAsync(TimeSpan.FromMinutes(16));
        var over = await ReceiptAsync(server, flow.Id);
        await CleanAsync(server);
        var kept = await ReceiptAsync(other, flow.Id);

        Assert.Single(all.Select(reply => reply.Body).Distinct());
        Assert.All([over, kept], later => Assert.Equal((all[0].Text("receipt"), 0), (later.Text("receipt"), Disclosures(later).Length)));
        Assert.Equal((0, 1), (await server.CountAsync("flows"), await server.CountAsync("receipts")));
    }

    [Fact]
    public async Task Asked_for_only_after_the_flows_life_it_commits_to_the_same_and_nothing_opens_it()
    {
        await using var server = await fixture.StartAsync(new Dictionary<string, string?> { ["Countersign:History:Retention"] = "2" });
        var (early, late) = (await ProvenAsync(server), await ProvenAsync(server));
        var never = await server.BeginAsync("mobile", Number);
        var inTime = await ReceiptAsync(server, early.Id);
        await server.AdvanceAsync(TimeSpan.FromMinutes(16));
        await CleanAsync(server);

        var reply = await ReceiptAsync(server, late.Id);
        var ranOut = await CheckedAsync(server, await ReceiptAsync(server, never.Id));
        var claims = await CheckedAsync(server, reply);
        await server.AdvanceAsync(TimeSpan.FromDays(2));
        var forgotten = await ReceiptAsync(server, late.Id);
        await CleanAsync(server);

        Assert.Equal((3, 0), (Digests(claims).Count, Disclosures(reply).Length));
        Assert.Equal((3, 3), (Disclosures(inTime).Length, Digests(await CheckedAsync(server, inTime)).Count));
        Assert.Equal(("identity.matched", "proven"), (Text(claims, "end"), Text(claims, "possession")));
        Assert.Equal(("ran-out.ready", "open"), (Text(ranOut, "end"), Text(ranOut, "possession")));
        Assert.Equal("404 8011", forgotten.Fault[..8]);
        Assert.Equal((0, 1), (await server.CountAsync("receipts"), await server.CountAsync("receipt_keys")));
    }

    [Fact]
    public async Task It_can_be_checked_after_the_servers_keys_have_changed_twice()
    {
        await using var server = await fixture.StartAsync(new Dictionary<string, string?>
        {
            ["Countersign:Keys:TokenKeyLifetime"] = "1", ["Countersign:Keys:TokenKeyNotice"] = "01:00:00",
        });
        var reply = await ReceiptAsync(server, (await ProvenAsync(server)).Id);
        var signedBy = (string)Decoded(reply.Text("receipt").Split('.')[0])["kid"]!;

        await server.AdvanceAsync(TimeSpan.FromDays(5));
        await server.RestartAsync();

        Assert.NotNull(await CheckedAsync(server, reply));
        var keys = (await server.Client.GetStringAsync("/.well-known/jwks.json", TestContext.Current.CancellationToken))!;
        var ids = JsonNode.Parse(keys)!["keys"]!.AsArray().Select(key => (string)key!["kid"]!).ToList();
        // Of today, in a day's last hour of tomorrow, and the one that signs nothing but this receipt any more.
        Assert.Equal(signedBy, ids[^1]);
        Assert.All(ids[..^1], id => Assert.InRange(DayOf(id) - DayOf(signedBy), 5, 6));
        Assert.DoesNotContain("\"d\"", keys, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_end_has_a_receipt_and_what_has_not_ended_has_none()
    {
        var running = await Server.BeginAsync("mobile", Number);
        var wrong = await Server.BeginAsync("mobile", "2001009003");
        await Server.ProveByCodeAsync(wrong, "9999");
        var down = await Server.BeginAsync("none", "2001009006");
        var bound = await Server.BeginUnifyAsync("mobile", "2001004014");
        await Server.ProveByCodeAsync(bound);
        var complete = await Server.ReadyToCompleteAsync(PreFillSteps.Milo);
        var notYet = await ReceiptAsync(Server, complete);
        await Server.CompleteAsync(complete);

        var ends = new List<string>();
        foreach (var id in (string[])[wrong.Id, down.Id, bound.Id, complete])
        {
            var claims = await CheckedAsync(Server, await ReceiptAsync(Server, id));
            ends.Add($"{Text(claims, "end")} {Text(claims, "possession")}");
        }

        Assert.Equal(
            [
                "possession.wrong-entries failed", "identity.source-unavailable not-asked", "binding.done proven",
                "complete.answered proven",
            ],
            ends);
        Assert.All(
            [await ReceiptAsync(Server, running.Id), notYet],
            refused => Assert.StartsWith("403 8003 the flow has not come", refused.Fault, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_projects_flow_an_unknown_one_and_one_of_a_version_without_receipts_are_one_answer()
    {
        var shop = await Server.AddProjectAsync("receipt-shop");
        var flow = await ProvenAsync(Server);

        var others = await ReceiptAsync(Server, flow.Id, shop);
        var unknown = await ReceiptAsync(Server, CorrelationId.New(DateTimeOffset.UnixEpoch).ToString(), shop);
        var malformed = await ReceiptAsync(Server, "ABC");
        var token = await Server.SendAsync(new HttpRequestMessage(HttpMethod.Get, $"/flows/{flow.Id}/receipt"));
        var method = await Server.CallAsync(HttpMethod.Delete, $"/flows/{flow.Id}/receipt");
        var path = await Server.CallAsync(HttpMethod.Get, "/flows/a/b/c");

        Assert.Equal(others.Body, unknown.Body);
        Assert.Equal(
            ["404 8011", "400 8001", "401 8002", "405 8001", "404 8011"],
            new[] { others, malformed, token, method, path }.Select(reply => reply.Fault[..8]));
        Assert.All(
            [others, malformed, token, method, path], reply =>
            {
                Assert.Equal("application/problem+json", reply.Header("Content-Type"));
                Assert.Equal(
                    ("about:blank", reply.Status, reply.Text("message")),
                    (reply.Text("type"), (int)reply.Json!["status"]!, reply.Text("detail")));
            });
    }

    // RFC 8725: of whatever is signed with one key nothing passes for another thing.
    [Fact]
    [Trait("attack", "T03")]
    public async Task A_receipt_passes_for_no_token_and_no_token_for_a_receipt()
    {
        var flow = await ProvenAsync(Server);
        var receipt = (await ReceiptAsync(Server, flow.Id)).Text("receipt");

        var calls = new List<Reply>();
        foreach (var path in (string[])["/v3/domain/id", $"/flows/{flow.Id}/receipt", "/v1/client/mobile/otp/start", "/admin/server"])
        {
            var method = path.StartsWith("/v1", StringComparison.Ordinal) ? HttpMethod.Post : HttpMethod.Get;
            using var request = new HttpRequestMessage(method, path);
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {receipt}");
            calls.Add(await Server.SendAsync(request));
        }
        var introspected = await FormAsync("/introspect", ("token", receipt));
        var asserted = await FormAsync(
            "/token", ("grant_type", "client_credentials"),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"), ("client_assertion", receipt));

        Assert.All(calls, reply => Assert.Equal(401, reply.Status));
        Assert.False((bool)introspected.Json!["active"]!);
        Assert.NotEqual(200, asserted.Status);
        foreach (var token in (string[])[await Server.GetTokenAsync(), flow.AuthToken!])
        {
            Assert.NotEqual("cs-receipt+sd-jwt", (string?)Decoded(token.Split('.')[0])["typ"]);
            Assert.NotEqual("countersign-receipt", (string?)Decoded(token.Split('.')[1])["aud"]);
        }
    }

    [Fact]
    public async Task Without_a_history_there_is_a_receipt_as_long_as_the_flow_lives()
    {
        await using var server = await fixture.StartAsync(new Dictionary<string, string?> { ["Countersign:History:Mode"] = "Off" });
        var flow = await ProvenAsync(server);

        var living = await ReceiptAsync(server, flow.Id);
        await server.AdvanceAsync(TimeSpan.FromMinutes(16));
        var over = await ReceiptAsync(server, flow.Id);
        await CleanAsync(server);

        Assert.Equal((200, 404), (living.Status, over.Status));
        Assert.Equal(0, await server.CountAsync("receipts"));
    }

    private static Task<Reply> ReceiptAsync(TestServer server, string id, Credentials? credentials = null) =>
        server.CallAsync(HttpMethod.Get, $"/flows/{id}/receipt", credentials);

    private static async Task<Begun> ProvenAsync(TestServer server, JsonObject? more = null)
    {
        var flow = await server.BeginAsync("mobile", Number, more);
        var page = await server.AskForTextAsync(flow);
        await page.Enter((await server.LastMessageAsync(Number)).Code!);
        return flow;
    }

    private static async Task CleanAsync(TestServer server) => await server.Services.GetRequiredService<FlowUpkeep>().TryCleanAsync(
        async (_, remove) => await remove(256), server.Services.GetRequiredService<TimeProvider>().GetUtcNow(), default);

    /// <summary>As a stranger checks it: with what is published, and the framework's own means.</summary>
    private static async Task<JsonObject> CheckedAsync(TestServer server, Reply reply)
    {
        Assert.Equal(200, reply.Status);
        var parts = reply.Text("receipt").Split('.');
        Assert.Equal(3, parts.Length);
        var published = await server.Client.GetStringAsync("/.well-known/jwks.json", TestContext.Current.CancellationToken);
        var key = JsonNode.Parse(published)!["keys"]!.AsArray()
            .Single(candidate => (string?)candidate!["kid"] == (string?)Decoded(parts[0])["kid"])!;
        using var ecdsa = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Read.DecodeFromChars((string)key["x"]!), Y = Read.DecodeFromChars((string)key["y"]!) },
        });
        Assert.True(ecdsa.VerifyData(
            Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Read.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256));
        return Decoded(parts[1]).AsObject();
    }

    private static Dictionary<string, string> Opened(JsonObject claims, Reply reply)
    {
        Assert.Equal(Digests(claims), Disclosures(reply).Select(DigestOf).Order(StringComparer.Ordinal));
        return Disclosures(reply).Select(disclosure => Decoded(disclosure))
            .ToDictionary(parts => (string)parts[1]!, parts => (string)parts[2]!);
    }

    private static List<string> Digests(JsonObject claims)
    {
        Assert.Equal("sha-256", Text(claims, "_sd_alg"));
        return [.. claims["_sd"]!.AsArray().Select(digest => (string)digest!)];
    }

    private static string[] Disclosures(Reply reply) => [.. reply.Json!["disclosures"]!.AsArray().Select(one => (string)one!)];

    private static string DigestOf(string disclosure) => Read.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(disclosure)));

    private static JsonNode Decoded(string part) => JsonNode.Parse(Read.DecodeFromChars(part))!;

    private static int DayOf(string keyId) => int.Parse(keyId[1..^"-1".Length], CultureInfo.InvariantCulture);

    private static string Text(JsonNode claims, string name) => (string)claims[name]!;

    private async Task<Reply> FormAsync(string path, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = form };
        if (path == "/introspect")
        {
            var client = Encoding.ASCII.GetBytes($"{Credentials.Sandbox.Id}:{Credentials.Sandbox.Secret}");
            request.Headers.TryAddWithoutValidation("Authorization", $"Basic {Convert.ToBase64String(client)}");
        }
        return await Server.SendAsync(request);
    }
}

public sealed class ReceiptsOnSqlite(OnSqlite fixture) : ReceiptTests(fixture), IClassFixture<OnSqlite>;

[Trait("tier", "long")]
[Trait("tier", "long")]
public sealed class ReceiptsOnPostgres(OnPostgres fixture) : ReceiptTests(fixture), IClassFixture<OnPostgres>;
