using Countersign.Cli.Tests.Fixtures;

namespace Countersign.Cli.Tests.Server;

public sealed class WebhookCommandTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_webhook_is_made_shown_changed_tried_and_removed()
    {
        await server.RunAsync("project", "create", "hooked");
        // Nobody listens there.
        var made = await RunAsync("create", "--url", "http://localhost:1/hook", "--type", "flow.finished", "device.revoked", "--json");
        var id = (string)made.Json["webhookId"]!;

        var listed = await RunAsync("list");
        var changed = await RunAsync("set", id, "--type", "all", "--url", "http://localhost:1/other");
        var shown = await RunAsync("show", id);
        var rotated = await RunAsync("rotate", id, "--expire-old-after", "1h");
        var tried = await RunAsync("test", id);
        var replayed = await RunAsync("replay", id, "--dead");
        var which = await RunAsync("replay", id);
        var nothing = await RunAsync("set", id);
        var gone = await RunAsync("delete", id);
        var again = await RunAsync("delete", id);

        Assert.StartsWith("whsec_", (string)made.Json["secret"]!, StringComparison.Ordinal);
        Assert.All((string[])[id, "http://localhost:1/hook", "flow.finished, device.revoked"], word =>
            Assert.Contains(word, listed.Output.Replace("\n", "", StringComparison.Ordinal), StringComparison.Ordinal));
        Assert.Equal((0, $"The webhook {id} is changed.\n"), (changed.Code, changed.Output));
        Assert.Contains("/other", shown.Output, StringComparison.Ordinal);
        Assert.Contains("No event was given up.", shown.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("whsec_", listed.Output + shown.Output, StringComparison.Ordinal);
        Assert.Contains("whsec_", rotated.Output, StringComparison.Ordinal);
        Assert.Equal(1, tried.Code);
        Assert.Contains("Not taken: unreachable.", tried.Error, StringComparison.Ordinal);
        Assert.Equal("0 to be sent again.\n", replayed.Output);
        Assert.Equal((1, 1), (which.Code, nothing.Code));
        Assert.Equal((0, 1), (gone.Code, again.Code));
    }

    [Fact]
    public async Task A_webhook_that_cannot_be_is_refused_with_the_reason()
    {
        await server.RunAsync("project", "create", "hooked");

        var plain = await RunAsync("create", "--url", "http://shop.example/hook");
        var type = await RunAsync("create", "--url", "https://shop.example/hook", "--type", "flow.ended");

        Assert.Equal((1, 1), (plain.Code, type.Code));
        Assert.Contains("must begin with https://", plain.Error, StringComparison.Ordinal);
        Assert.Contains("types[0]", type.Error, StringComparison.Ordinal);
    }

    private async Task<Run> RunAsync(string verb, params string[] arguments) =>
        await server.RunAsync(["webhook", verb, .. arguments, "--project", "hooked"]);
}
