using Countersign.Cli.Tests.Fixtures;

namespace Countersign.Cli.Tests.Server;

public sealed class EmptyListTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Theory]
    [InlineData("abuse list", "No rule has found anything, and nothing is allowed or denied.")]
    [InlineData("suppression list", "There are no entries: nobody has written STOP.")]
    [InlineData("devices list --number +12025550142", "There are no devices.")]
    [InlineData("records sources", "Nobody has given records: countersign records import <file>.")]
    [InlineData("client list --project empty", "The project has no API client: countersign client create --project <id>.")]
    [InlineData("webhook list --project empty", "The project has no webhook: countersign webhook create --project <id> --url <address>.")]
    [InlineData("budget show --number +12025550142",
        "Nothing is limited: no limit of a number is set (Countersign:TextLimits, Countersign:Budget).")]
    public async Task Where_there_is_nothing_it_is_said_instead_of_headings(string command, string sentence)
    {
        await server.RunAsync("project", "create", "empty");

        var run = await server.RunAsync(command.Split(' '));

        Assert.Equal((0, sentence), (run.Code, run.Output.TrimEnd('\n')));
    }
}
