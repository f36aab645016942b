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
        var now = server.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var key = server.Services.GetRequiredService<PumpingKeys>().Abuse(AbuseTarget.Prefix, "+3712123");
        await server.Services.GetRequiredService<IAbuseStore>().TryAddAsync(
            new AbuseEntry(
                key, AbuseVerdict.Held, "+3712123****", new PumpingFinding(PumpingRule.Sequence, 5, 4, TimeSpan.FromMinutes(10)),
                LimitMode.Shadow, By: null, now.AddHours(-2), now.AddHours(-1)),
            TestContext.Current.CancellationToken);

        var allowed = await server.RunAsync("abuse", "allow", "--country", "GB", "--for", "48");
        var number = await server.RunAsync("abuse", "deny", "--number", "+12025550142");
        var address = await server.RunAsync("abuse", "deny", "--address", "2001:db8:1:2::7", "--json");
        var listed = await server.RunAsync("abuse", "list");
        var one = await server.RunAsync("abuse", "list", "--limit", "1");
        var refused = await server.RunAsync("abuse", "deny", "--country", "GB", "--prefix", "+447400");

        Assert.Matches(@"allowed +country +GB +by ", allowed.Output);
        Assert.Contains("+1********42", number.Output, StringComparison.Ordinal);
        Assert.Equal("2001:0db8:0001:*", (string?)address.Json["label"]);
        Assert.Matches(@"held, over +prefix +\+3712123\*{4} +pumping\.sequence \(5 of 4 in 10 min\), shadow", listed.Output);
        Assert.DoesNotContain("2025550142", listed.Output + number.Output, StringComparison.Ordinal);
        Assert.Contains("There are more", one.Output, StringComparison.Ordinal);
        Assert.Equal(1, refused.Code);
    }
}
