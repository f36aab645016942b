using Countersign.Core.Devices;
using Countersign.Core.Possession;
using Countersign.Core.Projects;
using Countersign.Core.Texts;

namespace Countersign.Core.Flows;

/// <summary>
/// The text that tells a phone that a browser is remembered from now on. Attack: a person is talked into reading out one code, and the
/// browser that it is typed into needs none ever after.
/// </summary>
public sealed class DeviceNotices(ProjectDirectory projects, PublicAddress address, PossessionOptions possession, DeviceKeyOptions keys)
{
    /// <summary>The wording; one segment.</summary>
    /// <param name="name">The project's, which is left out where it does not fit, or where phones would make a link of it.</param>
    public static string TextFor(string name, IReadOnlyCollection<string> names)
    {
        var named = SmsAlphabet.Simplify(
            $"{name}: a browser was remembered and needs no code for this number any more. Not you? Tell {name}.");
        return SmsAlphabet.EncodingOf(named) == SmsEncoding.Gsm7 && SmsAlphabet.CountSegments(named) == 1
            && Wording.Problem(named, names) is null
                ? named
                : "A browser was remembered and needs no code for this number any more. Not you? Tell the service that you entered a code "
                    + "for.";
    }

    /// <summary>What the phone of a flow is told that has just tied a device; null when it is told nothing.</summary>
    public async ValueTask<OutgoingText?> OfAsync(Flow flow, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Only who can be talked out of it needs to be told: a code or a link is known to the person who was asked for it.
        if (flow.Possession is not PossessionState.Succeeded { Method: var method }
            || (method != PossessionMethod.Otp && method != PossessionMethod.InstantLink)
            || await projects.FindProjectAsync(flow.ProjectId, cancellationToken) is not { } project
            || !keys.IsTold(project.Settings.DeviceNotice))
        {
            return null;
        }
        var text = TextFor(project.Name, project.Settings.NamesInTexts(address.Origin));
        return new OutgoingText(
            Guid.CreateVersion7(now), flow.Id, flow.Number, TextKind.DeviceNotice, new Secret(text), new Secret(""), now,
            now + possession.FlowLife)
        {
            Project = flow.ProjectId,
            Subject = flow.Subject,
        };
    }
}
