using System.Diagnostics;
using Countersign.EndToEnd.Tests.Fixtures;

namespace Countersign.EndToEnd.Tests;

/// <summary>A part of <c>./soak</c>, always the same.</summary>
public sealed class SoakTests
{
    [Fact]
    public async Task Whatever_fails_no_flow_text_outcome_or_event_is_lost_or_doubled_and_nobody_succeeds_without_a_proof()
    {
        using var soak = Process.Start(new ProcessStartInfo(Repository.Soak, ["--flows", "500", "--seed", "1"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var error = soak.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await soak.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await soak.WaitForExitAsync(TestContext.Current.CancellationToken);

        TestContext.Current.SendDiagnosticMessage(output);
        Assert.True(soak.ExitCode == 0, output + await error);
        Assert.All(
            ["node is killed (kill -9)", "database is stopped", "gateway is down", "operator fails", "source fails", "receiver fails"],
            fault => Assert.Contains(fault, output, StringComparison.Ordinal));
    }
}
