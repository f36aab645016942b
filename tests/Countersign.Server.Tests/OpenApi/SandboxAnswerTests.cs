using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.OpenApi;

/// <summary>The server held to openapi/sandbox.json.</summary>
public sealed class SandboxAnswerTests(OnSqlite fixture) : IClassFixture<OnSqlite>
{
    private const string NotOnAMobileNetwork = "2001009002";

    private readonly TestServer _server = fixture.Server;

    [Fact]
    public async Task Every_example_is_answered_as_described()
    {
        var contract = await Contract.ReadAsync(_server, "sandbox");
        var examples = contract.Operations.Where(operation => operation.Example is not null).ToDictionary(operation => operation.Path,
            operation => operation.Example!.ToJsonString());

        var begun = contract.MustHold("/sandbox/flows", await PostAsync("/sandbox/flows", examples["/sandbox/flows"]));
        var clock = contract.MustHold("/sandbox/clock", await PostAsync("/sandbox/clock", examples["/sandbox/clock"]));
        var shown = contract.MustHold("/sandbox/flows/{correlationId}", await GetAsync("/sandbox/flows/" + begun.Text("correlationId")),
            "get");

        contract.MustHold("/sandbox/users", await GetAsync("/sandbox/users"), "get");
        Assert.Equal((200, 204, 200), (begun.Status, clock.Status, shown.Status));
    }

    [Fact]
    public async Task Texts_are_as_described()
    {
        var contract = await Contract.ReadAsync(_server, "sandbox");
        await _server.Browser((await _server.BeginAsync("mobile", NotOnAMobileNetwork)).AuthToken!).Post("mobile/instant/start");
        var mobile = await _server.BeginAsync("mobile", NotOnAMobileNetwork);
        await _server.Browser(mobile.AuthToken!).Post("mobile/instant/error");
        await _server.Browser(mobile.AuthToken!).Post("mobile/otp/start");
        var desktop = await _server.BeginAsync("desktop", NotOnAMobileNetwork);
        await _server.Browser(desktop.AuthToken!).Post("mobile/instantlink/start");

        var texts = contract.MustHold("/sandbox/messages", await GetAsync($"/sandbox/messages?to={NotOnAMobileNetwork}"), "get");
        var running = contract.MustHold("/sandbox/flows/{correlationId}", await GetAsync($"/sandbox/flows/{desktop.Id}"), "get");

        Assert.Equal(["otp", "link"], texts.Json!.AsArray().Select(text => (string)text!["kind"]!));
        Assert.NotNull(running.Json!["deadline"]);
    }

    [Theory]
    [InlineData("/sandbox/clock", "{}", 400, 8001)]
    [InlineData("/sandbox/clock", """{"advanceSeconds":-1}""", 400, 8001)]
    [InlineData("/sandbox/clock", """{"advanceSeconds":86401}""", 400, 8001)]
    [InlineData("/sandbox/clock", """{"advanceSeconds":"1"}""", 400, 8001)]
    [InlineData("/sandbox/flows", "{}", 400, 8001)]
    [InlineData("/sandbox/flows", """{"flowType":"mobile","phoneNumber":"2001000000","firstName":"A","lastName":"B"}""", 400, 8007)]
    [InlineData("/sandbox/flows", """{"flowType":"mobile","phoneNumber":"2001001695","firstName":"A","lastName":"B"}""", 403, 8009)]
    public async Task Every_refusal_of_a_body_is_as_described(string path, string body, int status, int code)
    {
        var contract = await Contract.ReadAsync(_server, "sandbox");

        var reply = contract.MustHold(path, await PostAsync(path, body));

        Assert.Equal((status, code), (reply.Status, reply.Code));
    }

    [Theory]
    [InlineData("/sandbox/messages", "/sandbox/messages", 8001)]
    [InlineData("/sandbox/messages", "/sandbox/messages?to=nobody", 8001)]
    [InlineData("/sandbox/flows/{correlationId}", "/sandbox/flows/019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a", 8008)]
    [InlineData("/sandbox/flows/{correlationId}", "/sandbox/flows/x", 8001)]
    public async Task Every_refusal_of_an_address_is_as_described(string path, string address, int code)
    {
        var contract = await Contract.ReadAsync(_server, "sandbox");

        var reply = contract.MustHold(path, await GetAsync(address), "get");

        Assert.Equal((400, code), (reply.Status, reply.Code));
    }

    private async Task<Reply> GetAsync(string address) => await Reply.ReadAsync(await _server.Client.GetAsync(address));

    private async Task<Reply> PostAsync(string path, string body) => await Reply.ReadAsync(await _server.Client.PostAsync(path,
        TestServer.Json(body)));
}
