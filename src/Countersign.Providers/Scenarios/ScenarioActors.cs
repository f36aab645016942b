using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Possession;
using Countersign.Core.Possession.DeviceKey;
using Countersign.Core.Possession.InstantLink;
using Countersign.Core.Possession.MobileAuth;
using Countersign.Core.Possession.Otp;
using Countersign.Core.PreFill;
using Countersign.Core.PreFill.Calls;
using Countersign.Core.Scenarios;
using Countersign.Core.Unify.Calls;
using Countersign.Core.VerifiedUser.Calls;

namespace Countersign.Providers.Scenarios;

/// <summary>What the relying party does: the calls that its endpoints make.</summary>
internal sealed class ScenarioRelyingParty(
    ScenarioScript script, ScenarioPhones phones, VerifyStarter verify, PreFillStarter preFill, UnifyStarter unify, PreFillCalls calls,
    OwnCheck ownCheck, FlowCancelling cancelling)
{
    private static readonly PersonName _name = new("Scenario", "Person");

    /// <summary>The act of a step; null where it is none of the relying party's.</summary>
    public Func<CancellationToken, Task>? Of(ScenarioStep step) => step.Do switch
    {
        ScenarioActs.Start => StartAsync,
        ScenarioActs.Cancel => token => cancelling.CancelAsync(phones.Flow, phones.Project.Id, token),
        ScenarioActs.Validate => token => calls.ValidateAsync(phones.Flow, token),
        ScenarioActs.Challenge => token => calls.ChallengeAsync(phones.Flow, PartialDate.Of(new DateOnly(1980, 1, 1)), null, token),
        ScenarioActs.Complete => token => calls.CompleteAsync(phones.Flow, new Person(_name, [], []), token),
        ScenarioActs.OwnCheck => token => ownCheck.AcceptAsync(phones.Flow, phones.Project.Id, ScenarioPhones.Number, token),
        _ => null,
    };

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        var person = await phones.PrepareAsync(cancellationToken);
        var start = new FlowStart(
            script.Type, script.Type == FlowType.Desktop ? $"{ScenarioPhones.Page}/done" : null, SmsMessage: null,
            AllowsOtpRetry: script.Flow.Entries > 1,
            NumberChange: script.Flow.MayNotChangeNumber ? NumberChangeTerms.NotPermitted : NumberChangeTerms.Permitted);
        var outcome = script.Product switch
        {
            Product.PreFill => await preFill.StartAsync(
                phones.Project, new PreFillRequest(start, ScenarioPhones.Number, null, null, null, null), AnswerAsync, null,
                cancellationToken),
            Product.Unify => await unify.StartAsync(
                phones.Project, new UnifyRequest(start, ScenarioPhones.Number, person, null, null, null, Rebinds: false), AnswerAsync, null,
                cancellationToken),
            _ => await verify.StartAsync(
                phones.Project, new VerifyRequest(start, ScenarioPhones.Number, _name, null, null), AnswerAsync, null, cancellationToken),
        };
        phones.Id = outcome is StartOutcome.Started started ? started.Flow
            : throw new ScenarioFault($"the flow did not begin ({outcome.GetType().Name})");
    }

    private ValueTask<byte[]> AnswerAsync(Flow flow, Secret? digits, CancellationToken cancellationToken)
    {
        phones.Digits = digits;
        return ValueTask.FromResult<byte[]>([]);
    }
}

