using System.Collections.Frozen;
using Countersign.Core;
using Countersign.Core.History;
using Countersign.Core.IdentityMatching;
using Countersign.Server.Pages;

namespace Countersign.Server.Timeline;

/// <summary>How a flow ended, in sentences for who is asked about it.</summary>
/// <param name="Language">BCP 47: "en", "de", "es" or "fr".</param>
/// <param name="What">What happened: a sentence for the end, and one for each of its reasons.</param>
/// <param name="Next">What is to be done now.</param>
/// <param name="By">By whom: a word of <see cref="Explanations.Actors"/>.</param>
internal sealed record Explanation(string Language, string What, string Next, string By)
{
    public override string ToString() => What;
}

/// <summary>What an end or a reason means, and the next step.</summary>
internal sealed record Meaning(Phrase What, NextStep Step)
{
    public Meaning(string english, string german, string spanish, string french, NextStep step)
        : this(new Phrase(english, german, spanish, french), step) { }
}

/// <summary>What is to be done now, and by whom.</summary>
/// <param name="By">A word of <see cref="Explanations.Actors"/>.</param>
internal sealed record NextStep(string By, Phrase What)
{
    public NextStep(string by, string english, string german, string spanish, string french)
        : this(by, new Phrase(english, german, spanish, french)) { }
}

/// <summary>
/// The one place where the end of a flow and the reasons for it become sentences, in every language that this server speaks to people.
/// </summary>
internal static class Explanations
{
    private static readonly FrozenDictionary<string, Meaning> _ends = EndMeanings.All.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, Meaning> _reasons = NetworkMeanings.All
        .Concat(FlowMeanings.All).Concat(TextMeanings.All).Concat(PasskeyMeanings.All).Concat(AnswerMeanings.All)
        .ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Who may have something to do.</summary>
    public static IReadOnlyList<string> Actors { get; } = [NextSteps.Nobody, NextSteps.RelyingParty, NextSteps.Person, NextSteps.Operator];

    public static Meaning? OfEnd(string end) => _ends.GetValueOrDefault(end);

    public static Meaning? OfReason(string code) => _reasons.GetValueOrDefault(code);

    /// <summary>The reasons that have a code: what an adapter says in its own words, and the rule of name matching, are left out.</summary>
    public static IReadOnlyList<string> CodesOf(Ending ending) =>
        (ending.Reason ?? "").Split(',') is var codes && Array.TrueForAll(codes, _reasons.ContainsKey) ? codes : [];

    /// <summary>Null for an end that this version does not know.</summary>
    public static Explanation? Of(Ending ending, Language language)
    {
        if (OfEnd(ending.End) is not { } end)
        {
            return null;
        }
        if (ending is { End: FlowEnd.Differs, Reason: IdentityAnswer.NotToldRule })
        {
            end = EndMeanings.NotTold;
        }
        var reasons = CodesOf(ending).Select(code => _reasons[code]).ToList();
        // A reason knows better than the end what helps; where nothing has to be done, nothing has to be helped. What an answer was only
        // its reason says.
        var step = end.Step.By == NextSteps.Nobody && ending.End != FlowEnd.Answered
            ? end.Step : (reasons.Find(reason => reason.Step.By != NextSteps.Nobody) ?? end).Step;
        var sentences = reasons.Select(reason => reason.What.In(language)).Prepend(end.What.In(language));
        return new Explanation(language.Tag(), string.Join(' ', sentences), step.What.In(language), step.By);
    }
}
