using System.Globalization;
using System.Text.Json.Nodes;

namespace Countersign.Cli.Records;

/// <summary>What an import has come to so far: every bad line is told at once and only counted here.</summary>
internal sealed class ImportReport(TextWriter problems, TextWriter? progress)
{
    private static readonly string[] _names = ["records", "added", "changed", "unchanged", "repeated", "bad"];
    private readonly long[] _totals = new long[_names.Length];

    public long Bad => _totals[^1];

    public void Add(JsonObject answer)
    {
        var totals = (JsonObject)answer["totals"]!;
        for (var i = 0; i < _names.Length; i++)
        {
            _totals[i] += (long)totals[_names[i]]!;
        }
        foreach (var problem in (JsonArray)answer["problems"]!)
        {
            problems.WriteLine(problem!["field"] is { } field
                ? $"line {problem["line"]}: {field} {problem["problem"]}"
                : $"line {problem["line"]}: {problem["problem"]}");
        }
        progress?.Write(string.Create(CultureInfo.InvariantCulture, $"\r{_totals[0]:N0} records, {Bad:N0} bad "));
    }

    public JsonObject ToJson()
    {
        var totals = new JsonObject();
        for (var i = 0; i < _names.Length; i++)
        {
            totals[_names[i]] = _totals[i];
        }
        return totals;
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{_totals[0]:N0} records: {_totals[1]:N0} added, {_totals[2]:N0} changed, {_totals[3]:N0} unchanged, {_totals[4]:N0} "
            + $"repeated, {_totals[5]:N0} bad");
}
