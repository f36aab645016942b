using Countersign.Core.Flows;
using Countersign.Core.Keys;
using Countersign.Core.Projects;
using Countersign.Core.Texts;
using static Countersign.Core.Possession.PossessionEvent;
using static Countersign.Core.Possession.PossessionState;

namespace Countersign.Core.Possession.Otp;

/// <summary>Possession by a code in a text.</summary>
public sealed class OtpMethod(
    ICodeGenerator codes, ITextStore texts, NumberChange numbers, SecretHasher hasher, PossessionOptions options, GuessBudget guesses)
{
    private const string Purpose = "otp";

    /// <summary>Sends a code; if one is out already, sends the same one again; to another number, a new one.</summary>
    /// <param name="number">As the person typed it; null when the page sends none.</param>
    public async ValueTask<(Decision Decision, NumberRefusal? Refused)> SendAsync(
        Flow flow, string? number, ProjectSettings settings, DateTimeOffset now, CancellationToken cancellationToken)
    {
        switch (await numbers.JudgeAsync(flow, number, settings, cancellationToken))
        {
            case NumberVerdict.Refused refused:
                return (new Decision(refused.In(flow, now)), refused.Why);
            case NumberVerdict.Changed changed:
                // The former code dies with the challenge that it was for.
                var begun = Begin(changed.In(flow), settings, now, challenge => new NumberChanged(PossessionMethod.Otp, challenge));
                return (begun.Text is null ? new Decision(flow) : begun, null);
            default:
                return (flow.Possession is Challenged running && flow.CurrentMethod == PossessionMethod.Otp
                    ? await ResendAsync(flow, running, now, cancellationToken)
                    : Begin(flow, settings, now, challenge => new ChallengeSent(PossessionMethod.Otp, challenge)), null);
        }
    }

    /// <summary>An entry was made, whatever it says.</summary>
    public Flow Enter(Flow flow, Secret entry, DateTimeOffset now)
    {
        if (flow.Possession is not Challenged running || flow.CurrentMethod != PossessionMethod.Otp)
        {
            return flow;
        }

        // What is decided here is told to nobody before it is saved, and of many parallel entries one is saved at a time:
        // so each of them counts, and the one too many finds possession failed.
        var isRight = running.Challenge.Proof.Matches(hasher.Hash(flow.Id, Purpose, entry));
        return flow.After(isRight ? new ProofAccepted() : new ProofRejected(), now);
    }

    /// <summary>
    /// What is added behind the text of a code, so that the browser can read the code by itself; empty without a web host.
    /// </summary>
    public static string WebOtpLine(ProjectSettings settings, string code) =>
        // WebOTP: the last line, exactly one space, nothing before the @ (WICG, "Origin-bound one-time codes").
        settings.WebOtpHost is { } host ? $"\n\n@{host} #{code}" : "";

    private Decision Begin(Flow flow, ProjectSettings settings, DateTimeOffset now, Func<Challenge, PossessionEvent> sent)
    {
        var template = (flow.SmsMessage is { } own ? SmsTemplate.OfChecked(own, FlowType.Mobile) : null)
            ?? SmsTemplate.DefaultOtp(guesses.DefaultDigits(settings.GuessProbability, flow.AllowsOtpRetry), options.OtpLife);
        var (code, accepted) = codes.NewCode(flow.Number, template.Placeholder);
        var limits = new ChallengeLimits(flow.AllowsOtpRetry ? options.EntriesWithRetry : 1, options.Resends, numbers.MaxIn(flow));
        var challenge = new Challenge(hasher.Hash(flow.Id, Purpose, accepted), now, Deadline(flow, now), limits);

        var after = flow.After(sent(challenge), now);
        if (after == flow)
        {
            return new Decision(flow);
        }

        var text = template.Fill(code.Reveal(), isLink: false);
        text += WebOtpLine(settings, code.Reveal());
        return new Decision(after, NewText(flow, new Secret(text), code, challenge, now));
    }

    private async ValueTask<Decision> ResendAsync(Flow flow, Challenged running, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var challenge = running.Challenge with { SentAt = now, Deadline = Deadline(flow, now) };
        var after = flow.After(new Resent(challenge), now);
        // The code itself is nowhere but in the text that carried it.
        if (now < running.Challenge.SentAt + options.ResendInterval || after == flow
            || await texts.FindLastAsync(flow.Id, cancellationToken) is not { } last)
        {
            return new Decision(flow);
        }
        return new Decision(after, NewText(flow, last.Text.Text, last.Text.Proof, challenge, now));
    }

    private DateTimeOffset Deadline(Flow flow, DateTimeOffset now) => TimeLimits.Within(flow, now + options.OtpLife);

    private static OutgoingText NewText(Flow flow, Secret text, Secret code, Challenge challenge, DateTimeOffset now) =>
        new(Guid.CreateVersion7(now), flow.Id, flow.Number, TextKind.Otp, text, code, now, challenge.Deadline);
}
