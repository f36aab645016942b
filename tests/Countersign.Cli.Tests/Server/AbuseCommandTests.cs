using Countersign.Cli.Tests.Fixtures;
using Countersign.Core;
using Countersign.Core.Limits;
using Countersign.Core.Pumping;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Cli.Tests.Server;

public sealed class AbuseCommandTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task What_looks_like_pumping_is_listed_allowed_and_denied()
    {
        var nothing = await server.RunAsync("abuse", "list");
        var now = server.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var key = server.Services.GetRequiredService<PumpingKeys>().Abuse(AbuseTarget.Prefix, "+3712123");
        await server.Services.GetRequiredService<IAbuseStore>().TryAddAsync(
            new AbuseEntry(
                key, AbuseVerdict.Held, "+3712123****", new PumpingFinding(PumpingRule.Sequence, 5, 4, TimeSpan.FromMinutes(10)),
                LimitMode.Shadow, By: null, now.AddHours(-2), now.AddHours(-1)),
            TestContext.Current.CancellationToken);
        await server.Services.GetRequiredService<IAbuseStore>().TryAddAsync(
            new AbuseEntry(
                key, AbuseVerdict.Held, "+3712123****", new PumpingFinding(PumpingRule.Growth, 51, 50, TimeSpan.FromDays(1)),
                LimitMode.Enforce, By: null, now.AddHours(-2), now.AddHours(-1)),
            TestContext.Current.CancellationToken);

        var allowed = await server.RunAsync("abuse", "allow", "--country", "GB", "--for", "48");
        var number = await server.RunAsync("abuse", "deny", "--number", "+12025550142");
        var address = await server.RunAsync("abuse", "deny", "--address", "2001:db8:1:2::7", "--json");
        var prefix = await server.RunAsync("abuse", "deny", "--prefix", "+88213");
        var whole = await server.RunAsync("abuse", "deny", "--prefix", "+12025550142");
        var listed = await server.RunAsync("abuse", "list");
        var one = await server.RunAsync("abuse", "list", "--limit", "1");
        var refused = await server.RunAsync("abuse", "deny", "--country", "GB", "--prefix", "+447400");

        Assert.Matches(@"allowed +country +GB +by ", allowed.Output);
        Assert.Contains("+1********42", number.Output, StringComparison.Ordinal);
        Assert.Equal("2001:0db8:0001:*", (string?)address.Json["label"]);
        Assert.Equal("No rule has found anything, and nothing is allowed or denied.\n", nothing.Output);
        Assert.Matches(@"found, not held, over +prefix +\+3712123\*{4} +pumping\.sequence \(5 of 4 in 10 min\), shadow", listed.Output);
        Assert.Matches(@" held, over +prefix +\+3712123\*{4} +pumping\.growth \(51 of 50 in 1440 min\), enforce", listed.Output);
        // In the sandbox nothing is refused but what is set.
        Assert.Matches(@"denied, not refused +number ", number.Output);
        Assert.DoesNotContain("2025550142", listed.Output + number.Output, StringComparison.Ordinal);
        Assert.Contains("There are more", one.Output, StringComparison.Ordinal);
        Assert.Matches(@"denied, not refused +prefix +\+88213\* ", prefix.Output);
        Assert.Contains("field 'prefix' is invalid: must have at most 7 digits", whole.Error, StringComparison.Ordinal);
        Assert.Equal((1, 1), (refused.Code, whole.Code));
    }
}
