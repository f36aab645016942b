using Countersign.Cli.Tests.Fixtures;
using Countersign.Core;
using Countersign.Core.Limits;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Cli.Tests.Server;

public sealed class BudgetCommandTests
{
    private const string Number = "+12025550143";

    [Fact]
    public async Task What_is_spent_of_a_number_is_shown_and_begun_anew()
    {
        // In the sandbox nothing is limited but what is set.
        await using var server = new RunningServer
        {
            Settings = [$"--Countersign:Admin:Keys:test={RunningServer.AdminKey}", "--Countersign:Budget:GuessProbability=0.00001",
                "--Countersign:Pumping:Denied=Enforce"],
        };
        await server.InitializeAsync();
        var counters = server.Services.GetRequiredService<ICounterStore>();
        var key = server.Services.GetRequiredService<CounterKeys>().OfGuesses(PhoneNumber.Parse(Number));
        var now = server.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var none = Counter.Empty(key);
        var spent = none.With(new Charge(now, GuessLimits.Day / 4, Project: 1), TimeSpan.FromDays(1));
        await counters.TrySaveAsync(new CounterChange(none, spent, TimeSpan.FromDays(1)), TestContext.Current.CancellationToken);

        var shown = await server.RunAsync("budget", "show", "--number", Number);
        var lifted = await server.RunAsync("budget", "lift", "--number", Number, "--json");
        var again = await server.RunAsync("budget", "lift", "--number", Number);
        var empty = await counters.ReadAsync(key, TestContext.Current.CancellationToken);
        var more = empty.With(new Charge(now, GuessLimits.Day / 4, Project: 1), TimeSpan.FromDays(1));
        await counters.TrySaveAsync(new CounterChange(empty, more, TimeSpan.FromDays(1)), TestContext.Current.CancellationToken);
        var told = await server.RunAsync("budget", "lift", "--number", Number);
        var refused = await server.RunAsync("budget", "show", "--number", "Lori");
        await server.RunAsync("abuse", "deny", "--prefix", "+1202");
        var denied = await server.RunAsync("budget", "show", "--number", Number);

        Assert.Contains("25 %", shown.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Number, shown.Output + lifted.Output, StringComparison.Ordinal);
        Assert.Equal(GuessLimits.Day / 4, (long)lifted.Json["budgets"]![0]!["count"]!);
        Assert.Equal("Nothing was spent.\n", again.Output);
        Assert.StartsWith("Lifted: the number's limits begin anew. Until now there was spent", told.Output, StringComparison.Ordinal);
        Assert.Contains("Was spent", told.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Until  ", told.Output, StringComparison.Ordinal);
        Assert.Matches(
            @"No text goes to this number until \S+: an administrator has denied them \(pumping\.denied\)\. See countersign abuse list;",
            denied.Output);
        Assert.DoesNotContain("abuse", shown.Output, StringComparison.Ordinal);
        Assert.Equal(1, refused.Code);
    }
}
