using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.OpenApi;

/// <summary>The server held to openapi/relying-party.json.</summary>
public sealed class RelyingPartyAnswerTests(OnSqlite fixture) : IClassFixture<OnSqlite>
{
    [Theory]
    [InlineData("/revoke")]
    [InlineData("/introspect")]
    public async Task Every_answer_is_as_described(string path)
    {
        var placeholders = new Credentials("client-id", "client-secret");
        await using var server = await fixture.StartAsync(new Dictionary<string, string?>
        {
            ["Countersign:Sandbox:ClientId"] = placeholders.Id,
            ["Countersign:Sandbox:ClientSecret"] = placeholders.Secret,
            ["Countersign:RequestsPerSecond"] = "4",
        });
        var contract = await Contract.ReadAsync(server, "relying-party");
        var example = contract.Operations.Single(operation => operation.Path == path).Example!;
        var good = example.DeepClone();
        good["token"] = await server.GetTokenAsync(placeholders);
        var foreign = example.DeepClone();
        foreign["client_secret"] = "wrong";

        var replies = new List<Reply>();
        foreach (var body in (string[])[example.ToJsonString(), good.ToJsonString(), foreign.ToJsonString(), "{}"])
        {
            replies.Add(await PostAsync(server, path, body));
        }
        while (replies[^1].Status != 429)
        {
            replies.Add(await PostAsync(server, path, "{}"));
        }

        Assert.All(replies, reply => contract.MustHold(path, reply));
        Assert.Contains(replies, reply => reply.Status == 200);
    }

    [Fact]
    public async Task Every_answer_about_flows_is_as_described()
    {
        var contract = await Contract.ReadAsync(fixture.Server, "relying-party");
        var server = fixture.Server;
        var ended = await server.BeginAsync("none", "2001009002", new() { ["clientRequestId"] = "r", ["clientCustomerId"] = "c" });
        var running = await server.BeginAsync("mobile", "2001009002");
        const string one = "/flows/{correlationId}";
        const string cancel = "/flows/{correlationId}/cancel";

        contract.MustHold("/flows", await server.CallAsync(HttpMethod.Get, "/flows?limit=1"), "get");
        contract.MustHold("/flows", await server.CallAsync(HttpMethod.Get, "/flows?limit=x"), "get");
        contract.MustHold("/flows", await server.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/flows")), "get");
        contract.MustHold("/flows/search", await server.PostAsync("/flows/search", """{"clientRequestId":"r"}"""));
        contract.MustHold("/flows/search", await server.PostAsync("/flows/search", "{}"));
        contract.MustHold("/flows/search", await server.PostAsync("/flows/search", "no json"));
        contract.MustHold(one, await server.CallAsync(HttpMethod.Get, $"/flows/{ended.Id}"), "get");
        contract.MustHold(one, await server.CallAsync(HttpMethod.Get, $"/flows/{running.Id}"), "get");
        contract.MustHold("/statistics", await server.CallAsync(HttpMethod.Get, "/statistics?by=country"), "get");
        contract.MustHold("/statistics", await server.CallAsync(HttpMethod.Get, "/statistics"), "get");
        contract.MustHold(one, await server.CallAsync(HttpMethod.Get, "/flows/x"), "get");
        contract.MustHold(one, await server.CallAsync(HttpMethod.Get, $"/flows/{Guid.NewGuid()}"), "get");
        contract.MustHold(cancel, await server.CallAsync(HttpMethod.Post, $"/flows/{running.Id}/cancel"));
        contract.MustHold(cancel, await server.CallAsync(HttpMethod.Post, $"/flows/{ended.Id}/cancel"));
        contract.MustHold(cancel, await server.CallAsync(HttpMethod.Post, $"/flows/{Guid.NewGuid()}/cancel"));
    }

    [Fact]
    public async Task Every_answer_about_receipts_is_as_described()
    {
        var contract = await Contract.ReadAsync(fixture.Server, "relying-party");
        var server = fixture.Server;
        var ended = await server.BeginAsync("none", "2001009002");
        var running = await server.BeginAsync("mobile", "2001009002");

        foreach (var id in (string[])[ended.Id, running.Id, "x", $"{Guid.NewGuid()}"])
        {
            contract.MustHold(
                "/flows/{correlationId}/receipt", await server.CallAsync(HttpMethod.Get, $"/flows/{id}/receipt"), "get");
        }
    }

    private static async Task<Reply> PostAsync(TestServer server, string path, string body) =>
        await Reply.ReadAsync(await server.Client.PostAsync(path, TestServer.Json(body), TestContext.Current.CancellationToken));
}
