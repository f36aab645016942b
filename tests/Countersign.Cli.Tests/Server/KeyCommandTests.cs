using System.Text.Json.Nodes;
using Countersign.Cli.Tests.Fixtures;

namespace Countersign.Cli.Tests.Server;

public sealed class KeyCommandTests : IAsyncLifetime
{
    private const string WrongTime =
        "--in must be a whole number with a unit, from 15s to 30d: 90s, 30m, 24h or 7d, for instance.";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("countersign-cli-keys-");
    private readonly RunningServer _server;

    public KeyCommandTests() => _server = new RunningServer
    {
        Settings =
        [
            $"--Countersign:Admin:Keys:test={RunningServer.AdminKey}",
            $"--Countersign:Keys:File={Path.Combine(_folder.FullName, "keys.json")}",
        ],
    };

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_key_is_made_listed_and_taken_back()
    {
        var before = await _server.RunAsync("keys", "list");
        var made = await _server.RunAsync("keys", "rotate", "--in", "15m", "--json");
        var id = (string)made.Json["id"]!;
        var again = await _server.RunAsync("keys", "rotate");
        var listed = await _server.RunAsync("keys", "list");
        var (first, second) = await RowsAsync();
        var file = await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "keys.json"), TestContext.Current.CancellationToken);
        var retired = await _server.RunAsync("keys", "retire", id);

        Assert.Equal((0, 0, 0, 0), (before.Code, made.Code, listed.Code, retired.Code));
        Assert.Contains("(the first)", before.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(id, before.Output, StringComparison.Ordinal);
        Assert.Contains(id, listed.Output, StringComparison.Ordinal);
        Assert.Equal(1, again.Code);
        Assert.StartsWith(
            $"Refused: the encryption key {id} has not begun yet: the next can be made from ", again.Error, StringComparison.Ordinal);
        // An hour after the next begins, and the last not at all.
        Assert.Contains(((string)first["retirableFrom"]!)[..19], listed.Output, StringComparison.Ordinal);
        Assert.Equal((DateTimeOffset)second["sealsFrom"]! + TimeSpan.FromHours(1), (DateTimeOffset)first["retirableFrom"]!);
        Assert.Null(second["retirableFrom"]);
        Assert.Contains(id, file, StringComparison.Ordinal);
        Assert.Equal($"The encryption key {id} is gone; copy the key file to every other server.", retired.Output.Trim());
    }

    [Theory]
    [InlineData(WrongTime, "rotate", "--in", "soon")]
    [InlineData(WrongTime, "rotate", "--in", "5")]
    [InlineData(WrongTime, "rotate", "--in", "0")]
    [InlineData(WrongTime, "rotate", "--in", "0s")]
    [InlineData(WrongTime, "rotate", "--in", "14s")]
    [InlineData(WrongTime, "rotate", "--in", "31d")]
    [InlineData(WrongTime, "rotate", "--in", "99999999999999999999h")]
    [InlineData("Refused: this encryption key seals what is stored: make another first.", "retire", "the one that seals")]
    [InlineData("Refused: there is no such encryption key.", "retire", "00000000")]
    public async Task What_cannot_be_is_refused(string problem, params string[] arguments)
    {
        var sealing = (string)(await _server.RunAsync("keys", "list", "--json")).Json["keys"]![0]!["id"]!;

        var run = await _server.RunAsync(["keys", .. arguments.Select(one => one == "the one that seals" ? sealing : one)]);

        Assert.Equal((1, problem), (run.Code, run.Error.Trim()));
    }

    private async Task<(JsonNode First, JsonNode Second)> RowsAsync()
    {
        var keys = (await _server.RunAsync("keys", "list", "--json")).Json["keys"]!.AsArray();
        return (keys[0]!, keys[1]!);
    }
}
