using Countersign.Cli.Tests.Fixtures;
using Countersign.Core;
using Countersign.Core.Money;
using Countersign.Core.Projects;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Cli.Tests.Server;

public sealed class CapCommandTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task What_is_spent_is_shown_with_its_windows_and_what_keeps_texts_from_going()
    {
        var nothing = await server.RunAsync("caps", "show");
        // As an earlier start with prices has left it.
        await server.Services.GetRequiredService<IProjectStore>().PutAsync(
            new Project(ProjectId.Parse("thrifty"), "Thrifty", new ProjectSettings { Caps = new Caps(50, null, "EUR") }),
            TestContext.Current.CancellationToken);
        var now = server.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        await server.Services.GetRequiredService<ISpendingStore>().TryChargeAsync(
            new SpendingCharge(0.0075m, now, [new CappedOwner(SpendingOwner.Of(ProjectId.Parse("thrifty")), Caps: null)]),
            TestContext.Current.CancellationToken);

        var shown = await server.RunAsync("caps", "show");
        await server.Services.GetRequiredService<IProjectStore>().PutAsync(
            new Project(ProjectId.Parse("thrifty"), "Thrifty", new ProjectSettings { Caps = new Caps(0.005m, null, "EUR") }),
            TestContext.Current.CancellationToken);
        var spent = await server.RunAsync("caps", "show");
        var json = await server.RunAsync("caps", "show", "--json");

        Assert.StartsWith("Nothing is counted", nothing.Output, StringComparison.Ordinal);
        Assert.Contains("project set <id> --caps perDay=50 --caps currency=EUR", nothing.Output, StringComparison.Ordinal);
        Assert.Contains("there is no price list (Countersign:Prices)", shown.Output, StringComparison.Ordinal);
        Assert.Contains("thrifty", shown.Output, StringComparison.Ordinal);
        Assert.Contains("0.0075", shown.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("(spent)", shown.Output, StringComparison.Ordinal);
        Assert.Contains("0.005 (spent)", spent.Output, StringComparison.Ordinal);
        Assert.Contains("A cap is spent when", spent.Output, StringComparison.Ordinal);
        Assert.Equal([true, false], json.Json["spending"]!.AsArray().Select(one => (bool)one!["isSpent"]!));
        Assert.Equal(["day", "month"], json.Json["spending"]!.AsArray().Select(one => (string?)one!["window"]));
    }

    [Theory]
    [InlineData("project create bad --caps perDay", "--caps must be a window and an amount, or the currency: --caps perDay=50.")]
    [InlineData("project create bad --caps perDay=1 --caps perDay=2", "--caps names perDay twice.")]
    [InlineData("project create bad --caps perDay=1 --caps currency=EUR",
        "field 'caps' is invalid: need prices: name a price list in Countersign:Prices")]
    public async Task Caps_that_cannot_be_are_refused(string command, string problem)
    {
        var refused = await server.RunAsync(command.Split(' '));

        Assert.Equal(1, refused.Code);
        Assert.Contains(problem, refused.Error, StringComparison.Ordinal);
    }
}
