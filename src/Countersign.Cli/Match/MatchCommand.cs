using System.CommandLine;
using Countersign.Cli.Match.Corpus;
using Countersign.Core;
using Countersign.Core.Identity;
using Countersign.Core.Names;

namespace Countersign.Cli.Match;

/// <summary><c>countersign match</c>: explains the name matcher's answers, and measures them.</summary>
internal static class MatchCommand
{
    /// <summary>What <c>explain</c> ends with when the names do not match, so that a script can ask.</summary>
    internal const int NoMatch = 1;

    public static Command Create() => new("match", "Explains and measures the name matcher.") { Explain(), Evaluate() };

    private static Command Explain()
    {
        var given = new Option<string>("--given") { Description = "The given name that a person typed.", Required = true };
        var family = new Option<string>("--family") { Description = "The family name that a person typed.", Required = true };
        var recordGiven = new Option<string>("--record-given") { Description = "The given name in the record.", Required = true };
        var recordFamily = new Option<string>("--record-family") { Description = "The family name in the record.", Required = true };
        var policy = Policy();
        var command = new Command("explain", "Compares two names and says by which rules. Ends with 0 when they match and with 1 when they do not.")
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
            output.WriteLine($"together:    {Say(comparison.Match)}, score {comparison.Score} (policy {chosen.Name}, rules version {NameMatcher.Version})");
            output.WriteLine($"Jaro-Winkler {comparison.JaroWinkler}, for information only");
            return comparison.Match == IdentityMatch.Matched ? 0 : NoMatch;
        });
        return command;
    }

    private static Command Evaluate()
    {
        var set = new Option<string>("--set") { Description = "held-out, tuning or hand.", DefaultValueFactory = _ => "held-out" };
        set.AcceptOnlyFromAmong("held-out", "tuning", "hand");
        var wrong = new Option<int>("--wrong") { Description = "How many wrong pairs to list.", DefaultValueFactory = _ => 10 };
        wrong.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: ['-', ..] }])
            {
                result.AddError("--wrong must be 0 or more.");
            }
        });
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var policy = Policy();
        var command = new Command("evaluate", "Measures the matcher on labelled pairs: how often it is right, with intervals, by category.") { policy, set, wrong, json };
        command.SetAction(parsed =>
        {
            var (chosen, name, most) = (Chosen(parsed.GetRequiredValue(policy)), parsed.GetRequiredValue(set), parsed.GetValue(wrong));
            var byHand = Evaluation.Of(HandLabelledCorpus.All, chosen);
            var (evaluation, hand) = name == "hand" ? (byHand, null) : (Evaluation.Of(GeneratedCorpus.Of(name == "tuning" ? CorpusPart.Tuning : CorpusPart.HeldOut), chosen), byHand);
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
            {
                output.WriteLine(EvaluationJson.Of(name, evaluation, hand, most));
            }
            else
            {
                EvaluationText.Write(output, name, evaluation, hand, most);
            }
            return 0;
        });
        return command;
    }

    private static Option<string> Policy()
    {
        var policy = new Option<string>("--policy") { Description = "strict, standard or lenient.", DefaultValueFactory = _ => MatchPolicy.Standard.Name };
        policy.AcceptOnlyFromAmong([.. MatchPolicy.All.Select(known => known.Name)]);
        return policy;
    }

    private static MatchPolicy Chosen(string name) => MatchPolicy.TryParse(name, out var policy) ? policy : MatchPolicy.Standard;

    private static void WriteField(TextWriter output, string field, FieldComparison comparison) =>
        output.WriteLine($"{field + ":",-12} {Say(comparison.Match)}, score {comparison.Score}, {comparison.Rule}: {comparison.Rule.Explanation}");

    private static string Say(IdentityMatch match) => match switch
    {
        IdentityMatch.Matched => "matched",
        IdentityMatch.Differs => "differs",
        _ => "not available",
    };
}
