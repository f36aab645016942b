using System.Text.Json.Nodes;
using Countersign.Core.Projects;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.OpenApi;

/// <summary>The server held to openapi/browser.json.</summary>
public sealed class BrowserAnswerTests(OnSqlite fixture) : IClassFixture<OnSqlite>
{
    private const string Client = "/v1/client/";
    private const string NotOnAMobileNetwork = "2001009002";

    private const string LoadUser = "2002600001";

    private readonly TestServer _server = fixture.Server;

    [Fact]
    public async Task Every_example_is_answered_as_described()
    {
        var contract = await Contract.ReadAsync(_server, "browser");

        foreach (var operation in contract.Operations.Where(operation => operation.Method == "post" && !NeedsSignature(operation)))
        {
            var begun = await _server.BeginAsync(operation.Path.Contains("instantlink", StringComparison.Ordinal) ? "desktop" : "mobile",
                NotOnAMobileNetwork);
            var reply = await _server.Browser(begun.AuthToken!).SendAsync(operation.Path[Client.Length..],
                operation.Example!.ToJsonString());

            Assert.Equal(200, contract.MustHold(operation.Path, reply).Status);
        }
    }

    [Fact]
    public async Task Every_refusal_is_as_described()
    {
        var contract = await Contract.ReadAsync(_server, "browser");
        var guarded = await _server.AddProjectAsync("guarded", new ProjectSettings { WebOrigins = ["https://shop.example"] });
        var open = await _server.BeginAsync("mobile", NotOnAMobileNetwork);
        var closed = await _server.BeginAsync("mobile", NotOnAMobileNetwork, credentials: guarded);

        foreach (var operation in contract.Operations.Where(operation =>
            operation.Method == "post" && operation.Json["security"]!.AsArray().Count > 0))
        {
            var path = operation.Path[Client.Length..];
            var malformed = contract.MustHold(operation.Path, await _server.Browser(open.AuthToken!).SendAsync(path, "{"));
            var stranger = contract.MustHold(operation.Path, await _server.Browser("no.such.token").SendAsync(path));
            var elsewhere = contract.MustHold(operation.Path, await _server.Browser(closed.AuthToken!).SendAsync(path,
                origin: "https://other.example"));

            Assert.Equal((400, 8001), (malformed.Status, malformed.Code));
            Assert.Equal((401, 8002), (stranger.Status, stranger.Code));
            Assert.Equal((403, 8003), (elsewhere.Status, elsewhere.Code));
        }
    }

    [Fact]
    public async Task Each_call_of_a_device_is_answered_as_described()
    {
        var contract = await Contract.ReadAsync(_server, "browser");
        using var key = new DeviceKey();
        var first = await _server.BeginUnifyAsync("mobile", LoadUser);
        var page = _server.Browser(first.AuthToken!);

        var registered = contract.MustHold(
            Client + "device/passive/register", await page.SendAsync("device/passive/register", key.Registration(page).ToJsonString()));
        await key.RegisterAsync(page);
        await _server.ProveByCodeAsync(first);
        var next = _server.Browser((await _server.BeginUnifyAsync("mobile", LoadUser)).AuthToken!);
        contract.MustHold(Client + "device/passive/verify", await next.SendAsync("device/passive/verify", key.Proof(next).ToJsonString()));
        var body = $$"""{"deviceId":"{{key.DeviceId}}"}""";
        var challenge = contract.MustHold(Client + "challenge", await next.SendAsync("challenge", body));
        foreach (var operation in contract.Operations.Where(NeedsSignature)
            .OrderDescending(Comparer<Documented>.Create((a, b) => string.CompareOrdinal(a.Path, b.Path))))
        {
            var path = operation.Path[Client.Length..];
            var unsigned = contract.MustHold(operation.Path, await next.SendAsync(path, body));
            var signed = contract.MustHold(
                operation.Path, await next.SendAsync(path, body, headers: key.SignatureHeaders(path, body, challenge.Text("challenge"))));
            var malformed = contract.MustHold(operation.Path, await next.SendAsync(path, "{"));

            Assert.Equal((401, 200, 400), (unsigned.Status, signed.Status, malformed.Status));
        }
        var unknown = contract.MustHold(Client + "challenge", await next.SendAsync("challenge", body));

        Assert.Equal(key.DeviceId, (string?)registered.Json!["data"]!["deviceId"]);
        Assert.Equal(10006, (int)unknown.Json!["error"]!["code"]!);
    }

