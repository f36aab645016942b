using System.ComponentModel;
using System.Diagnostics;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Conventions;

/// <summary>What every commit says of itself, from the one on that came after the rule.</summary>
public sealed class HistoryTests(ITestOutputHelper output)
{
    private const string Before = "90381b81b26c5620d122eb659123eda024207f4a";
    private const int MaxSubject = 70;
    private const int MinWords = 10;

    [Fact]
    public async Task Every_commit_says_what_it_does_in_a_line_and_why_below()
    {
        var log = await LogAsync(Before + "..HEAD");
        if (log is null)
        {
            log = await LogAsync("HEAD") ?? "";
            output.WriteLine(log.Length > 0
                ? $"The history does not reach back to {Before}: looked at what is there."
                : "There is no history here: looked at no commit.");
        }

        Assert.Empty(Commits(log).SelectMany(Problems));
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

    /// <summary>Null where git cannot say it, or is not there.</summary>
    private static async Task<string?> LogAsync(string range)
    {
        var start = new ProcessStartInfo("git", ["log", "--format=%h%x1f%p%x1f%s%x1f%b%x1e", range, "--"])
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
            return git.ExitCode == 0 ? log : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    private sealed record Commit(string Id, string Parents, string Subject, string Body);
}
