using Countersign.Core;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Endpoints.Sandbox;

/// <summary>A sandbox with a simulated operator beside it, as <c>./run --with-operator</c> starts both.</summary>
public sealed class SandboxOperatorTests : IAsyncLifetime
{
    private const string OfTheOperator = "2002555001";
    private const string OfNoOperator = "2001009001";

    private SimulatedNetwork _network = null!;
    private TestServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _network = await SimulatedNetwork.StartAsync();
        _server = await TestServer.StartAsync(settings: new Dictionary<string, string?>
        {
            ["Countersign:Operators:sim:Issuer"] = _network.Origin,
            ["Countersign:Operators:sim:ClientId"] = SimulatedNetwork.ClientId,
            ["Countersign:Operators:sim:Purpose"] = "FraudPreventionAndDetection",
            ["Countersign:Operators:sim:Cors"] = "true",
            ["Countersign:Operators:sim:Prefixes:0"] = "+12002",
        });
        await _network.RegisterAsync(_server.Origin + "/operators/sim/callback", new Uri(_server.Origin + "/operators/sim/jwks.json"));
        await _network.AttachAsync(SimulatedNetwork.RightSim, "+1" + OfTheOperator);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _network.DisposeAsync();
    }

    [Fact]
    public async Task The_operator_answers_for_its_numbers_with_a_key_that_was_made_at_start()
    {
        Assert.Equal("true success success", await RunAsync());
    }

    [Fact]
    public async Task The_sandboxs_clock_does_not_make_old_what_the_operator_signs()
    {
        await _server.AdvanceAsync(TimeSpan.FromHours(3));

        Assert.Equal("true success success", await RunAsync());
    }

    [Fact]
    public async Task Test_users_answer_where_no_operator_is_responsible()
    {
        var flow = await _server.BeginAsync("mobile", OfNoOperator);
        var page = _server.Browser(flow.AuthToken!);

        var address = (string)(await page.Post("mobile/instant/start"))["data"]!["redirectUrl"]!;
        var answer = await page.Post("mobile/instant/finish", $$"""{"vfp":"{{address.Split("testVfp=")[1]}}"}""");

        Assert.Equal("""{"next":"done"}""", answer.ToJsonString());
    }

    [Fact]
    public async Task The_handset_page_may_reach_the_operator_and_knows_its_own_address()
    {
        var found = await Reply.ReadAsync(await _server.Client.GetAsync("/sandbox/operator", TestContext.Current.CancellationToken));
        var page = await Reply.ReadAsync(await _server.Client.GetAsync("/sandbox", TestContext.Current.CancellationToken));

        Assert.Equal((_network.Origin, "127.0.0.1"), (found.Text("origin"), found.Text("address")));
        Assert.Contains(_network.Origin, page.Header("Content-Security-Policy"), StringComparison.Ordinal);
    }

    private async Task<string> RunAsync()
    {
        var flow = await _server.BeginAsync("mobile", OfTheOperator);
        var page = _server.Browser(flow.AuthToken!);
        using var phone = new Handset(SimulatedNetwork.RightSim, _server);
        var returned = await phone.OpenAsync((string)(await page.Post("mobile/instant/start"))["data"]!["redirectUrl"]!);
        await page.Post("mobile/instant/finish", $$"""{"vfp":"{{returned.Text("vfp")}}"}""");
        return (await _server.StatusAsync(flow.Id)).Outcome;
    }
}
