using System.Diagnostics;
using System.Text.RegularExpressions;
using Countersign.Operator.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Countersign.Operator.Tests;

/// <summary>What docs/operator.md says is so.</summary>
public sealed partial class DocumentTests
{
    private static string Document { get; } = File.ReadAllText(Path.Combine(Repository(), "docs", "operator.md"));

    [Fact]
    public async Task Its_examples_run_as_they_stand_and_answer_what_is_written_below_them()
    {
        await using var app = Program.Build(["--urls=http://127.0.0.1:0"], builder => builder.Logging.ClearProviders());
        await app.StartAsync(TestContext.Current.CancellationToken);
        var script = string.Concat(Blocks().Matches(Document).Select(block => block.Groups[1].Value))
            .Replace("OP=http://127.0.0.1:8090", $"OP={app.Urls.First()}", StringComparison.Ordinal);
        var expected = script.Split('\n').Where(line => line.StartsWith("# {", StringComparison.Ordinal)).Select(line => line[2..])
            .ToArray();

        var (status, printed) = await RunAsync(script);

        Assert.True(status == 0, printed);
        Assert.Equal(6, expected.Length);
        Assert.All(expected, line => Assert.Contains(line, printed, StringComparison.Ordinal));
        Assert.DoesNotContain("INVALID_ARGUMENT", printed, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_fault_is_in_its_table() =>
        Assert.All(FaultNames.All.Keys, name => Assert.Contains($"`{name}`", Document, StringComparison.Ordinal));

    private static async Task<(int Status, string Printed)> RunAsync(string script)
    {
        var folder = Directory.CreateTempSubdirectory("countersign-operator-");
        try
        {
            var start = new ProcessStartInfo("bash")
            {
                WorkingDirectory = folder.FullName, RedirectStandardInput = true, RedirectStandardOutput = true,
                RedirectStandardError = true
            };
            start.ArgumentList.Add("-euo");
            start.ArgumentList.Add("pipefail");
            using var bash = Process.Start(start)!;
            var (said, complained) = (bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken),
                bash.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
            await bash.StandardInput.WriteAsync(script);
            bash.StandardInput.Close();
            await bash.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (bash.ExitCode, await said + await complained);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Countersign.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside of the repository.");
        }
        return folder.FullName;
    }

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.CultureInvariant | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Blocks();
}
