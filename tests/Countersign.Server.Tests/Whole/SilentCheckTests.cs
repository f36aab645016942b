using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Projects;
using Countersign.Server.Tests.Fixtures;
using Countersign.Server.Timeline;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Server.Tests.Whole;

/// <summary>
/// A check at the mobile network that nobody sees (<c>fetch</c>): a page of an attacker's can have a victim's browser make it, so all of it
/// comes from one address, and it ties no device.
/// </summary>
public abstract class SilentCheckTests(ServerFixture fixture) : IAsyncLifetime
{
    private const string Number = SimulatedNetwork.Number;
    private const string Done = """{"next":"done"}""";
    private const string OtherAddress = "mobile-auth not available (not all of it came from one address), otp follows";
    private const string Shop = "https://shop.example";

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero));
    private SimulatedNetwork _network = null!;
    private TestServer? _server;
    private Credentials _project = null!;
    private Begun _flow = null!;
    private IReadOnlyList<string> _timeline = [];

    private TestServer Server => _server!;

    public async ValueTask InitializeAsync() => _network = await SimulatedNetwork.StartAsync(_clock);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
        await _network.DisposeAsync();
    }

    [Theory]
    [InlineData("198.51.100.7", "198.51.100.61", "198.51.100.254")]
    [InlineData("2001:db8:7:1::a", "2001:db8:7:1:9999::b", "2001:db8:7:1::c")]
    [InlineData("::ffff:198.51.100.7", "198.51.100.8", "198.51.100.9")]
    public async Task What_comes_from_one_network_proves(string start, string callback, string finish)
    {
        await StartAsync();

        Assert.Equal((Done, "true"), await CheckAsync(start, callback, finish));
    }

    [Theory]
    [InlineData("203.0.113.5", "198.51.100.7", "203.0.113.5")]
    [InlineData("198.51.100.7", "198.51.100.7", "203.0.113.5")]
    [InlineData("198.51.99.255", "198.51.100.0", "198.51.99.255")]
    [InlineData("198.51.100.7", "2001:db8::7", "198.51.100.7")]
    [InlineData("2001:db8:7:1::a", "2001:db8:7:2::a", "2001:db8:7:1::a")]
    [InlineData("2001:db8:7:1::a", "2001:db8:7:1::a", "::ffff:198.51.100.7")]
    public async Task What_comes_from_elsewhere_proves_nothing_and_a_code_follows(string start, string callback, string finish)
    {
        await StartAsync();

        var (answer, success) = await CheckAsync(start, callback, finish);

        Assert.Equal("mobile/otp", (string?)JsonNode.Parse(answer)!["next"]);
        Assert.Equal(("pending", OtherAddress), (success, _timeline[^1]));
        // Nothing was redeemed: the operator has answered nobody.
        Assert.DoesNotContain(await _network.CallsAsync(), call => call.Contains("/token", StringComparison.Ordinal));
        var page = Server.Browser(_flow.AuthToken!);
        await page.Post("mobile/otp/start");
        await page.Enter(Server.Gateway.Submissions[^1].Text.Proof.Reveal());
        Assert.Equal("true", (await StatusAsync()).Text("success"));
    }

    [Theory]
    [InlineData("127.0.0.0/8", "10.0.0.7")]
    [InlineData("127.0.0.0/8", "::ffff:192.168.1.1")]
    [InlineData("127.0.0.0/8", "fd00::7")]
    [InlineData("127.0.0.0/8", "100.64.0.7")]
    // A header of somebody who is no trusted proxy is not believed: all of it comes from loopback, whatever it says.
    [InlineData(null, "198.51.100.7")]
    public async Task A_private_address_may_be_everybodys_so_the_operator_is_not_asked(string? proxies, string address)
    {
        await StartAsync(("Countersign:TrustedProxies", proxies));
        _flow = await Server.BeginUnifyAsync("mobile", Number, credentials: _project);
        var page = Server.Browser(_flow.AuthToken!);

        var begun = await page.SendAsync("mobile/instant/start", """{"implementation":"fetch"}""", headers: From(address));

        Assert.Equal("mobile/otp", begun.Text("next"));
        Assert.Equal("mobile-auth not available (the browser's address is not known), otp follows", (await TimelineAsync())[^1]);
        Assert.Contains(Server.Logs.All, line => line.Event.Id == 1583);
    }

    [Fact]
    public async Task A_private_address_in_an_operators_ranges_is_a_phones()
    {
        await StartAsync(("Countersign:Operators:sim:AddressRanges:0", "10.7.0.0/16"));

        Assert.Equal((Done, "true"), await CheckAsync("10.7.1.1", "10.7.1.2", "10.7.1.3"));
        Assert.Equal("pending", (await CheckAsync("10.7.1.1", "10.7.2.1", "10.7.1.1")).Success);
        Assert.Equal(OtherAddress, _timeline[^1]);
    }

    [Fact]
    public async Task A_page_that_goes_to_the_operator_itself_may_come_from_anywhere()
    {
        await StartAsync(("Countersign:TrustedProxies", null));

        Assert.Equal((Done, "true"), await CheckAsync("203.0.113.5", "198.51.100.7", "192.0.2.1", "redirect"));
    }

    [Fact]
    public async Task A_page_that_goes_to_the_operator_itself_may_change_its_address_and_ties_its_device()
    {
        await StartAsync();
        using var key = new DeviceKey();

        Assert.Equal((Done, "true"), await CheckAsync("203.0.113.5", "198.51.100.7", "2001:db8::1", "redirect", key));

        Assert.Equal(key.DeviceId, (await StatusAsync()).Text("deviceId"));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("false", false)]
    [InlineData("true", true)]
    public async Task A_silent_check_ties_a_device_only_where_that_is_set(string? setting, bool isTied)
    {
        await StartAsync(("Countersign:DeviceKeys:TieOnFetch", setting));
        using var key = new DeviceKey();

        var proven = await CheckAsync("198.51.100.7", "198.51.100.7", "198.51.100.7", key: key);

        var status = await StatusAsync();
        Assert.Equal((Done, "true"), proven);
        Assert.Equal(isTied ? key.DeviceId : null, status.TextOrNull("deviceId"));
        Assert.Equal(!isTied, _timeline.Contains("no device is tied: nobody saw that the network was asked"));
        var flow = await Server.BeginUnifyAsync("mobile", Number, credentials: _project);
        var next = await key.ProveAsync(Server.Browser(flow.AuthToken!));
        Assert.Equal(isTied ? "done" : "mobile/instant", (string?)next["next"]);
    }

    [Fact]
    public async Task A_key_that_was_tied_before_is_not_moved_to_another_person_by_a_silent_check()
    {
        await StartAsync();
        using var key = new DeviceKey();
        var flow = await Server.BeginUnifyAsync("mobile", "+12025550188", credentials: _project);
        var page = Server.Browser(flow.AuthToken!);
        await key.RegisterAsync(page);
        await page.Post("mobile/otp/start");
        await page.Enter(Server.Gateway.Submissions[^1].Text.Proof.Reveal());

        await CheckAsync(
            "198.51.100.7", "198.51.100.7", "198.51.100.7", key: key, isKnown: true, more: new JsonObject { ["rebind"] = true });

        Assert.Null((await StatusAsync()).TextOrNull("deviceId"));
        var again = await Server.BeginUnifyAsync("mobile", "+12025550188", credentials: _project);
        Assert.Equal("done", (string?)(await key.ProveAsync(Server.Browser(again.AuthToken!)))["next"]);
    }

    private async Task StartAsync(params (string Name, string? Value)[] settings)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await _network.RegisterAsync("https://id.example.com/operators/sim/callback", key.ExportSubjectPublicKeyInfoPem());
        var all = new Dictionary<string, string?>(TestServer.Live)
        {
            ["Countersign:Countries"] = "US",
            ["Countersign:TrustedProxies"] = "127.0.0.0/8",
            ["Countersign:Operators:sim:Issuer"] = _network.Origin,
            ["Countersign:Operators:sim:ClientId"] = SimulatedNetwork.ClientId,
            ["Countersign:Operators:sim:PrivateKey"] = key.ExportPkcs8PrivateKeyPem(),
            ["Countersign:Operators:sim:Purpose"] = "FraudPreventionAndDetection",
            ["Countersign:Operators:sim:Cors"] = "true",
        };
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }
        _server = await fixture.StartAsync(all, liveClock: _clock);
        _project = await _server.AddProjectAsync("shop", new ProjectSettings { WebOrigins = [Shop] });
    }

    /// <summary>One check, each of its three calls from an address of its own.</summary>
    /// <param name="isKnown">The browser shows its key instead of registering it.</param>
    private async Task<(string Answer, string Success)> CheckAsync(
        string start, string callback, string finish, string way = "fetch", DeviceKey? key = null, bool isKnown = false,
        JsonObject? more = null)
    {
        _flow = await Server.BeginUnifyAsync("mobile", Number, more, _project);
        var page = Server.Browser(_flow.AuthToken!);
        if (key is not null)
        {
            await (isKnown ? key.ProveAsync(page) : key.RegisterAsync(page));
        }
        var begun = await page.SendAsync(
            "mobile/instant/start", new JsonObject { ["implementation"] = way, ["returnUrl"] = Shop + "/back" }.ToJsonString(),
            headers: From(start));
        using var phone = new Handset(SimulatedNetwork.RightSim, Server);
        var returned = await phone.OpenAsync((string)begun.Json!["data"]!["redirectUrl"]!, header: ("X-Forwarded-For", callback));
        var vfp = way == "fetch" ? returned.Text("vfp") : returned.Header("Location")!.Split("countersign-vfp=")[1];
        var answer = await page.SendAsync(
            "mobile/instant/finish", new JsonObject { ["vfp"] = vfp }.ToJsonString(), headers: From(finish));
        _timeline = await TimelineAsync();
        return (answer.Json!.ToJsonString(), (await StatusAsync()).Text("success"));
    }

    private async Task<IReadOnlyList<string>> TimelineAsync() =>
    [
        .. (await Server.Services.GetRequiredService<FlowRunner>()
            .FindAsync(CorrelationId.Parse(_flow.Id), TestContext.Current.CancellationToken))!.Timeline.Select(FlowSentences.Of),
    ];

    private Task<Reply> StatusAsync() => Server.UnifyStatusAsync(_flow.Id, _project);

    private static Dictionary<string, string> From(string address) => new() { ["X-Forwarded-For"] = address };
}

public sealed class SilentChecksOnSqlite(OnSqlite fixture) : SilentCheckTests(fixture), IClassFixture<OnSqlite>;

[Trait("tier", "long")]
public sealed class SilentChecksOnPostgres(OnPostgres fixture) : SilentCheckTests(fixture), IClassFixture<OnPostgres>;
