using System.Globalization;
using System.Text;

namespace Countersign.Core.Doctor;

/// <summary>A finding as it is told, by a server or the command: of whatever version.</summary>
/// <param name="Check">Its id.</param>
/// <param name="LooksAt">What was looked at, as a part of a sentence.</param>
/// <param name="About">Null where there is only one.</param>
/// <param name="Do">What to do; null where nothing is to be done.</param>
/// <param name="Docs">Where more of it stands, from the repository's root.</param>
public sealed record ReportLine(
    string Check, string LooksAt, FindingState State, string? About, string Says, string? Do, string Docs)
{
    public static ReportLine Of(Finding finding) => new(
        finding.Check.Id, finding.Check.LooksAt, finding.State, finding.About, finding.Says,
        finding.State is FindingState.Broken or FindingState.Weak ? finding.Check.Do : null, $"docs/{finding.Check.Page}");

    public override string ToString() => State.ToString();
}

/// <summary>All that was found, for people, and as an exit code.</summary>
public static class DoctorReport
{
    /// <summary>The words of states, on the wire and for people.</summary>
    public static string WordOf(FindingState state) => state.ToString().ToLowerInvariant();

    /// <summary>Null for a word that is none.</summary>
    public static FindingState? StateOf(string? word) => Enum.GetValues<FindingState>().Select(state => (FindingState?)state)
        .FirstOrDefault(state => WordOf(state!.Value) == word);

    /// <summary>0 when all is well, 1 when something is weak or could not be looked at, 2 when something is broken.</summary>
    public static int ExitCode(IEnumerable<ReportLine> lines) => lines.Select(line => line.State).DefaultIfEmpty(FindingState.Unknown).Min()
        switch
        {
            FindingState.Broken => 2,
            FindingState.Fine => 0,
            _ => 1,
        };

    /// <summary>The worst first, and within that as they were looked at.</summary>
    public static IReadOnlyList<ReportLine> Sorted(IEnumerable<ReportLine> lines) => [.. lines.OrderBy(line => line.State)];

    public static string TextOf(IEnumerable<ReportLine> lines)
    {
        var sorted = Sorted(lines);
        var text = new StringBuilder();
        foreach (var line in sorted)
        {
            var about = line.About is null ? "" : $" ({line.About})";
            // What is not right says what it is about itself.
            var what = line.State is FindingState.Broken or FindingState.Weak ? "" : $", {line.LooksAt}";
            text.Append(CultureInfo.InvariantCulture, $"{WordOf(line.State),-8}{line.Check}{about}{what}: {line.Says}\n");
            if (line.Do is { } toDo)
            {
                text.Append(CultureInfo.InvariantCulture, $"        -> {toDo} ({line.Docs})\n");
            }
        }
        var counts = Enum.GetValues<FindingState>().Select(state => $"{sorted.Count(line => line.State == state)} {WordOf(state)}");
        return text.Append(string.Join(", ", counts)).Append('.').ToString();
    }
}
