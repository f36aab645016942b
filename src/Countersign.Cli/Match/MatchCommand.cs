using System.CommandLine;
using Countersign.Core;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Names;

namespace Countersign.Cli.Match;

/// <summary><c>countersign match</c>: explains the name matcher's answers.</summary>
internal static class MatchCommand
{
    /// <summary>What <c>explain</c> ends with when the names do not match, so that a script can ask.</summary>
    internal const int NoMatch = 1;

    public static Command Create() => new("match", "Explains the name matcher.") { Explain() };

    private static Command Explain()
    {
        var given = new Option<string>("--given") { Description = "The given name that a person typed.", Required = true };
        var family = new Option<string>("--family") { Description = "The family name that a person typed.", Required = true };
        var recordGiven = new Option<string>("--record-given") { Description = "The given name in the record.", Required = true };
        var recordFamily = new Option<string>("--record-family") { Description = "The family name in the record.", Required = true };
        var policy = new Option<string>("--policy")
        {
            Description = "strict, standard or lenient.", DefaultValueFactory = _ => MatchPolicy.Standard.Name
        };
        policy.AcceptOnlyFromAmong([.. MatchPolicy.All.Select(known => known.Name)]);
        var command = new Command(
            "explain", "Compares two names and says by which rules. Ends with 0 when they match and with 1 when they do not.")
        {
            given, family, recordGiven, recordFamily, policy,
        };
        command.SetAction(parsed =>
        {
            var chosen = Chosen(parsed.GetRequiredValue(policy));
            var comparison = NameMatcher.Compare(
                new PersonName(parsed.GetRequiredValue(recordGiven), parsed.GetRequiredValue(recordFamily)),
                new PersonName(parsed.GetRequiredValue(given), parsed.GetRequiredValue(family)),
                chosen);
            var output = parsed.InvocationConfiguration.Output;
            WriteField(output, "given name", comparison.Given);
            WriteField(output, "family name", comparison.Family);
            output.WriteLine(
                $"together:    {Say(comparison.Match)}, score {comparison.Score} (policy {chosen.Name}, rules version "
                    + $"{NameMatcher.Version})");
            output.WriteLine($"Jaro-Winkler {comparison.JaroWinkler}, for information only");
            return comparison.Match == IdentityMatch.Matched ? 0 : NoMatch;
        });
        return command;
    }

    private static MatchPolicy Chosen(string name) => MatchPolicy.TryParse(name, out var policy) ? policy : MatchPolicy.Standard;

    private static void WriteField(TextWriter output, string field, FieldComparison comparison) =>
        output.WriteLine(
            $"{field + ":",-12} {Say(comparison.Match)}, score {comparison.Score}, {comparison.Rule}: {comparison.Rule.Explanation}");

    private static string Say(IdentityMatch match) => match switch
    {
        IdentityMatch.Matched => "matched",
        IdentityMatch.Differs => "differs",
        _ => "not available",
    };
}