    [Fact]
    public async Task Each_call_of_a_passkey_is_answered_as_described()
    {
        const string shop = "https://shop.example";
        const string passkeys = "device/fido2/";
        var contract = await Contract.ReadAsync(_server, "browser");
        var project = await _server.AddProjectAsync("with-passkeys", new ProjectSettings { Passkeys = Passkeys.Preferred });
        using var authenticator = new VirtualAuthenticator(shop);
        using var key = new DeviceKey();
        var first = await _server.BeginUnifyAsync("mobile", LoadUser, credentials: project);
        var page = _server.Browser(first.AuthToken!);

        var made = contract.MustHold(Client + passkeys + "start", await page.SendAsync(passkeys + "start", origin: shop));
        var credential = authenticator.Create(made.Json!["data"]!["credCreateOptions"]!.ToJsonString());
        var registered = contract.MustHold(Client + passkeys + "register/finish", await page.SendAsync(
            passkeys + "register/finish",
            new JsonObject { ["registrations"] = new JsonArray(new JsonObject { ["webAuthnCredential"] = credential }) }.ToJsonString()));
        await _server.ProveByCodeAsync(first);
        authenticator.Counter++;
        var next = _server.Browser((await _server.BeginUnifyAsync("mobile", LoadUser, credentials: project)).AuthToken!);
        var used = contract.MustHold(Client + passkeys + "start", await next.SendAsync(passkeys + "start", origin: shop));
        var proof = authenticator.Get(used.Json!["data"]!["credRequestOptions"]!.ToJsonString());
        var proven = contract.MustHold(Client + passkeys + "verify/finish", await next.SendAsync(
            passkeys + "verify/finish",
            new JsonObject { ["webAuthnAssertion"] = proof,
                ["registrations"] = key.Registration(next)["registrations"]!.DeepClone() }.ToJsonString()));
        var other = _server.Browser((await _server.BeginUnifyAsync("mobile", "2002600002", credentials: project)).AuthToken!);
        var both = contract.MustHold(Client + passkeys + "start", await other.SendAsync(
            passkeys + "start", $$"""{"deviceId":"{{registered.Json!["data"]!["deviceId"]}}"}""", shop));
        contract.MustHold(Client + passkeys + "error", await other.SendAsync(passkeys + "error"));

        Assert.Equal(("device/passive/register", "device/passive/verify"), (made.Text("next"), used.Text("next")));
        Assert.Equal("done", proven.Text("next"));
        Assert.NotNull(proven.Json!["data"]!["deviceId"]);
        Assert.Equal(["credCreateOptions", "credRequestOptions"], both.Json!["data"]!.AsObject().Select(member => member.Key));
    }

    [Fact]
    public async Task Each_step_of_a_code_is_answered_as_described()
    {
        var contract = await Contract.ReadAsync(_server, "browser");
        var begun = await _server.BeginAsync("mobile", NotOnAMobileNetwork, new JsonObject { ["allowOTPRetry"] = true });
        var page = _server.Browser(begun.AuthToken!);

        contract.MustHold(Client + "mobile/instant/start", await page.SendAsync("mobile/instant/start"));
        contract.MustHold(Client + "mobile/otp/start", await page.SendAsync("mobile/otp/start"));
        contract.MustHold(Client + "mobile/otp/start", await page.SendAsync("mobile/otp/start", """{"mobileNumber":"2001009001"}"""));
        var wrong = contract.MustHold(Client + "mobile/otp/finish", await page.SendAsync("mobile/otp/finish", """{"otp":"0000"}"""));
        contract.MustHold(Client + "mobile/otp/finish", await page.SendAsync("mobile/otp/finish", """{"otp":""}"""));
        var last = contract.MustHold(Client + "mobile/otp/finish", await page.SendAsync("mobile/otp/finish", """{"otp":"00"}"""));

        Assert.Equal(10001, (int)wrong.Json!["data"]!["code"]!);
        Assert.Equal(10005, (int)last.Json!["error"]!["code"]!);
    }

    [Fact]
    public async Task The_socket_says_what_is_described()
    {
        var contract = await Contract.ReadAsync(_server, "browser");
        var begun = await _server.BeginAsync("desktop", NotOnAMobileNetwork);
        var page = _server.Browser(begun.AuthToken!);
        await using var socket = await page.ConnectSocketAsync();
        await page.Post("mobile/instantlink/error", """{"message":"gave up"}""");

        var said = JsonNode.Parse((await socket.ReceiveAsync())!);

        Assert.Empty(contract.Schema.Problems(contract.Component("StepAnswer"), said));
        var plain = await Reply.ReadAsync(await _server.Client.GetAsync(Client + "status", TestContext.Current.CancellationToken));
        Assert.Equal(8001, contract.MustHold(Client + "status", plain, "get").Code);
    }

    private static bool NeedsSignature(Documented operation) =>
        operation.Json["parameters"]?.AsArray().Any(parameter => (string?)parameter!["name"] == "PA-Signature") == true;
}
