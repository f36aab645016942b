using System.Net;
using System.Text.Json.Nodes;
using Countersign.Operator.Tests.Fixtures;

namespace Countersign.Operator.Tests.Control;

/// <summary>The control API.</summary>
public sealed class ControlTests
{
    [Fact]
    public async Task A_client_is_registered_by_JWK_by_PEM_and_by_address_and_replaced()
    {
        await using var running = await RunningOperator.StartAsync();
        var party = new RelyingParty(running, "countersign");
        JsonObject Body(string name, JsonNode key) =>
            new() { ["client_id"] = "countersign", ["redirect_uris"] = new JsonArray(RelyingParty.Callback), [name] = key };

        var byPem = await running.ControlAsync(HttpMethod.Post, "/sim/clients", Body("pem", party.PublicPem));
        var pemWorks = await party.PersonsTokenAsync();
        var byJwk = await running.ControlAsync(HttpMethod.Post, "/sim/clients", Body("jwk", party.PublicJwk));
        var jwkWorks = await party.PersonsTokenAsync();
        await using var keys = await PublishedKeys.StartAsync(party.PublicJwk);
        var byAddress = await running.ControlAsync(HttpMethod.Post, "/sim/clients", Body("jwks_uri", keys.Address));
        var addressWorks = await party.PersonsTokenAsync();

        Assert.Equal(
            [HttpStatusCode.Created, HttpStatusCode.OK, HttpStatusCode.OK], [byPem.StatusCode, byJwk.StatusCode, byAddress.StatusCode]);
        Assert.All([pemWorks, jwkWorks, addressWorks], Assert.NotEmpty);
        Assert.Contains("\"countersign\"", await GetAsync(running, "/sim/clients"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_that_cannot_be_fetched_refuse_the_client()
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();
        var keys = await PublishedKeys.StartAsync(party.PublicJwk);
        await keys.DisposeAsync();
        await running.ControlAsync(
            HttpMethod.Post, "/sim/clients", new JsonObject { ["client_id"] = "countersign", ["jwks_uri"] = keys.Address });

        var (status, body) = await party.TokenAsync(new() { ["grant_type"] = "client_credentials", ["scope"] = "sim-swap" });

        Assert.Equal((401, "invalid_client"), (status, body["error"]!.GetValue<string>()));
    }

    public static TheoryData<string, string> WrongClients => new()
    {
        { "no id", """{"redirect_uris":["https://rp.example/"],"jwks_uri":"https://rp.example/jwks"}""" },
        { "no key", """{"client_id":"a","redirect_uris":["https://rp.example/"]}""" },
        { "two keys", """{"client_id":"a","jwks_uri":"https://rp.example/jwks","pem":"-----BEGIN PUBLIC KEY-----"}""" },
        { "a relative address", """{"client_id":"a","redirect_uris":["/callback"],"jwks_uri":"https://rp.example/jwks"}""" },
        { "a fragment", """{"client_id":"a","redirect_uris":["https://rp.example/#a"],"jwks_uri":"https://rp.example/jwks"}""" },
        { "a script", """{"client_id":"a","redirect_uris":["javascript:alert(1)"],"jwks_uri":"https://rp.example/jwks"}""" },
        { "no list", """{"client_id":"a","redirect_uris":"https://rp.example/","jwks_uri":"https://rp.example/jwks"}""" },
        { "a private key",
            """{"client_id":"a","jwk":{"kty":"EC","crv":"P-256","x":"MZBwvTIJmFVIdNEu3b1n6XD5XE0SC-"""
                + """o1vXXAnuVxuwg","y":"a5hoklHsVS2oErXbwTl1dzWO3lsEy8LrScYA4mA_oUs","d":"AAAA"}}""" },
        { "a shared secret", """{"client_id":"a","jwk":{"kty":"oct","k":"AAAA"}}""" },
        { "half a key", """{"client_id":"a","jwk":{"kty":"EC","crv":"P-256"}}""" },
        { "no PEM", """{"client_id":"a","pem":"abc"}""" },
        { "a broken PEM", """{"client_id":"a","pem":"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"}""" },
        { "an unknown member", """{"client_id":"a","clientId":"b","jwks_uri":"https://rp.example/jwks"}""" },
        { "no JSON", "{" },
    };

    [Theory]
    [MemberData(nameof(WrongClients))]
    public async Task A_wrong_client_is_refused_with_a_sentence(string why, string body)
    {
        await using var running = await RunningOperator.StartAsync();
        using var content = new StringContent(body);

        using var answer = await running.Http.PostAsync("/sim/clients", content, TestContext.Current.CancellationToken);

        Assert.True(400 == (int)answer.StatusCode, why);
        Assert.EndsWith(
            ".", JsonNode.Parse(
                await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["message"]!.GetValue<string>(),
                StringComparison.Ordinal);
    }

    [Fact]
    public async Task Registration_can_be_closed()
    {
        await using var running = await RunningOperator.StartAsync("--Operator:OpenRegistration=false");

        var answer = await running.ControlAsync(
            HttpMethod.Post, "/sim/clients", new JsonObject { ["client_id"] = "a", ["jwks_uri"] = "https://rp.example/jwks" });

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task A_subscriber_is_put_changed_and_removed()
    {
        await using var running = await RunningOperator.StartAsync();
        const string Path = "/sim/subscribers/+12025550199";

        await running.ControlAsync(
            HttpMethod.Put, Path, new JsonObject { ["givenName"] = "Jan", ["birthdate"] = "1990-01-02", ["contractType"] = "PAYG" });
        await running.ControlAsync(
            HttpMethod.Patch, Path, new JsonObject { ["simSwappedAt"] = "2026-11-22T10:00:00Z", ["birthdate"] = null });
        var changed = JsonNode.Parse(await GetAsync(running, Path))!;
        await running.ControlAsync(HttpMethod.Put, Path, changed.DeepClone());
        var same = JsonNode.Parse(await GetAsync(running, Path))!;
        await running.ControlAsync(HttpMethod.Put, Path, new JsonObject { ["familyName"] = "Vos" });
        var replaced = JsonNode.Parse(await GetAsync(running, Path))!.AsObject();
        await running.ControlAsync(HttpMethod.Delete, Path);
        using var removed = await running.Http.GetAsync(Path, TestContext.Current.CancellationToken);

        Assert.Equal(("Jan", "2026-11-22T10:00:00Z", "PAYG"),
            (Text(changed, "givenName"), Text(changed, "simSwappedAt"), Text(changed, "contractType")));
        Assert.Null(changed["birthdate"]);
        Assert.True(JsonNode.DeepEquals(changed, same));
        Assert.False(replaced.ContainsKey("givenName"));
        Assert.Equal(HttpStatusCode.NotFound, removed.StatusCode);
    }

    [Theory]
    [InlineData("""{"birthdate":"1990"}""")]
    [InlineData("""{"contractType":"prepaid"}""")]
    [InlineData("""{"simSwappedAt":"yesterday"}""")]
    [InlineData("""{"shoeSize":"42"}""")]
    [InlineData("""{"givenName":7}""")]
    public async Task A_wrong_member_of_a_subscriber_is_refused(string body)
    {
        await using var running = await RunningOperator.StartAsync();

        var answer = await running.ControlAsync(HttpMethod.Put, "/sim/subscribers/+12025550199", JsonNode.Parse(body));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("PUT", "/sim/network/somewhere?msisdn=%2B12025550142", null)]
    [InlineData("PUT", "/sim/network/127.0.0.1", null)]
    [InlineData("PUT", "/sim/network/127.0.0.1", """{"msisdn":"0142"}""")]
    [InlineData("PUT", "/sim/subscribers/abc", "{}")]
    [InlineData("POST", "/sim/ts43/abc", null)]
    [InlineData("POST", "/sim/radio/10.0.0.1", null)]
    [InlineData("PUT", "/sim/faults", """{"faults":["no_such_fault"]}""")]
    [InlineData("PUT", "/sim/faults", """{"faults":"wrong_nonce"}""")]
    [InlineData("PUT", "/sim/faults", """{"latency":{"authorise":8}}""")]
    [InlineData("PUT", "/sim/faults", """{"latency":8}""")]
    [InlineData("PUT", "/sim/faults", """{"latency":{"verify":-1}}""")]
    [InlineData("PUT", "/sim/faults", """{"status":{"verify":404}}""")]
    [InlineData("PUT", "/sim/faults", """{"msisdn":"0142"}""")]
    public async Task A_wrong_call_is_refused(string method, string path, string? body)
    {
        await using var running = await RunningOperator.StartAsync();

        var answer = await running.ControlAsync(new HttpMethod(method), path, body is null ? null : JsonNode.Parse(body));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task The_log_tells_what_was_called_and_why_it_ended_so_and_masks_numbers()
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();
        await party.CallAsync("/number-verification/v2/verify", await party.PersonsTokenAsync(), """{"phoneNumber":"+12025550143"}""");
        await party.CallAsync("/sim-swap/v2/check", token: null, "{}");
        await party.AuthorizeAsync(running.Handset("127.0.0.99"));

        var text = await GetAsync(running, "/sim/log");
        var calls = JsonNode.Parse(text)!.AsArray()
            .Select(call => $"{Text(call!, "path")} {call!["status"]} {Text(call, "number")} {Text(call, "note")}");
        var later = JsonNode.Parse(await GetAsync(running, "/sim/log?after=4"))!.AsArray();

        Assert.Equal(
            [
                "/authorize 302 +1202*****42 a SIM is behind this address",
                "/token 200 +1202*****42 ",
                "/number-verification/v2/verify 200 +1202*****42 the number is not this SIM's",
                "/sim-swap/v2/check 401  UNAUTHENTICATED (The access token is missing, unknown, expired or used up.)",
                "/authorize 302  login_required (no SIM is behind this address)",
            ],
            calls);
        Assert.DoesNotContain("2025550142", text, StringComparison.Ordinal);
        Assert.DoesNotContain("2025550143", text, StringComparison.Ordinal);
        Assert.Equal(5, Assert.Single(later)!["sequence"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_reset_goes_back_to_the_start_and_keeps_the_clients()
    {
        await using var running = await RunningOperator.StartAsync("--Operator:Network:127.0.0.50=+12025550150");
        var party = await running.RegisterAsync();
        var token = await party.PersonsTokenAsync();
        await running.SetFaultAsync("access_denied");
        await running.ControlAsync(HttpMethod.Delete, "/sim/network/127.0.0.50");
        await running.ControlAsync(HttpMethod.Delete, "/sim/subscribers/+12025550142");

        await running.ControlAsync(HttpMethod.Post, "/sim/reset");
        var (status, _) = await party.CallAsync("/number-verification/v2/verify", token, """{"phoneNumber":"+12025550142"}""");

        Assert.Equal(401, status);
        Assert.NotEmpty(await party.PersonsTokenAsync("127.0.0.50"));
        Assert.NotEmpty(await party.PersonsTokenAsync("127.0.0.42"));
    }

    private static string? Text(JsonNode node, string name) => node[name]?.GetValue<string>();

    private static Task<string> GetAsync(RunningOperator running, string path) =>
        running.Http.GetStringAsync(path, TestContext.Current.CancellationToken);
}
