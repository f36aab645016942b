using System.Net;
using System.Text;
using Countersign.Cli.Tests.Fixtures;

namespace Countersign.Cli.Tests.Server;

/// <summary>What a command says where something else than a server of its version answers.</summary>
public sealed class StrangerTests
{
    private static readonly Dictionary<string, string> _variables = new()
    {
        ["COUNTERSIGN_SERVER"] = "http://127.0.0.1:8081", ["COUNTERSIGN_ADMIN_KEY"] = "k",
    };

    [Theory]
    [InlineData("server", "<h1>It works!</h1>", "is not a Countersign server")]
    [InlineData("server", "[]", "is not a Countersign server")]
    [InlineData("server", """{"version":"\ud800"}""", "is not a Countersign server")]
    [InlineData("server", """{"version":"1","version":"2"}""", "is not a Countersign server")]
    [InlineData("server", """{"version":1}""", "not what this version of the command reads")]
    [InlineData("keys list", """{"keys":{}}""", "not what this version of the command reads")]
    [InlineData("webhook list --project shop", """{"webhooks":[{"id":1}]}""", "not what this version of the command reads")]
    public async Task A_stranger_is_told_from_a_server(string command, string body, string says)
    {
        var run = await AnsweredAsync(body, "application/json", command.Split(' '));

        Assert.Contains(says, run.Error, StringComparison.Ordinal);
        Assert.Equal((1, ""), (run.Code, run.Output));
    }

    [Theory]
    [InlineData("application/json; charset=nonsense")]
    [InlineData("application/json; charset=\"\"")]
    [InlineData("text/html; charset=utf-16")]
    public async Task An_answer_is_read_whatever_character_set_it_names(string type)
    {
        var run = await AnsweredAsync(
            """{"code":8003,"message":"No such thing"}""", type, ["project", "show", "shop"], HttpStatusCode.BadRequest);

        Assert.Equal("Refused: No such thing.", run.Error.TrimEnd());
    }

    [Theory]
    [InlineData("7")]
    [InlineData("[]")]
    [InlineData("\"https://id.example.com \"")]
    [InlineData("\"https://id.example.com/\"")]
    [InlineData("\"not an address\"")]
    [InlineData("\"file:///etc/passwd\"")]
    public async Task The_doctor_goes_on_whatever_public_address_it_is_told(string address)
    {
        var run = await AnsweredAsync(
            $$"""{"version":"0.1.0","mode":"live","key":"k","publicUrl":{{address}},"findings":[],"status":"healthy"}""",
            "application/json", ["doctor"]);

        Assert.Contains("server.reached", run.Output, StringComparison.Ordinal);
        Assert.Equal("", run.Error);
    }

    private static Task<Run> AnsweredAsync(string body, string type, string[] command, HttpStatusCode status = HttpStatusCode.OK) =>
        CommandLine.RunAsync(() => new Stranger(body, type, status), _variables, command);

    private sealed class Stranger(string body, string type, HttpStatusCode status) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            content.Headers.TryAddWithoutValidation("Content-Type", type);
            return Task.FromResult(new HttpResponseMessage(status) { Content = content });
        }
    }
}
