using System.Text.Json.Nodes;
using Countersign.Core.Doctor;

namespace Countersign.Cli.Doctor;

/// <summary>What the server's program finds of the configuration of this machine.</summary>
/// <param name="Name">What was looked at; null where it was not asked for.</param>
internal sealed record MachineLook(string? Name, IReadOnlyList<ReportLine> Lines)
{
    /// <summary>Tells configurations apart; null where it is not known.</summary>
    public string? Configuration { get; init; }

    public string? PublicUrl { get; init; }

    /// <summary>Where the admin API is to listen.</summary>
    public string? AdminUrl { get; init; }

    /// <param name="config">Null where nobody names one.</param>
    /// <param name="program">Null where nobody names one. With neither nothing is looked at.</param>
    public static async Task<MachineLook> OfAsync(string? config, string? program, CancellationToken cancellationToken)
    {
        if (config is null && program is null)
        {
            return new MachineLook(Name: null, []);
        }
        var name = config is null ? "the environment of this machine" : Path.GetFullPath(config);
        if ((program ?? ServerProgram.Find()) is not { } found)
        {
            return Unknown(name, "The server's program is not beside this command: name it with --program.");
        }
        try
        {
            var (seen, error) = await ServerProgram.LookAsync(found, config, cancellationToken);
            // A runtime that is too old or not there, for instance: the program has not come to look.
            if (seen is null)
            {
                return new MachineLook(name, [ReportLine.Of(Checks.ConfigurationRead.IsBroken($"{found} does not start: {error}"))]);
            }
            return new MachineLook(name, ReportLines.Of(seen))
            {
                Configuration = StrictJson.TextOf(seen, "configuration"),
                PublicUrl = RunningLook.AddressIn(seen),
                AdminUrl = StrictJson.TextOf(seen, "adminUrl"),
            };
        }
        catch (CommandFailure failure)
        {
            return Unknown(name, failure.Message);
        }
    }

    /// <summary>What the running server does not say already, and whether it is the same configuration.</summary>
    public IEnumerable<ReportLine> LinesBeside(RunningLook running)
    {
        // What the running server says of the same at least as bad, it says with more evidence; what is fine or unknown here adds nothing.
        var known = running.Lines.ToLookup(line => (line.Check, line.About), line => line.State);
        var checks = running.Lines.Select(line => line.Check).ToHashSet(StringComparer.Ordinal);
        foreach (var line in Lines.Where(line => line.State < FindingState.Unknown
            ? known[(line.Check, line.About)].All(state => state > line.State) : !checks.Contains(line.Check)))
        {
            yield return line;
        }
        if (Name is not null && running.Configuration is { } theirs)
        {
            yield return ReportLine.Of(
                Configuration is null ? Checks.ConfigurationRunning.IsUnknown("That of this machine cannot be read.")
                : Configuration == theirs ? Checks.ConfigurationRunning.IsFine("It was.")
                : Checks.ConfigurationRunning.IsWeak("The server was started with another: what is set on this machine is not what runs."));
        }
    }

    private static MachineLook Unknown(string name, string why) =>
        new(name, [ReportLine.Of(Checks.ConfigurationRead.IsUnknown(why))]);

    public override string ToString() => Name ?? "nothing";
}

internal static class ReportLines
{
    /// <summary>The findings of an answer; those of a later version, too.</summary>
    public static IReadOnlyList<ReportLine> Of(JsonObject answer) =>
    [
        .. (answer["findings"] as JsonArray ?? []).OfType<JsonObject>().Select(one => new ReportLine(
            StrictJson.TextOf(one, "check") ?? "", StrictJson.TextOf(one, "looksAt") ?? "",
            DoctorReport.StateOf(StrictJson.TextOf(one, "state")) ?? FindingState.Unknown,
            StrictJson.TextOf(one, "about"), StrictJson.TextOf(one, "says") ?? "", StrictJson.TextOf(one, "do"),
            StrictJson.TextOf(one, "docs") ?? "")),
    ];
}
