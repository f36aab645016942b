using System.Text.RegularExpressions;
using Countersign.Cli.Attacks;

namespace Countersign.Server.Tests.Conventions;

/// <summary>
/// Tests take guards away from a build of its own, to show what each holds off (<c>GuardTests</c> of the end-to-end tests). What is
/// released has nothing of it.
/// </summary>
public sealed partial class GuardTests
{
    [Fact]
    public void The_switches_are_in_the_build_by_a_property_alone_that_nothing_sets()
    {
        string[] folders = ["src", "tests", "eng", "bench", "samples"];
        // Scripts have no extension.
        string[] kinds = [".csproj", ".props", ".targets", ".rsp", ""];
        var files = Directory.EnumerateFiles(Repository.Root)
            .Concat(folders.SelectMany(folder =>
                Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.*", SearchOption.AllDirectories)))
            .Where(file => kinds.Contains(Path.GetExtension(file), StringComparer.Ordinal));

        var set = files.Where(file => File.ReadAllText(file) is var text
            && (text.Contains("COUNTERSIGN_WEAKENED", StringComparison.Ordinal) || Sets().IsMatch(text)));

        // One sets it, and the other refuses it where anything else does.
        Assert.Equal(["Directory.Build.props", "Directory.Build.targets"], set.Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    /// <summary>Each attack that the command plays from outside: by its own switch, or that of an attack whose guard it shares.</summary>
    [Fact]
    public void Of_each_attack_that_is_played_from_outside_the_guard_can_be_taken_away()
    {
        var played = FromOutside().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "attacks.md")))
            .Select(row => row.Groups["id"].Value);
        var switches = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Switches().Matches(File.ReadAllText(file))).Select(found => found.Groups["id"].Value);
        var shared = KnownAttack.All.Where(attack => attack.SharesGuardWith.Count > 0).Select(attack => attack.Id);

        Assert.Equal(
            played.Order(StringComparer.Ordinal),
            switches.Concat(shared).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"Weakened\s*=\s*[""']?true|<Weakened>", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Sets();

    [GeneratedRegex(@"^\| (?<id>[A-Z][0-9]{2}) \|.*\| from outside \|$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex FromOutside();

    [GeneratedRegex(@"\bGuards\.(Drop|Break)\(\s*""(?<id>[A-Z][0-9]{2})""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Switches();
}
