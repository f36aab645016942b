using Countersign.Cli.Tests.Fixtures;
using Countersign.Core;
using Countersign.Core.Texts;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Cli.Tests.Server;

public sealed class SuppressionCommandTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task Who_wrote_STOP_is_listed_masked_and_let_go()
    {
        var list = server.Services.GetRequiredService<ISuppressionList>();
        var now = server.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        await list.SuppressAsync(PhoneNumber.Parse("+12025550142"), "12345", now, TestContext.Current.CancellationToken);
        await list.SuppressAsync(PhoneNumber.Parse("+12025550142"), "MyBrand", now, TestContext.Current.CancellationToken);

        var listed = await server.RunAsync("suppression", "list");
        var one = await server.RunAsync("suppression", "list", "--number", "+12025550142", "--limit", "1");
        var lifted = await server.RunAsync("suppression", "lift", "--number", "+12025550142", "--sender", "12345");
        var all = await server.RunAsync("suppression", "lift", "--number", "+12025550142", "--json");
        var refused = await server.RunAsync("suppression", "lift", "--number", "Lori");

        Assert.Contains("+1********42", listed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("2025550142", listed.Output + one.Output + lifted.Output + all.Output, StringComparison.Ordinal);
        Assert.Contains("There are more", one.Output, StringComparison.Ordinal);
        Assert.StartsWith("1 lifted, 1 left.\n", lifted.Output, StringComparison.Ordinal);
        Assert.Equal(("MYBRAND", 0), ((string?)all.Json["lifted"]![0]!["sender"], all.Json["remaining"]!.AsArray().Count));
        Assert.Equal(1, refused.Code);
    }
}
