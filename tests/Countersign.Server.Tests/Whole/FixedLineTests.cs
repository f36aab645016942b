using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Whole;

/// <summary>Lines where no text arrives: refused where nothing else could prove them.</summary>
public sealed class FixedLineTests : IAsyncLifetime
{
    private const string London = "+442079460958";
    private const string Fixed = "400 8001 field 'phoneNumber' is invalid: is a fixed line, where no text arrives";
    private const string NoMethodLeft =
        """{"authentication":{"result":"fail","failureReasons":{"9100":"possession check incomplete","9917":"the network or a """
            + """key did not confirm, and no other method was left"}}}""";
    private const string FixedInArgentina = Fixed + "; in Argentina a mobile number has a 9 after +54";

    private TestServer _server = null!;
    private Credentials _shop = null!;

    public async ValueTask InitializeAsync() => await StartAsync(new());

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(London, Fixed)]
    [InlineData("+4402079460958", Fixed)]
    [InlineData("+493012345678", Fixed)]
    [InlineData("+390236618300", Fixed)]
    [InlineData("+541123456789", FixedInArgentina)]
    [InlineData("+5401123456789", FixedInArgentina)]
    [InlineData("+447400123456", "200")]
    [InlineData("+5491123456789", "200")]
    // Where the plan does not tell: Mexico; North America, though some of its plans do.
    [InlineData("+525512345678", "200")]
    [InlineData("+12025550142", "200")]
    [InlineData("+12423456789", "200")]
    public async Task Where_only_a_text_could_prove_it_a_fixed_line_is_refused_with_the_reason(string number, string fault)
    {
        string[] calls =
        [
            (await _server.VerifyAsync(TestServer.VerifyBody("mobile", number), _shop)).Fault,
            (await _server.VerifyAsync(TestServer.VerifyBody("desktop", number), _shop)).Fault,
            (await _server.PostAsync("/v3/start", $$"""{"flowType":"mobile","phoneNumber":"{{number}}"}""", _shop)).Fault,
            (await _server.PostAsync("/v3/start",
                $$"""{"flowType":"desktop","finalTargetUrl":"https://shop.example/a","phoneNumber":"{{number}}"}""", _shop)).Fault,
            (await _server.UnifyAsync(UnifyCalls.UnifyBody("mobile", number), _shop)).Fault,
            (await _server.UnifyAsync(UnifyCalls.UnifyBody("desktop", number), _shop)).Fault,
        ];

        Assert.All(calls, call => Assert.Equal(fault, call));
    }

    [Fact]
    public async Task What_needs_no_text_takes_a_fixed_line()
    {
        string[] calls =
        [
            (await _server.VerifyAsync(TestServer.VerifyBody("none", London), _shop)).Fault,
            (await _server.VerifyAsync($$"""{"verificationType":"humanAssurance","phoneNumber":"{{London}}"}""", _shop)).Fault,
            (await _server.PostAsync(
                "/v3/verify/batch", $$"""{"items":[{"verificationType":"humanAssurance","phoneNumber":"{{London}}"}]}""", _shop)).Fault,
            (await _server.PostAsync("/v3/identity", $$"""{"phoneNumber":"{{London}}"}""", _shop)).Fault,
            (await _server.CallAsync(HttpMethod.Get, $"/v3/identity/{London}/lookup", _shop)).Fault,
            (await _server.UnifyAsync(UnifyCalls.UnifyBody("none", London), _shop)).Fault,
        ];

        Assert.All(calls, call => Assert.Equal("200", call));
    }

    [Theory]
    [InlineData(London)]
    [InlineData("+44 (0)20 7946 0958")]
    [InlineData("+54 11 2345-6789")]
    public async Task A_person_who_gives_a_fixed_line_is_told_and_nothing_is_sent(string typed)
    {
        var flow = await _server.BeginUnifyAsync("mobile", "+447400123456", credentials: _shop);
        var page = _server.Browser(flow.AuthToken!);
        await page.Post("mobile/instant/start");

        var reply = await page.Post("mobile/otp/start", new JsonObject { ["mobileNumber"] = typed }.ToJsonString());

        Assert.Equal((10002, "no text arrives at a fixed line"), ((int)reply["data"]!["code"]!, (string)reply["data"]!["message"]!));
        Assert.Empty(_server.Gateway.Submissions);
    }

    [Fact]
    public async Task An_operator_that_may_know_the_line_lets_a_mobile_flow_begin_and_no_desktop_flow()
    {
        await StartWithOperatorAsync(("Prefixes:0", "+4420"));

        Assert.Equal("200", (await _server.VerifyAsync(TestServer.VerifyBody("mobile", London), _shop)).Fault);
        Assert.Equal("200", (await _server.UnifyAsync(UnifyCalls.UnifyBody("mobile", "+4402079460958"), _shop)).Fault);
        Assert.Equal(Fixed, (await _server.VerifyAsync(TestServer.VerifyBody("desktop", London), _shop)).Fault);
        // Another operator's.
        Assert.Equal(Fixed, (await _server.VerifyAsync(TestServer.VerifyBody("mobile", "+441212345678"), _shop)).Fault);
    }

    [Theory]
    [InlineData("verify", "mobile/instant/error", """{"message":"no mobile network"}""")]
    [InlineData("start", "mobile/instant/error", """{"message":"no mobile network"}""")]
    [InlineData("unify", "mobile/instant/error", """{"message":"no mobile network"}""")]
    // The operator can be asked only by a page that goes there.
    [InlineData("verify", "mobile/instant/start", "{}")]
    [InlineData("start", "mobile/instant/start", "{}")]
    [InlineData("unify", "mobile/instant/start", "{}")]
    public async Task Once_the_network_has_not_confirmed_a_fixed_line_the_flow_ends_and_no_text_is_sent(
        string product, string step, string body)
    {
        await StartWithOperatorAsync();
        var flow = await BeginAsync(product, "+493012345678");
        var page = _server.Browser(flow.AuthToken!);
        if (product == "unify")
        {
            Assert.Equal("mobile/instant", (string?)(await page.Post("device/passive/error", """{"message":"no storage"}"""))["next"]);
        }
        // Too early, or with another number: nothing is sent, and the network may still say yes.
        Assert.Equal((10003, "mobile/instant"), ErrorOf(await page.Post("mobile/otp/start")));
        Assert.Equal(10002, (int)(await page.Post("mobile/otp/start", """{"mobileNumber":"+447400123456"}"""))["data"]!["code"]!);

        var ended = await page.Post(step, body);
        var after = await page.Post("mobile/otp/start");

        Assert.Equal("done", (string?)ended["next"]);
        Assert.Equal((10001, "done"), ErrorOf(after));
        Assert.Equal(NoMethodLeft, (await StatusAsync(product, flow)).Json!["evaluation"]!.ToJsonString());
        Assert.Empty(_server.Gateway.Submissions);
    }

    [Theory]
    [InlineData("device/passive/error")]
    [InlineData("mobile/instant/start")]
    [InlineData("mobile/otp/start")]
    public async Task A_browser_without_the_key_of_a_fixed_line_gets_no_text(string step)
    {
        using var key = new DeviceKey();
        var first = await _server.BeginUnifyAsync("none", London, credentials: _shop);
        await key.RegisterAsync(_server.Browser(first.AuthToken!));
        await _server.UnifyBindAsync(first.Id, London, _shop);

        var flow = await _server.BeginUnifyAsync("mobile", London, credentials: _shop);
        var page = _server.Browser(flow.AuthToken!);
        await page.Post(step);
        await page.Post("mobile/instant/start");
        await page.Post("mobile/otp/start");

        var status = await _server.UnifyStatusAsync(flow.Id, _shop);
        Assert.Equal(("false", NoMethodLeft), (status.Text("success"), status.Json!["evaluation"]!.ToJsonString()));
        Assert.Empty(_server.Gateway.Submissions);
    }

    [Fact]
    public async Task A_person_whose_browser_keeps_a_key_may_prove_a_fixed_line_by_it()
    {
        using var key = new DeviceKey();
        var first = await _server.BeginUnifyAsync("none", London, credentials: _shop);
        await key.RegisterAsync(_server.Browser(first.AuthToken!));
        var bound = await _server.UnifyBindAsync(first.Id, London, _shop);

        var next = await _server.BeginUnifyAsync("mobile", "+4402079460958", credentials: _shop);
        await key.ProveAsync(_server.Browser(next.AuthToken!));
        var status = await _server.UnifyStatusAsync(next.Id, _shop);

        Assert.Equal(("true", "true"), (bound.Text("success"), status.Text("success")));
        Assert.Equal((bound.Text("proveId"), key.DeviceId), (status.Text("proveId"), status.Text("deviceId")));
        Assert.Empty(_server.Gateway.Submissions);
        // A desktop has no key, the same line is somebody else's to another project, and a revoked key proves nothing.
        var bank = await _server.AddProjectAsync("bank");
        Assert.Equal(Fixed, (await _server.UnifyAsync(UnifyCalls.UnifyBody("desktop", London), _shop)).Fault);
        Assert.Equal(Fixed, (await _server.UnifyAsync(UnifyCalls.UnifyBody("mobile", London), bank)).Fault);
        Assert.Equal(Fixed, (await _server.VerifyAsync(TestServer.VerifyBody("mobile", London), _shop)).Fault);
        await _server.RevokeDeviceAsync(key.DeviceId, _shop);
        Assert.Equal(Fixed, (await _server.UnifyAsync(UnifyCalls.UnifyBody("mobile", London), _shop)).Fault);
    }

    private static (int Code, string? Next) ErrorOf(JsonNode answer) => ((int)answer["error"]!["code"]!, (string?)answer["next"]);

    private Task<Begun> BeginAsync(string product, string number) => product switch
    {
        "verify" => _server.BeginAsync("mobile", number, credentials: _shop),
        "start" => _server.BeginPreFillAsync(number, credentials: _shop),
        _ => _server.BeginUnifyAsync("mobile", number, credentials: _shop),
    };

    private Task<Reply> StatusAsync(string product, Begun flow) => product switch
    {
        "verify" => _server.StatusAsync(flow.Id, _shop),
        "start" => _server.ValidateAsync(flow.Id, _shop),
        _ => _server.UnifyStatusAsync(flow.Id, _shop),
    };

    private async Task StartWithOperatorAsync(params (string Name, string Value)[] more)
    {
        await _server.DisposeAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var settings = new Dictionary<string, string?>
        {
            ["Countersign:Operators:sim:Issuer"] = "https://operator.example",
            ["Countersign:Operators:sim:ClientId"] = "countersign",
            ["Countersign:Operators:sim:Purpose"] = "FraudPreventionAndDetection",
            ["Countersign:Operators:sim:PrivateKey"] = key.ExportPkcs8PrivateKeyPem(),
        };
        foreach (var (name, value) in more)
        {
            settings[$"Countersign:Operators:sim:{name}"] = value;
        }
        await StartAsync(settings);
    }

    private async Task StartAsync(Dictionary<string, string?> more)
    {
        foreach (var (name, value) in TestServer.Live)
        {
            more[name] = value;
        }
        more["Countersign:Countries"] = "US,GB,AR,MX,DE,IT,BS";
        _server = await TestServer.StartAsync(settings: more);
        _shop = await _server.AddProjectAsync("shop", TestServer.Permissive);
    }
}
