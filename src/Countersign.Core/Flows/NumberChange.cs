using Countersign.Core.Flows;
using Countersign.Core.Numbers;
using Countersign.Core.Possession;
using Countersign.Core.PreFill;
using Countersign.Core.Projects;
using Countersign.Core.Unify;

namespace Countersign.Core.Flows;

/// <summary>Judges the number that a page sends along with a start: the person may have typed another than the flow began with.</summary>
public sealed class NumberChange(INumberAdmission admission, INumberPlan plan, PossessionOptions options)
{
    /// <summary>The most characters that a number is written with, punctuation included.</summary>
    public const int MaxCharacters = 32;

    /// <summary>
    /// True where no other number is taken: in verify it was fixed together with the name, a person who was asked for by their id has
    /// theirs, a flow of a line without texts comes to none that another number could be typed for, and the project or the call may say so.
    /// </summary>
    public static bool IsFixed(Flow flow)
    {
        var isFixed = flow.Product == Product.VerifiedUsers || flow.Tail is UnifyProgress { AskedFor: not null } || flow.TakesNoText
            || flow.NumberChange != NumberChangeTerms.Permitted;
        Guards.Drop("T08", ref isFixed, () => false);
        return isFixed;
    }

    /// <summary>How many other numbers a person may give in this flow.</summary>
    public int MaxIn(Flow flow) => IsFixed(flow) ? 0 : options.NumberChanges;

    /// <param name="typed">As the person wrote it; null when the page sends none.</param>
    public async ValueTask<NumberVerdict> JudgeAsync(Flow flow, string? typed, ProjectSettings project, CancellationToken cancellationToken)
    {
        var text = WithoutPunctuation(typed ?? "");
        if (typed is null || plan.Read(text) == plan.FormOf(flow.Number))
        {
            return new NumberVerdict.Unchanged();
        }
        if (IsFixed(flow))
        {
            return new NumberVerdict.Refused(NumberRefusal.Fixed);
        }
        if (flow.PlanLeft is null)
        {
            // Nothing is sent any more, to whatever number.
            return new NumberVerdict.Unchanged();
        }
        if (MadeIn(flow) >= options.NumberChanges)
        {
            return new NumberVerdict.Refused(NumberRefusal.NoneLeft);
        }
        // What is too long is no number, and is refused as what is none.
        var admitting = await admission.AdmitAsync(
            typed.Length > MaxCharacters ? "" : text, NumberUse.Of(flow.Product), cancellationToken);
        return admitting.In(project) switch
        {
            Admission.Admitted { NoText: not null } => new NumberVerdict.Refused(NumberRefusal.NoText),
            Admission.Admitted admitted => new NumberVerdict.Changed(admitted.Number, text, admitted.Shape),
            Admission.Refused => new NumberVerdict.Refused(NumberRefusal.NotAdmitted),
            Admission.OtherProduct => new NumberVerdict.Refused(NumberRefusal.OtherProduct),
            _ => new NumberVerdict.Refused(NumberRefusal.UnknownTestUser),
        };
    }

    private static int MadeIn(Flow flow) => flow.Possession is PossessionState.Challenged challenged ? challenged.NumberChanges : 0;

    private static string WithoutPunctuation(string text) =>
        string.Concat(text.Where(c => c is not (' ' or '(' or ')' or '-' or '.' or '/')));
}

/// <summary>A closed set of answers.</summary>
public abstract record NumberVerdict
{
    private NumberVerdict() { }

    /// <summary>None was given, or the flow's own in whatever spelling.</summary>
    public sealed record Unchanged : NumberVerdict;

    /// <summary>Another number, which may be used.</summary>
    /// <param name="Text">As it was typed, without punctuation, so that it may be sent to this server again.</param>
    /// <param name="Shape">The shape that a pre-fill flow of this number has; null when the flow keeps its own.</param>
    public sealed record Changed(PhoneNumber Number, string Text, StartShape? Shape = null) : NumberVerdict
    {
        /// <summary>The flow with this number; nothing has been sent to it yet.</summary>
        public Flow In(Flow flow) => flow with
        {
            Number = Number,
            NumberAsGiven = Text,
            IsNumberChanged = true,
            // What was given for the challenge was given for the other number: birth date and SSN are asked for again.
            Tail = flow.Tail is PreFillProgress progress ? new PreFillProgress(Shape ?? progress.Shape, progress.State) : flow.Tail,
        };

        public override string ToString() => nameof(Changed);
    }

    public sealed record Refused(NumberRefusal Why) : NumberVerdict
    {
        /// <summary>The flow, in which it is written once that a permission was missing.</summary>
        public Flow In(Flow flow, DateTimeOffset now) =>
            Why == NumberRefusal.Fixed && flow.NumberChange == NumberChangeTerms.NotPermitted
                && !flow.Timeline.Any(fact => fact.Code == FlowEventCode.PermissionMissing)
                ? flow.With(new FlowEvent(now, FlowEventCode.PermissionMissing))
                : flow;
    }
}

/// <summary>What was settled about another number when the flow began. Stored: for ever.</summary>
public enum NumberChangeTerms
{
    Permitted = 0,

    /// <summary>The project does not permit it.</summary>
    NotPermitted = 1,

    /// <summary>The call that began the flow did not want it.</summary>
    NotWanted = 2,
}

/// <summary>Why another number is not taken.</summary>
public enum NumberRefusal
{
    /// <summary>
    /// In this flow the number belongs to a name or to a person who was asked for by their id, it is a line where no text arrives, or the
    /// project or the call does not permit another.
    /// </summary>
    Fixed,

    /// <summary>It was changed as often as a flow permits.</summary>
    NoneLeft,

    /// <summary>It is no number, or not of a country or kind that is admitted. Which of these is told to the relying party only.</summary>
    NotAdmitted,

    /// <summary>It is a fixed line, where no text arrives.</summary>
    NoText,

    /// <summary>No test user has it.</summary>
    UnknownTestUser,

    /// <summary>Its test user belongs to another product.</summary>
    OtherProduct,
}
