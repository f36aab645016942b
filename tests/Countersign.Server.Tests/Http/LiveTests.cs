using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Http;

/// <summary>What is true of a server in Live, whatever stands behind its ports.</summary>
public sealed class LiveTests(OnSqlite fixture) : IClassFixture<OnSqlite>
{
    [Theory]
    [InlineData("GET", "/sandbox")]
    [InlineData("GET", "/sandbox/messages?to=2001004011")]
    [InlineData("POST", "/sandbox/clock")]
    [InlineData("GET", "/")]
    public async Task No_sandbox_endpoint_exists(string method, string path)
    {
        await using var server = await fixture.StartAsync(TestServer.Live);

        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        var reply = await server.SendAsync(request);

        Assert.Equal(404, reply.Status);
    }

    [Fact]
    public async Task A_mobile_flow_begins_with_Mobile_Auth_and_goes_on_to_a_code_when_no_operator_is_configured()
    {
        await using var server = await fixture.StartAsync(TestServer.Live);
        var project = await server.AddProjectAsync("shop");
        var begun = await server.BeginAsync("mobile", "+12025550142", credentials: project);

        var reply = await server.Browser(begun.AuthToken!).Post("mobile/instant/start");

        Assert.Equal("mobile/otp", (string?)reply["next"]);
    }
}
