using System.Buffers.Text;
using System.Security.Cryptography;
using Countersign.Core.Flows;
using Countersign.Core.Keys;
using Countersign.Core.Projects;
using Countersign.Core.Texts;
using static Countersign.Core.Possession.PossessionEvent;
using static Countersign.Core.Possession.PossessionState;

namespace Countersign.Core.Possession.InstantLink;

/// <summary>Possession by a link in a text, opened and confirmed on the phone.</summary>
public sealed class InstantLinkMethod(PublicAddress address, NumberChange numbers, SecretHasher hasher, PossessionOptions options)
{
    private const string LinkPurpose = "link";

    /// <summary>Characters of a link on this server.</summary>
    public int LinkLength => LinkAddress.LengthOf(address.Origin);

    /// <summary>Hash by which the flow of a link is found.</summary>
    public SecretHash HashOf(string linkToken) => hasher.Hash(LinkPurpose, new Secret(linkToken));

    /// <summary>
    /// Sends the link unless one is out already. A new link, sent again or to another number, takes the place of the one that is out.
    /// </summary>
    /// <param name="number">As the person typed it; null when the page sends none.</param>
    /// <param name="isResend">The page asks for another link.</param>
    /// <param name="browser">Which asks for it; null when it is not known.</param>
    public async ValueTask<(Decision Decision, NumberRefusal? Refused)> SendAsync(
        Flow flow, string? number, bool isResend, SeenBrowser? browser, Project project, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var asked = new Asked(project, browser, now);
        switch (await numbers.JudgeAsync(flow, number, project.Settings, cancellationToken))
        {
            case NumberVerdict.Refused refused:
                return (new Decision(refused.In(flow, now)), refused.Why);
            case NumberVerdict.Changed changed:
                var begun = Send(changed.In(flow), asked, challenge => new NumberChanged(PossessionMethod.InstantLink, challenge));
                return (begun.Text is null ? new Decision(flow) : begun, null);
            default:
                return (flow.CurrentMethod == PossessionMethod.InstantLink ? Send(flow, asked, isResend) : new Decision(flow), null);
        }
    }

    /// <summary>The confirm button was pressed.</summary>
    /// <param name="digits">What was typed, when the flow asks for the desktop's digits.</param>
    /// <param name="browser">In which it was pressed; null when it is not known.</param>
    public Flow Confirm(Flow flow, SecretHash link, Secret digits, SeenBrowser? browser, DateTimeOffset now)
    {
        if (flow.Possession is not Challenged { Challenge: var challenge })
        {
            return flow;
        }
        // A link replaced by a newer one between being found and being confirmed no longer counts.
        var isOwn = challenge.Proof.Matches(link);
        Guards.Drop("L09", ref isOwn, () => true);
        if (!isOwn)
        {
            return flow;
        }

        var isRight = flow.MatchDigits is not { } expected || expected.Matches(MatchDigits.HashOf(hasher, flow.Id, digits));
        Guards.Drop("L05", ref isRight, () => true);
        Guards.Drop("L09", ref isRight, () => isRight || !challenge.Proof.Matches(link));
        var isSameDevice = isRight && browser is not null && flow.BegunBy?.IsVery(browser) == true;
        Guards.Drop("L15", ref isSameDevice, () => false);
        return isRight
            ? (flow with { IsSameDevice = isSameDevice }).After(new ProofAccepted(), now)
            : flow.After(new ProofRejected(), now);
    }

    private Decision Send(Flow flow, Asked asked, bool isResend) => flow.Possession switch
    {
        Ready => Send(flow, asked, challenge => new ChallengeSent(PossessionMethod.InstantLink, challenge)),
        Challenged c when isResend && asked.Now >= c.Challenge.SentAt + options.ResendInterval =>
            Send(flow, asked, challenge => new Resent(challenge)) with { IsResend = true },
        _ => new Decision(flow),
    };

    private Decision Send(Flow flow, Asked asked, Func<Challenge, PossessionEvent> sent)
    {
        var now = asked.Now;
        var chance = RandomNumberGenerator.GetBytes(LinkAddress.TokenBytes);
        Guards.Drop("L07", ref chance, () => [.. new byte[chance.Length - 4], .. chance[..4]]);
        var token = new Secret(Base64Url.EncodeToString(chance));
        var deadline = TimeLimits.Within(flow, now + options.LinkLife);
        var limits = new ChallengeLimits(flow.MatchDigits is null ? 1 : options.EntriesWithRetry, options.Resends, numbers.MaxIn(flow));
        var after = flow.After(sent(new Challenge(HashOf(token.Reveal()), now, deadline, limits)), now);
        if (after == flow)
        {
            return new Decision(flow);
        }

        var link = new Secret(address.Origin + LinkAddress.Path + token.Reveal());
        // This server's address may have become longer since the text was checked: then ours goes out.
        var template = (flow.SmsMessage is { } own ? SmsTemplate.OfChecked(own, FlowType.Desktop, LinkLength) : null)
            ?? SmsTemplate.DefaultLink(asked.Project.Brand, LinkLength, options.LinkLife);
        var text = new Secret(template.Fill(link.Reveal(), isLink: true));
        return new Decision(
            after with { BegunBy = flow.BegunBy ?? asked.Browser },
            new OutgoingText(Guid.CreateVersion7(now), flow.Id, flow.Number, TextKind.Link, text, link, now, deadline)
            {
                Project = flow.ProjectId,
                Subject = flow.Subject,
            });
    }

    private sealed record Asked(Project Project, SeenBrowser? Browser, DateTimeOffset Now)
    {
        public override string ToString() => nameof(Asked);
    }
}
