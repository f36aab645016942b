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

    private static async Task<Reply> PostAsync(TestServer server, string path, string body) =>
        await Reply.ReadAsync(await server.Client.PostAsync(path, TestServer.Json(body), TestContext.Current.CancellationToken));
}
