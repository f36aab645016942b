using Countersign.Cli.Tests.Fixtures;
using Countersign.Core;
using Countersign.Core.History;
using Countersign.Core.Limits;
using Countersign.Core.Pumping;
using Countersign.Core.Texts;
using Countersign.Testing;
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
        Assert.EndsWith("Texts go out all the same: Countersign:Pumping:Denied is off.\n", number.Output, StringComparison.Ordinal);
        Assert.Matches(@" [0-9]{4}-[0-9-]{5}T[0-9:]{8}(\.[0-9]{3})?\+00:00 ", number.Output);
        Assert.DoesNotContain("2025550142", listed.Output + number.Output, StringComparison.Ordinal);
        Assert.Contains("There are more", one.Output, StringComparison.Ordinal);
        Assert.Matches(@"denied, not refused +prefix +\+88213\* ", prefix.Output);
        Assert.Contains("field 'prefix' is invalid: must have at most 7 digits", whole.Error, StringComparison.Ordinal);
        Assert.Equal((1, 1), (refused.Code, whole.Code));
    }

    [Theory]
    [InlineData("allow")]
    [InlineData("deny")]
    public async Task Without_a_target_it_is_said_what_may_be_one(string word) => Assert.Equal(
        $"Say what to {word}: --prefix, --country, --address or --number, one of the four.\n",
        (await server.RunAsync("abuse", word)).Error);

    [Fact]
    public async Task Rules_of_a_file_are_tried_on_what_was_sent()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("rules.json");
        await File.WriteAllTextAsync(
            file,
            """{ "Countersign": { "Pumping": { "PrefixConversion": "Enforce", "Sequence": "Shadow" }, "TextLimits": { "PerHour": 1 } } }""",
            TestContext.Current.CancellationToken);
        await KeepAsync();

        var tried = await server.RunAsync("abuse", "backtest", file);
        var again = await server.RunAsync("abuse", "backtest", file, "--json");

        Assert.Equal(0, tried.Code);
        Assert.Matches(@"texts\.project\.hour +2 +1 +1", tried.Output);
        Assert.Matches(@"(?m)^ *all +2 +1 +1", tried.Output);
        Assert.Contains("Of 3 texts to 1 people in 30 days.", tried.Output, StringComparison.Ordinal);
        Assert.Contains("outcomes do not tell what they look at: pumping.sequence.", tried.Output, StringComparison.Ordinal);
        Assert.Equal(again.Output, (await server.RunAsync("abuse", "backtest", file, "--json")).Output);
    }

    [Theory]
    [InlineData("[]", "must hold an object")]
    [InlineData("{", "is no JSON")]
    [InlineData("{}", "field 'rules'")]
    [InlineData("""{"Pumping":{"PrefixFlor":5}}""", "PrefixFlor")]
    [InlineData("""{"Pumping":{"PrefixFloor":500}}""", "Pumping:PrefixFloor must be 0 to 100")]
    [InlineData("""{"Pumping":{"Growth":"Maybe"}}""", "Pumping:Growth must be one of")]
    [InlineData("""{"Limits":{"PerHour":1}}""", "Limits")]
    public async Task Rules_that_are_none_are_refused_by_their_names(string rules, string problem)
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("rules.json");
        await File.WriteAllTextAsync(file, rules, TestContext.Current.CancellationToken);

        var refused = await server.RunAsync("abuse", "backtest", file);

        Assert.Equal(1, refused.Code);
        Assert.Contains(problem, refused.Error, StringComparison.Ordinal);
        Assert.Matches("[a-z0-9'})]([.]|[?])\n$", refused.Error);
    }

    /// <summary>Three texts of one flow, whose person proved.</summary>
    private async Task KeepAsync()
    {
        var at = server.Services.GetRequiredService<TimeProvider>().GetUtcNow().AddDays(-1);
        await server.Services.GetRequiredService<IOutcomeStore>().AddAsync(
            [
                new Outcome
                {
                    Id = CorrelationId.New(at), ProjectId = ProjectId.Parse("sandbox"), Product = Product.VerifiedUsers,
                    Type = FlowType.Mobile, BegunAt = at, EndedAt = at.AddMinutes(1), ExpiresAt = at.AddMinutes(15), End = FlowEnd.Matched,
                    Possession = PossessionVerdict.Proven, Prefix = "+1202555", Country = "US", Line = LinePseudonym.New(),
                    Facts = [new FlowEvent(at.AddMinutes(1), FlowEventCode.PossessionProven) { Method = "otp" }],
                    Texts = [.. Enumerable.Range(0, 3).Select(n => new OutcomeText(TextKind.Otp, at.AddSeconds(n), TextState.Sent, 1, []))],
                },
            ],
            TestContext.Current.CancellationToken);
    }
}
