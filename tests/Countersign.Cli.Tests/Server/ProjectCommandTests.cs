using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Countersign.Cli.Tests.Fixtures;
using Countersign.Testing;

namespace Countersign.Cli.Tests.Server;

public sealed class ProjectCommandTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_relying_party_is_set_up_in_two_commands_and_can_call()
    {
        var project = await server.RunAsync("project", "create", "shop", "--name", "Shop", "--target-url", "https://shop.example/verified");
        var client = await server.RunAsync("client", "create", "--project", "shop", "--json");

        Assert.Equal(0, project.Code);
        Assert.Contains("countersign client create --project shop", project.Output, StringComparison.Ordinal);
        Assert.Equal(200, await TokenAsync((string)client.Json["id"]!, (string)client.Json["secret"]!));
    }

    [Fact]
    public async Task A_client_is_made_with_keys_and_given_others()
    {
        using var folder = new TemporaryFolder();
        var (keys, none, bad) = (folder.File("keys.json"), folder.File("none.json"), folder.File("bad.json"));
        await File.WriteAllTextAsync(keys,
            """
            {"keys":[{"kty":"EC","crv":"P-256","kid":"till-2026",
                "x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}]}
            """, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(none, """{"keys":[]}""", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(bad, "-----BEGIN PUBLIC KEY-----", TestContext.Current.CancellationToken);
        await server.RunAsync("project", "create", "keyed");

        var made = await server.RunAsync("client", "create", "--project", "keyed", "--id", "till", "--jwks", keys);
        var listed = await server.RunAsync("client", "list", "--project", "keyed");
        var updated = await server.RunAsync("client", "set", "till", "--project", "keyed", "--jwks", none);
        var after = await server.RunAsync("client", "list", "--project", "keyed", "--json");
        var refused = await server.RunAsync("client", "set", "till", "--project", "keyed", "--jwks", bad);
        var missing = await server.RunAsync("client", "set", "till", "--project", "keyed", "--jwks", folder.File("not-there.json"));

        Assert.Equal(0, made.Code);
        Assert.DoesNotContain("secret", made.Output, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("The client has no secret", made.Error, StringComparison.Ordinal);
        Assert.Contains("till-2026", listed.Output, StringComparison.Ordinal);
        Assert.Contains("The client till has these keys", updated.Output, StringComparison.Ordinal);
        Assert.Empty(after.Json["clients"]![0]!["keys"]!.AsArray());
        Assert.Contains("is not valid JSON", refused.Error, StringComparison.Ordinal);
        Assert.Contains("Cannot read", missing.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_are_set_shown_and_unset()
    {
        await server.RunAsync("project", "create", "settings");

        var set = await server.RunAsync(
            "project", "set", "settings", "--link-confirmation", "match", "--target-url", "https://a.example", "--target-url",
            "https://b.example/x", "--otp-text", "Shop.com ######", "--allowed-word", "shop.com", "--country", "US", "--name", "New name");
        var shown = await server.RunAsync("project", "show", "settings", "--json");
        var unset = await server.RunAsync(
            "project", "set", "settings", "--unset", "link-confirmation", "--unset", "target-url", "--unset", "name", "--json");

        Assert.Equal(0, set.Code);
        Assert.Contains("https://a.example, https://b.example/x", set.Output, StringComparison.Ordinal);
        Assert.Contains("1 segment, GSM-7", set.Output, StringComparison.Ordinal);
        Assert.Equal("shop.com", (string?)shown.Json["allowedWords"]![0]);
        Assert.Equal(("match", "Shop.com ######", "New name"),
            ((string?)shown.Json["linkConfirmation"], (string?)shown.Json["otpText"], (string?)shown.Json["name"]));
        Assert.Equal(("tap", 0, "Shop.com ######", "settings"),
            ((string?)unset.Json["linkConfirmation"], unset.Json["targetUrls"]!.AsArray().Count, (string?)unset.Json["otpText"],
                (string?)unset.Json["name"]));
    }

    [Fact]
    public async Task What_may_be_asked_without_a_phone_is_given_and_taken()
    {
        await server.RunAsync(
            "project", "create", "asking", "--one-call", "verifiedUser", "--one-call", "prefill", "--discloses-ssn", "true",
            "--number-change", "on");

        var shown = await server.RunAsync("project", "show", "asking", "--json");
        var table = await server.RunAsync("project", "set", "asking", "--discloses-ssn", "false");
        var unset = await server.RunAsync("project", "set", "asking", "--unset", "one-call", "--json");

        Assert.Equal(("""["verifiedUser","prefill"]""", true),
            (shown.Json["oneCall"]!.ToJsonString(), (bool)shown.Json["disclosesSsn"]!));
        Assert.Equal("on", (string?)shown.Json["numberChange"]);
        Assert.Contains("verifiedUser, prefill", table.Output, StringComparison.Ordinal);
        Assert.Equal((0, false), (unset.Json["oneCall"]!.AsArray().Count, (bool)unset.Json["disclosesSsn"]!));
    }

    [Fact]
    public async Task Names_and_risk_are_judged_as_was_said()
    {
        await server.RunAsync(
            "project", "create", "judged", "--name-policy", "strict", "--risk", "simSwap=refuse", "--risk", "refusesUnknown=true");

        var set = await server.RunAsync("project", "set", "judged", "--risk", "recycled=refuse", "--unset", "name-policy");
        var shown = await server.RunAsync("project", "show", "judged", "--json");
        var unset = await server.RunAsync("project", "set", "judged", "--unset", "risk", "--json");

        Assert.Equal(0, set.Code);
        Assert.Equal(("standard", "refuse", "refuse", "report", true), (
            (string?)shown.Json["namePolicy"], (string?)shown.Json["risk"]!["simSwap"], (string?)shown.Json["risk"]!["recycled"],
            (string?)shown.Json["risk"]!["shortTenure"], (bool)shown.Json["risk"]!["refusesUnknown"]!));
        Assert.Equal(("report", false), ((string?)unset.Json["risk"]!["simSwap"], (bool)unset.Json["risk"]!["refusesUnknown"]!));
    }

    [Fact]
    public async Task Lists_name_what_there_is()
    {
        await server.RunAsync("project", "create", "listed", "--name", "Käse [bold]& Söhne[/]");
        await server.RunAsync("client", "create", "--project", "listed", "--id", "listed-1");

        var projects = await server.RunAsync("project", "list");
        var clients = await server.RunAsync("client", "list", "--project", "listed");

        Assert.Contains("Käse [bold]& Söhne[/]", projects.Output, StringComparison.Ordinal);
        Assert.Contains("configuration", projects.Output, StringComparison.Ordinal);
        Assert.Contains("listed-1", clients.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rotated_client_has_two_secrets_for_as_long_as_was_said()
    {
        await server.RunAsync("project", "create", "rotated");
        var old = (await server.RunAsync("client", "create", "--project", "rotated", "--id", "rotated-1", "--json")).Json;

        var rotated = await server.RunAsync("client", "rotate", "rotated-1", "--project", "rotated", "--expire-old-after", "1h", "--json");
        var both = (await TokenAsync("rotated-1", (string)old["secret"]!), await TokenAsync("rotated-1", (string)rotated.Json["secret"]!));
        var again = await server.RunAsync("client", "rotate", "rotated-1", "--project", "rotated", "--expire-old-after", "0", "--json");

        Assert.Equal((200, 200), both);
        Assert.InRange((DateTimeOffset)rotated.Json["formerSecretExpiresAt"]! - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(58),
            TimeSpan.FromMinutes(61));
        Assert.Equal(401, await TokenAsync("rotated-1", (string)rotated.Json["secret"]!));
        Assert.Equal(200, await TokenAsync("rotated-1", (string)again.Json["secret"]!));
    }

    [Fact]
    public async Task A_secret_for_people_is_printed_with_the_word_that_it_is_shown_once()
    {
        await server.RunAsync("project", "create", "people");

        var run = await server.RunAsync("client", "create", "--project", "people");

        Assert.Contains("cs_sk_", run.Output, StringComparison.Ordinal);
        Assert.Contains("this once", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deleting_asks_for_a_yes()
    {
        await server.RunAsync("project", "create", "deleted");
        await server.RunAsync("client", "create", "--project", "deleted", "--id", "deleted-1");

        var client = await server.RunAsync("client", "delete", "deleted-1", "--project", "deleted");
        var without = await server.RunAsync("project", "delete", "deleted");
        var with = await server.RunAsync("project", "delete", "deleted", "--yes");
        var again = await server.RunAsync("project", "show", "deleted");

        Assert.Equal((0, 1, 0, 1), (client.Code, without.Code, with.Code, again.Code));
        Assert.Contains("Add --yes", without.Error, StringComparison.Ordinal);
        Assert.Equal("Refused: there is no project 'deleted'.", again.Error.Trim());
    }

    [Theory]
    [InlineData("project create UPPER", "field 'id' is invalid")]
    [InlineData("project create sandbox", "there is a project 'sandbox' already")]
    [InlineData("project set sandbox --passkeys required", "stands in the server's configuration")]
    [InlineData("project set nobody --passkeys required", "there is no project 'nobody'")]
    [InlineData("project set sandbox", "There is nothing to change")]
    [InlineData("project set sandbox --unset colour", "There is no setting colour. There are: error-codes, link-confirmation")]
    [InlineData("project create bad --passkeys maybe --target-url http://x.example",
        "field 'passkeys' is invalid: must be off or preferred or required")]
    [InlineData("project create bad --name-policy loose", "field 'namePolicy' is invalid: must be standard or strict or lenient")]
    [InlineData("project create bad --risk simSwap=block", "field 'risk.simSwap' is invalid: must be report or refuse")]
    [InlineData("project create bad --risk simSwop=refuse",
        "field 'risk.simSwop' is invalid: this call has no such member; did you mean 'risk.simSwap'?")]
    [InlineData("project create bad --discloses-ssn maybe", "--discloses-ssn must be true or false.")]
    [InlineData("project create bad --one-call bot", "field 'oneCall[0]' is invalid: must be verifiedUser, accountOpening, humanAssurance")]
    [InlineData("project create bad --risk simSwap", "--risk must be a signal and what is made of it: --risk simSwap=refuse.")]
    [InlineData("project create bad --risk simSwap=refuse --risk simSwap=report", "--risk names simSwap twice.")]
    [InlineData("client create --project nobody", "there is no project 'nobody'")]
    [InlineData("client rotate x --project sandbox", "there is no client 'x' in this project")]
    [InlineData("client rotate x --project sandbox --expire-old-after 1w",
        "--expire-old-after must be a whole number with a unit, from 0 to 30d")]
    [InlineData("client rotate x --project sandbox --expire-old-after 99999999999999999999h",
        "--expire-old-after must be a whole number with a unit, from 0 to 30d")]
    [InlineData("client rotate x --project sandbox --expire-old-after 31d",
        "--expire-old-after must be a whole number with a unit, from 0 to 30d")]
    [InlineData("abuse allow --country GB --for 0", "--for must be a whole number of hours, from 1 to 2160.")]
    [InlineData("abuse deny --country GB --for 2161", "--for must be a whole number of hours, from 1 to 2160.")]
    [InlineData("flow show 1", "field 'correlationId' is invalid")]
    [InlineData("flow show 019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a", "there is no such flow")]
    public async Task What_is_refused_is_told(string arguments, string reason)
    {
        var run = await server.RunAsync(arguments.Split(' '));

        Assert.Equal(1, run.Code);
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
        Assert.Equal("", run.Output);
    }

    [Fact]
    public async Task A_flow_is_found_by_the_relying_partys_id()
    {
        using var http = new HttpClient { BaseAddress = new Uri(server.Origin) };
        using var body = JsonContent.Create(new JsonObject
        {
            ["flowType"] = "mobile", ["phoneNumber"] = "2001004011", ["firstName"] = "Sheilakathryn", ["lastName"] = "Butrimovich",
            ["clientRequestId"] = "order-4711", ["clientCustomerId"] = "customer-1",
        });
        using var begun = await http.PostAsync("/sandbox/flows", body, TestContext.Current.CancellationToken);
        var id = (string?)(await begun.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!["correlationId"];

        var byRequest = await server.RunAsync("flow", "find", "--client-request-id", "order-4711");
        var byCustomer = await server.RunAsync("flow", "find", "--client-customer-id", "customer-1", "--json");
        var byNumber = await server.RunAsync("flow", "find", "--number", "+1 200 100 4011");
        var nothing = await server.RunAsync("flow", "find", "--client-request-id", "order-4712");
        var nobody = await server.RunAsync("flow", "find", "--client-customer-id", "customer-2", "--json");
        var two = await server.RunAsync("flow", "find", "--client-request-id", "a", "--number", "+12025550142");

        Assert.Equal((0, 0, 0), (byRequest.Code, byCustomer.Code, byNumber.Code));
        Assert.Contains(id!, byRequest.Output, StringComparison.Ordinal);
        Assert.Contains("1 found, newest first.", byRequest.Output, StringComparison.Ordinal);
        Assert.Equal(id, (string?)byCustomer.Json["flows"]![0]!["correlationId"]);
        Assert.Contains(id!, byNumber.Output, StringComparison.Ordinal);
        Assert.Equal(
            (1, "", "No such flow was found. Nothing is known of flows for longer than Countersign:History says.\n"),
            (nothing.Code, nothing.Output, nothing.Error));
        Assert.Equal((1, 0), (nobody.Code, nobody.Json["flows"]!.AsArray().Count));
        var begins = (string)byCustomer.Json["flows"]![0]!["createdAt"]!;
        Assert.Matches(
            $@"(?m)^ *Begun \(UTC\) +Flow +End *\n.*\n *{begins[5..10]} {begins[11..16]} +{id} +identity\.matched *$", byRequest.Output);
        Assert.Matches($@"(?m)^ *Begun +{Regex.Escape(begins[..19])}", byNumber.Output);
        Assert.Equal(1, two.Code);
        Assert.Contains("one thing at a time", two.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flow_is_shown_with_what_has_happened_to_it()
    {
        using var http = new HttpClient { BaseAddress = new Uri(server.Origin) };
        using var body = JsonContent.Create(new JsonObject
        {
            ["flowType"] = "mobile", ["phoneNumber"] = "2001004011", ["firstName"] = "Sheilakathryn", ["lastName"] = "Butrimovich",
        });
        using var begun = await http.PostAsync("/sandbox/flows", body, TestContext.Current.CancellationToken);
        var id = (string?)JsonNode.Parse(await begun.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["correlationId"];

        var run = await server.RunAsync("flow", "show", id!);

        Assert.Equal(0, run.Code);
        Assert.Contains("identity matched", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^ *End +identity\.matched", run.Output);
        Assert.DoesNotContain("2001004011", run.Output, StringComparison.Ordinal);
    }

    private async Task<int> TokenAsync(string id, string secret)
    {
        using var http = new HttpClient { BaseAddress = new Uri(server.Origin) };
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials", ["client_id"] = id, ["client_secret"] = secret,
        });
        using var response = await http.PostAsync("/token", form, TestContext.Current.CancellationToken);
        return (int)response.StatusCode;
    }
}