/// <summary>What the browser and the phone do: the calls that their endpoints make.</summary>
internal sealed class ScenarioBrowser(
    ScenarioScript script, ScenarioPhones phones, FlowRunner runner, MobileAuthCalls mobileAuth, OtpMethod otp, InstantLinkMethod link,
    LinkCalls links, DeviceKeyCalls keys, PasskeyCalls passkeys)
{
    private const string Challenge = "scenario";

    /// <summary>The act of a step; null where it is neither the browser's nor the phone's.</summary>
    public Func<CancellationToken, Task>? Of(ScenarioStep step) => step.Do switch
    {
        ScenarioActs.MobileAuthBegin => async token =>
            await mobileAuth.BeginAsync(await phones.PresentAsync(token), phones.Project.Settings, ConnectionOf(step), token),
        ScenarioActs.MobileAuthReturn => async token =>
            await mobileAuth.FinishAsync(await phones.PresentAsync(token), ReturnedOf(step), null, token),
        ScenarioActs.MobileAuthFail => token => runner.ChangeAsync(phones.Flow, MobileAuthMethod.Fail, token),
        ScenarioActs.CodeBegin => token => runner.ChangeAsync(phones.Flow, async (flow, now) =>
            (await otp.SendAsync(flow, NumberOf(step), phones.Project, now, token)).Decision, token),
        ScenarioActs.CodeEnter => token => EnterAsync(step, token),
        ScenarioActs.LinkBegin => token => runner.ChangeAsync(phones.Flow, async (flow, now) =>
            (await link.SendAsync(flow, NumberOf(step), isResend: step.Again, browser: null, phones.Project, now, token)).Decision, token),
        ScenarioActs.LinkConfirm => async token => await links.ConfirmAsync(await LinkAsync(token), DigitsOf(step), browser: null, token),
        ScenarioActs.LinkDecline => async token => await links.DeclineAsync(await LinkAsync(token), token),
        ScenarioActs.GiveUp => token => runner.ChangeAsync(
            phones.Flow, (flow, now) => flow.After(new PossessionEvent.GivenUp(), now), token),
        ScenarioActs.DeviceRegister => async token =>
            await keys.RegisterAsync(await phones.PresentAsync(token), phones.Shown, token),
        ScenarioActs.DeviceFail => token => runner.ChangeAsync(phones.Flow, DeviceKeyMethod.FailPasskeyOrKey, token),
        ScenarioActs.DeviceProve => ProveAsync,
        ScenarioActs.PasskeyAnswer => ShowPasskeyAsync,
        _ => null,
    };

    private string? NumberOf(ScenarioStep step) => step.Number is null ? null : phones.AnotherNumber();

    private static BrowserConnection ConnectionOf(ScenarioStep step) =>
        step.Silent ? new BrowserConnection(null, MobileAuthTransport.Fetch)
        : new BrowserConnection(null, MobileAuthTransport.Redirect, step.Answer == ScenarioActs.PageNotAllowed
            ? "https://elsewhere.example/back" : $"{ScenarioPhones.Page}/back");

    private Secret ReturnedOf(ScenarioStep step) =>
        step.Answer == ScenarioActs.AnotherFlow || script.NetworkProof is not { } proof ? new Secret("of another flow") : proof;

    private async Task EnterAsync(ScenarioStep step, CancellationToken cancellationToken)
    {
        var right = await phones.LastProofAsync(cancellationToken);
        var entry = new Secret(step.Entry == ScenarioWords.Right ? right : Another(right));
        await runner.ChangeAsync(
            phones.Flow, (flow, now) => otp.EnterAsync(flow, entry, phones.Project.Settings, now, cancellationToken), cancellationToken);
    }

    private Secret DigitsOf(ScenarioStep step)
    {
        var right = phones.Digits?.Reveal() ?? "";
        return new Secret(step.Entry == ScenarioWords.Right ? right : Another(right));
    }

    /// <summary>As many digits, and each another.</summary>
    private static string Another(string digits) =>
        digits.Length == 0 ? "0000" : string.Concat(digits.Select(digit => digit == '9' ? '0' : (char)(digit + 1)));

    private async Task<OpenedLink> LinkAsync(CancellationToken cancellationToken)
    {
        var address = await phones.LastProofAsync(cancellationToken);
        return await links.FindAsync(address[(address.LastIndexOf('/') + 1)..], cancellationToken)
            ?? throw new ScenarioFault("there is no link to open");
    }

    private async Task ProveAsync(CancellationToken cancellationToken)
    {
        var (device, keyId, signature) = phones.Prove(Challenge);
        await keys.ProveAsync(await phones.PresentAsync(cancellationToken), device, keyId, signature, Challenge, cancellationToken);
    }

    private async Task ShowPasskeyAsync(CancellationToken cancellationToken)
    {
        var flow = await phones.PresentAsync(cancellationToken);
        await passkeys.AskAsync(flow, phones.Project, PasskeyPage.Of(ScenarioPhones.Page), null, null, cancellationToken);
        await passkeys.RegisterAsync(flow, phones.Project, "{}", null, cancellationToken);
    }
}
