using Countersign.Core.Flows;
using Countersign.Core.Keys;
using Countersign.Core.Limits;
using Countersign.Core.Projects;
using Countersign.Core.Texts;
using static Countersign.Core.Possession.PossessionEvent;
using static Countersign.Core.Possession.PossessionState;

namespace Countersign.Core.Possession.Otp;

/// <summary>Possession by a code in a text.</summary>
public sealed class OtpMethod(
    ICodeGenerator codes, ITextStore texts, NumberChange numbers, SecretHasher hasher, PossessionOptions options, GuessBudget budget,
    GuessLimits guesses, EntryLimits entries)
{
    private const string Purpose = "otp";

    /// <summary>Sends a code; if one is out already, sends the same one again; to another number, a new one.</summary>
    /// <param name="number">As the person typed it; null when the page sends none.</param>
    public async ValueTask<(Decision Decision, NumberRefusal? Refused)> SendAsync(
        Flow flow, string? number, Project project, DateTimeOffset now, CancellationToken cancellationToken)
    {
        switch (await numbers.JudgeAsync(flow, number, project.Settings, cancellationToken))
        {
            case NumberVerdict.Refused refused:
                return (new Decision(refused.In(flow, now)), refused.Why);
            case NumberVerdict.Changed changed:
                // The former code dies with the challenge that it was for.
                var begun = Begin(changed.In(flow), project, now, challenge => new NumberChanged(PossessionMethod.Otp, challenge));
                return (begun.Text is null
                    ? new Decision(flow)
                    : await WhereEntriesAreLeftAsync(flow, begun, project.Settings, now, cancellationToken), null);
            default:
                var sent = flow.Possession is Challenged running && flow.CurrentMethod == PossessionMethod.Otp
                    ? await ResendAsync(flow, running, now, cancellationToken)
                    : Begin(flow, project, now, challenge => new ChallengeSent(PossessionMethod.Otp, challenge));
                return (await WhereEntriesAreLeftAsync(flow, sent, project.Settings, now, cancellationToken), null);
        }
    }

    /// <summary>An entry was made, whatever it says.</summary>
    public async ValueTask<Decision> EnterAsync(
        Flow flow, Secret entry, ProjectSettings settings, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (flow.Possession is not Challenged { Challenge: var challenge } || flow.CurrentMethod != PossessionMethod.Otp)
        {
            // Without it a code is the line's: good in whichever of its flows, whatever was sent there.
            Guards.Drop("S05", ref flow, () =>
                texts.ListAsync(flow.Number, cancellationToken).GetAwaiter().GetResult().Any(sent => sent.Text.Proof == entry)
                    ? flow.After(new ProvenAtOnce(PossessionMethod.Otp), now) : flow);
            return new Decision(flow);
        }
        if (DigitsOf(entry, challenge) is not { } digits)
        {
            return new Decision(flow.After(new ProofRejected(), now));
        }

        var allowance = await JudgeAsync(flow, digits, settings, now, cancellationToken);
        if (await ReachedAsync(allowance, flow, cancellationToken) is { } reached)
        {
            // It is not compared: whether it was right is told to nobody.
            return Spent(flow, reached, now);
        }
        // What is decided here is told to nobody before it is saved, and of many parallel entries one is saved at a time:
        // so each of them counts, and the one too many finds possession failed.
        var isRight = challenge.Proof.Matches(hasher.Hash(flow.Id, Purpose, entry));
        Guards.Drop("S05", ref isRight, () => isRight
            || texts.ListAsync(flow.Number, cancellationToken).GetAwaiter().GetResult().Any(sent => sent.Text.Proof == entry));
        return new Decision(flow.After(isRight ? new ProofAccepted() : new ProofRejected(), now))
        {
            IsWrongEntry = !isRight,
            Charge = allowance is Allowance.Possible possible ? (isRight ? possible.Uncharged : possible.Charged) : null,
        };
    }

    /// <summary>
    /// What is added behind the text of a code, so that the browser can read the code by itself; empty without a web host.
    /// </summary>
    public static string WebOtpLine(ProjectSettings settings, string code) =>
        // WebOTP: the last line, exactly one space, nothing before the @ (WICG, "Origin-bound one-time codes").
        settings.WebOtpHost is { } host ? $"\n\n@{host} #{code}" : "";

    /// <summary>Our own wording.</summary>
    public SmsTemplate DefaultText(Project project, int codeLength) => SmsTemplate.DefaultOtp(
        project.Brand, codeLength, options.OtpLife, WebOtpLine(project.Settings, new string('0', codeLength)));

    /// <summary>A code is sent only where one may be entered.</summary>
    private async ValueTask<Decision> WhereEntriesAreLeftAsync(
        Flow flow, Decision sent, ProjectSettings settings, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (sent is not { Text: not null, Flow: { Possession: Challenged { Challenge.Digits: { } digits } } to })
        {
            return sent;
        }
        var allowance = await JudgeAsync(to, digits, settings, now, cancellationToken);
        return await ReachedAsync(allowance, flow, cancellationToken) is { } reached ? Spent(flow, reached, now) : sent;
    }

    /// <summary>What keeps codes from being entered: the line's limit, or that of the project over all lines.</summary>
    private async ValueTask<LimitReached?> ReachedAsync(Allowance ofLine, Flow flow, CancellationToken cancellationToken) =>
        ofLine is Allowance.Over { Reached: var reached } ? reached : await entries.JudgeAsync(flow.ProjectId, cancellationToken);

    private ValueTask<Allowance> JudgeAsync(
        Flow flow, int digits, ProjectSettings settings, DateTimeOffset now, CancellationToken cancellationToken) =>
        guesses.JudgeAsync(
            flow.Number, flow.ProjectId, digits, budget.Of(settings.GuessProbability), now, cancellationToken);

    private static Decision Spent(Flow flow, LimitReached reached, DateTimeOffset now) =>
        new(flow.With(reached.ToFact(now)).After(new BudgetSpent(PossessionMethod.Otp), now));

    private Decision Begin(Flow flow, Project project, DateTimeOffset now, Func<Challenge, PossessionEvent> sent)
    {
        var template = (flow.SmsMessage is { } own ? SmsTemplate.OfChecked(own, FlowType.Mobile) : null)
            ?? DefaultText(project, budget.DefaultDigits(project.Settings.GuessProbability, flow.AllowsOtpRetry));
        var (code, accepted) = codes.NewCode(flow.Number, template.Placeholder);
        var limits = new ChallengeLimits(flow.AllowsOtpRetry ? options.EntriesWithRetry : 1, options.Resends, numbers.MaxIn(flow));
        var challenge = new Challenge(
            hasher.Hash(flow.Id, Purpose, accepted), now, Deadline(flow, now), limits, template.Placeholder);

        var after = flow.After(sent(challenge), now);
        Guards.Drop("T02", ref after, () => flow.Possession is Succeeded
            ? flow with { Possession = new Challenged(new PossessionPlan(PossessionMethod.Otp), challenge) } : after);
        if (after == flow)
        {
            return new Decision(flow);
        }

        var text = template.Fill(code.Reveal(), isLink: false);
        text += WebOtpLine(project.Settings, code.Reveal());
        return new Decision(after, NewText(flow, new Secret(text), code, challenge, now));
    }

    private async ValueTask<Decision> ResendAsync(Flow flow, Challenged running, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var challenge = running.Challenge with { SentAt = now, Deadline = Deadline(flow, now) };
        var after = flow.After(new Resent(challenge), now);
        Guards.Drop("S02", ref after, () => after.Possession is Challenged again
            ? after with { Possession = again with { WrongEntries = 0 } } : after);
        // The code itself is nowhere but in the text that carried it.
        if (now < running.Challenge.SentAt + options.ResendInterval || after == flow
            || await texts.FindLastAsync(flow.Id, cancellationToken) is not { } last)
        {
            return new Decision(flow);
        }
        return new Decision(after, NewText(flow, last.Text.Text, last.Text.Proof, challenge, now)) { IsResend = true };
    }

    /// <summary>Of an entry that may be right; null for one that cannot be.</summary>
    private static int? DigitsOf(Secret entry, Challenge challenge)
    {
        var text = entry.Reveal();
        var isPossible = challenge.Digits is { } digits ? text.Length == digits : text.Length is >= 4 and <= 6;
        return isPossible && text.All(char.IsAsciiDigit) ? text.Length : null;
    }

    private DateTimeOffset Deadline(Flow flow, DateTimeOffset now) => TimeLimits.Within(flow, now + options.OtpLife);

    private static OutgoingText NewText(Flow flow, Secret text, Secret code, Challenge challenge, DateTimeOffset now) =>
        new(Guid.CreateVersion7(now), flow.Id, flow.Number, TextKind.Otp, text, code, now, challenge.Deadline)
        {
            Project = flow.ProjectId,
            Subject = flow.Subject,
        };
}
