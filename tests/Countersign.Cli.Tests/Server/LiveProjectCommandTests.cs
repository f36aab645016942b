using Countersign.Cli.Tests.Fixtures;

namespace Countersign.Cli.Tests.Server;

/// <summary>A new project in Live says how its links are confirmed.</summary>
public sealed class LiveProjectCommandTests : IAsyncLifetime
{
    private readonly RunningServer _server = new()
    {
        Settings =
        [
            $"--Countersign:Admin:Keys:test={RunningServer.AdminKey}", "--Countersign:Mode=Live", "--Countersign:Countries=US",
            "--Countersign:PublicUrl=http://127.0.0.1:8080", $"--Countersign:EncryptionKey={Convert.ToBase64String(new byte[32])}",
            "--Countersign:Gateways:outbox:Type=outbox",
        ],
    };

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_script_that_does_not_say_it_is_told_both_words()
    {
        var silent = await _server.RunAsync("project", "create", "silent", "--json");
        var tap = await _server.RunAsync("project", "create", "tapping", "--link-confirmation", "tap");
        var match = await _server.RunAsync("project", "create", "matching", "--link-confirmation", "match", "--json");

        Assert.Equal((1, 0, 0), (silent.Code, tap.Code, match.Code));
        Assert.Contains("--link-confirmation tap or --link-confirmation match", silent.Error, StringComparison.Ordinal);
        Assert.Equal("match", (string?)match.Json["linkConfirmation"]);
    }
}
