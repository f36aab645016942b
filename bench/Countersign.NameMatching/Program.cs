using System.CommandLine;
using Countersign.Core.Names;
using Countersign.NameMatching.Corpus;

namespace Countersign.NameMatching;

/// <summary>Measures the name matcher on labelled pairs: how often it is right, with intervals, by category.</summary>
internal static class Program
{
    public static int Main(string[] args) => NewCommand().Parse(args).Invoke();

    internal static RootCommand NewCommand()
    {
        var policy = new Option<string>("--policy")
        {
            Description = "strict, standard or lenient.",
            DefaultValueFactory = _ => MatchPolicy.Standard.Name,
        };
        policy.AcceptOnlyFromAmong([.. MatchPolicy.All.Select(known => known.Name)]);
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
        var command = new RootCommand("Measures the name matcher on labelled pairs: how often it is right, with intervals, by category.")
        {
            policy, set, wrong, json,
        };
        command.SetAction(parsed =>
        {
            var chosen = MatchPolicy.TryParse(parsed.GetRequiredValue(policy), out var known) ? known : MatchPolicy.Standard;
            Measure(
                parsed.InvocationConfiguration.Output, parsed.GetRequiredValue(set), chosen, parsed.GetValue(wrong), parsed.GetValue(json));
            return 0;
        });
        return command;
    }

    private static void Measure(TextWriter output, string set, MatchPolicy policy, int maxWrong, bool isJson)
    {
        var byHand = Evaluation.Of(HandLabelledCorpus.All, policy);
        var (evaluation, hand) = set == "hand"
            ? (byHand, null)
            : (Evaluation.Of(GeneratedCorpus.Of(set == "tuning" ? CorpusPart.Tuning : CorpusPart.HeldOut), policy), byHand);
        if (isJson)
        {
            output.WriteLine(EvaluationJson.Of(set, evaluation, hand, maxWrong));
            return;
        }
        EvaluationText.Write(output, set, evaluation, hand, maxWrong);
    }
}
