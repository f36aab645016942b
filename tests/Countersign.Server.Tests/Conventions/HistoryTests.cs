using System.ComponentModel;
using System.Diagnostics;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Conventions;

/// <summary>What every commit says of itself, from the one on that came after the rule.</summary>
public sealed class HistoryTests(ITestOutputHelper output)
{
    // When the rule came. A moment and not a commit: a clone that is shallow, or whose commits were copied, is held to the same.
    private const string Since = "2026-11-29T09:13:00Z";
    private const int MaxSubject = 70;
    private const int MinWords = 10;

    [Fact]
    public async Task Every_commit_says_what_it_does_in_a_line_and_why_below()
    {
        var commits = Commits(await LogAsync()).ToArray();

        output.WriteLine($"{commits.Length} commits since {Since} are here.");
        Assert.Empty(commits.SelectMany(Problems));
    }

    [Fact]
    public void A_commit_that_says_too_much_or_too_little_is_named()
    {
        const string why = "It was the last one that needed it, and nobody had looked.";

        Assert.Empty(Problems(new Commit("1111111", "0000000", new string('x', MaxSubject), why)));
        Assert.Equal(
            ["1111111: the subject has 71 characters", "1111111: the body has 2 words", "1111111: is a merge"],
            Problems(new Commit("1111111", "0000000 2222222", new string('x', MaxSubject + 1), "As discussed.")));
    }

    private static IEnumerable<string> Problems(Commit commit)
    {
        if (commit.Subject.Length > MaxSubject)
        {
            yield return $"{commit.Id}: the subject has {commit.Subject.Length} characters";
        }
        var words = commit.Body.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
        if (words < MinWords)
        {
            yield return $"{commit.Id}: the body has {words} words";
        }
        if (commit.Parents.Contains(' ', StringComparison.Ordinal))
        {
            yield return $"{commit.Id}: is a merge";
        }
    }

    private static IEnumerable<Commit> Commits(string log) =>
        from commit in log.Split('\u001e')
        let parts = commit.Split('\u001f')
        where parts.Length == 4
        select new Commit(parts[0].Trim(), parts[1], parts[2], parts[3]);

    /// <summary>Empty where there is no history, or no git.</summary>
    private static async Task<string> LogAsync()
    {
        var start = new ProcessStartInfo("git", ["log", $"--since={Since}", "--format=%h%x1f%p%x1f%s%x1f%b%x1e"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Root,
        };
        try
        {
            using var git = Process.Start(start)!;
            var error = git.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var log = await git.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await error;
            await git.WaitForExitAsync(TestContext.Current.CancellationToken);
            return git.ExitCode == 0 ? log : "";
        }
        catch (Win32Exception)
        {
            return "";
        }
    }

    private sealed record Commit(string Id, string Parents, string Subject, string Body);
}
