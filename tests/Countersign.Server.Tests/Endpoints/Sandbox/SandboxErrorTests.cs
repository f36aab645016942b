using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Endpoints.Sandbox;

public sealed class SandboxErrorTests(OnSqlite fixture) : IClassFixture<OnSqlite>
{
    [Fact]
    public async Task The_sandbox_refuses_with_the_codes_that_its_project_has()
    {
        await using var server = await fixture.StartAsync(
            new Dictionary<string, string?> { ["Countersign:Sandbox:ErrorCodes"] = "Legacy" });
        using var malformed = TestServer.Json("{");
        using var empty = TestServer.Json("{}");
        using var noFlow = TestServer.Json("{}");
        var none = TestContext.Current.CancellationToken;

        Reply[] replies =
        [
            await Reply.ReadAsync(await server.Client.GetAsync("/sandbox/messages", none)),
            await Reply.ReadAsync(await server.Client.GetAsync("/sandbox/messages?to=x", none)),
            await Reply.ReadAsync(await server.Client.GetAsync("/sandbox/flows/x", none)),
            await Reply.ReadAsync(await server.Client.PostAsync("/sandbox/clock", malformed, none)),
            await Reply.ReadAsync(await server.Client.PostAsync("/sandbox/clock", empty, none)),
            await Reply.ReadAsync(await server.Client.PostAsync("/sandbox/flows", noFlow, none)),
        ];

        Assert.All(replies, reply => Assert.Equal((400, 1001), (reply.Status, reply.Code)));
    }
}
