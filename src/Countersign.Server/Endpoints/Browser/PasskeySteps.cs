using System.Text.Json;
using Countersign.Core;
using Countersign.Core.Devices;
using Countersign.Core.Flows;
using Countersign.Core.Identities;
using Countersign.Core.Possession.DeviceKey;
using Countersign.Core.Projects;
using Countersign.Core.Unify;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Endpoints.RelyingParty;
using Countersign.Server.Security.WebAuthn;
using Countersign.Server.Security;

namespace Countersign.Server.Endpoints.Browser;

/// <summary>POST /v1/client/device/fido2/start: what the browser is to ask its authenticator for.</summary>
internal static class PasskeyStart
{
    // A person has a few. Their ids stand in the question, which must not grow without end.
    private const int MostPasskeys = 10;

    public static RequestDelegate Endpoint { get; } = BrowserEndpoint.Of(PasskeyStartRequest.Read, HandleAsync, PasskeyBody.MostBytes);

    private static async Task<StepAnswer> HandleAsync(BrowserCall<PasskeyStartRequest> call)
    {
        var (flow, project) = (call.Caller.Flow, call.Caller.Project);
        if (project.Settings.Passkeys == Passkeys.Off || !DeviceKeyMethod.IsPartOf(flow))
        {
            return StepAnswer.Fail(StepError.NotOffered, Steps.NameWithoutPasskey(flow));
        }
        if (PasskeyPage.Of(call.Context.Request) is not { } page)
        {
            return StepAnswer.Fail(StepError.NoPasskeysHere, Steps.NameWithoutPasskey(flow));
        }

        var verification = project.Settings.Passkeys == Passkeys.Required ? UserVerification.Required : UserVerification.Preferred;
        var (next, asked, data) = await FindOfPersonAsync(call, page.Domain) is { Count: > 0 } passkeys
            ? await AskToUseAsync(page, project, passkeys, verification)
            : await AskToMakeAsync(call, page, verification);
        var changed = await call.ChangeAsync((present, _) => DeviceKeyMethod.Ask(present, asked));
        return changed.Unify?.Passkey == asked
            ? new StepAnswer(next, Data: data)
            : StepAnswer.Fail(changed.IsDecided ? StepError.AlreadyDecided : StepError.NotInThisFlow, Steps.NameWithoutPasskey(changed));
    }

    private static async Task<(string Next, AskedPasskey Asked, StepData Data)> AskToUseAsync(
        PasskeyPage page, Project project, IReadOnlyList<Passkey> passkeys, UserVerification verification)
    {
        var use = await PasskeyCeremonies.BeginAssertionAsync(page.RelyingPartyOf(project), passkeys, verification);
        return (Steps.UsePasskey, new AskedPasskey(page.Origin, Assertion: use.State), new StepData(CredRequestOptions: JsonElement.Parse(use.OptionsJson)));
    }

    private static async Task<(string Next, AskedPasskey Asked, StepData Data)> AskToMakeAsync(
        BrowserCall<PasskeyStartRequest> call, PasskeyPage page, UserVerification verification)
    {
        var relyingParty = page.RelyingPartyOf(call.Caller.Project);
        var owner = new PasskeyOwner(
            DeviceIds.Print(Guid.CreateVersion7(call.Service<TimeProvider>().GetUtcNow())), call.Request.DisplayName ?? call.Caller.Flow.Number.ToString());
        var held = await FindOfBrowserAsync(call, page.Domain);
        var make = await PasskeyCeremonies.BeginRegistrationAsync(relyingParty, owner, held, verification);
        // An authenticator that holds one already makes no second one, and may use that one instead.
        var use = held.Count > 0 ? await PasskeyCeremonies.BeginAssertionAsync(relyingParty, held, verification) : null;
        return (
            Steps.MakePasskey,
            new AskedPasskey(page.Origin, make.State, use?.State),
            new StepData(
                CredCreateOptions: JsonElement.Parse(make.OptionsJson),
                CredRequestOptions: use is null ? null : JsonElement.Parse(use.OptionsJson)));
    }

    /// <summary>Passkeys of the person behind the flow's number.</summary>
    private static async Task<IReadOnlyList<Passkey>> FindOfPersonAsync(BrowserCall<PasskeyStartRequest> call, string domain)
    {
        var flow = call.Caller.Flow;
        return await call.Service<IIdentityStore>().FindAsync(flow.ProjectId, flow.Number, call.Aborted) is { } person
            ? await call.Service<IPasskeyStore>().OfIdentityAsync(flow.ProjectId, domain, person.Id, MostPasskeys, call.Aborted)
            : [];
    }

    /// <summary>Passkeys of the device that the browser takes itself for.</summary>
    private static async Task<IReadOnlyList<Passkey>> FindOfBrowserAsync(BrowserCall<PasskeyStartRequest> call, string domain) =>
        call.Request.DeviceId is { } text && DeviceIds.TryParse(text, out var device)
            ? await call.Service<IPasskeyStore>().OfDeviceAsync(call.Caller.Project.Id, domain, device, MostPasskeys, call.Aborted)
            : [];
}

/// <param name="DisplayName">What the person sees when they choose between passkeys.</param>
internal sealed record PasskeyStartRequest(string? DisplayName, string? DeviceId)
{
    public static PasskeyStartRequest Read(RequestBody body) => new(body.Text("displayName", check: Fields.ClientId), body.Text("deviceId"));

    public override string ToString() => "***";
}

/// <summary>POST /v1/client/device/fido2/register/finish: the passkey that the authenticator has made, and a device key beside it.</summary>
internal static class PasskeyRegisterFinish
{
    public static RequestDelegate Endpoint { get; } = BrowserEndpoint.Of(PasskeyBody.ReadRegistration, HandleAsync, PasskeyBody.MostBytes);

    private static async Task<StepAnswer> HandleAsync(BrowserCall<PasskeyBody> call)
    {
        var asked = await PasskeyAnswers.TakeAskedAsync(call);
        if (asked is not { Registration: { } state } || !call.Request.TryProve(call.Caller.Challenge, out var key))
        {
            return await PasskeyAnswers.RefuseAsync(call);
        }

        var page = PasskeyPage.OfKept(asked.Origin);
        var outcome = await PasskeyCeremonies.FinishRegistrationAsync(page.RelyingPartyOf(call.Caller.Project), state, call.Request.Credential);
        if (outcome is not RegistrationOutcome.Registered { Passkey: var passkey })
        {
            return await PasskeyAnswers.RefuseAsync(call, (outcome as RegistrationOutcome.Refused)?.Reason);
        }

        var device = new Device(
            Guid.Parse(passkey.Owner), call.Caller.Project.Id, key is null ? null : call.Request.DeviceKey!.KeyId, key?.Spki,
            call.Service<TimeProvider>().GetUtcNow(), KeptUntil: DeviceKeyMethod.KeptUntil(call.Caller.Flow));
        // What the authenticator made is there from now on, whether the page still waits or not.
        if (!await call.Service<IPasskeyStore>().TryAddAsync(device, page.Domain, passkey, CancellationToken.None))
        {
            return await PasskeyAnswers.RefuseAsync(call);
        }

        var flow = await call.ChangeAsync((present, now) => DeviceKeyMethod.Take(present, device.Id, now));
        return flow.Unify?.DeviceId == device.Id
            ? new StepAnswer(Steps.NameOf(flow), Data: new StepData(DeviceId: DeviceIds.Print(device.Id)))
            : StepAnswer.Fail(StepError.NotInThisFlow, Steps.NameWithoutPasskey(flow));
    }
}

/// <summary>POST /v1/client/device/fido2/verify/finish: the proof of a passkey of an earlier flow, and a device key beside it where the browser has none yet.</summary>
internal static class PasskeyVerifyFinish
{
    public static RequestDelegate Endpoint { get; } = BrowserEndpoint.Of(PasskeyBody.ReadProof, HandleAsync, PasskeyBody.MostBytes);

    private static async Task<StepAnswer> HandleAsync(BrowserCall<PasskeyBody> call)
    {
        var asked = await PasskeyAnswers.TakeAskedAsync(call);
        if (asked is not { Assertion: { } state } || !call.Request.TryProve(call.Caller.Challenge, out var key))
        {
            return await PasskeyAnswers.RefuseAsync(call);
        }

        var (devices, passkeys, project) = (call.Service<IDeviceStore>(), call.Service<IPasskeyStore>(), call.Caller.Project);
        var page = PasskeyPage.OfKept(asked.Origin);
        if (PasskeyCeremonies.CredentialIdOf(call.Request.Credential) is not { } credentialId
            || await passkeys.FindAsync(project.Id, page.Domain, credentialId, call.Aborted) is not { } known)
        {
            return await PasskeyAnswers.RefuseAsync(call);
        }
        var outcome = await PasskeyCeremonies.FinishAssertionAsync(page.RelyingPartyOf(project), state, call.Request.Credential, known);
        if (outcome is not AssertionOutcome.Proven { Passkey: var proven })
        {
            if (outcome is AssertionOutcome.Refused { Reason: PasskeyRefusal.BackupEligibilityChanged or PasskeyRefusal.CounterWentBack })
            {
                // It would fail again, or there is a copy: not asked for again, so that the next flow may make one that lasts.
                await passkeys.ForgetAsync(project.Id, page.Domain, credentialId, CancellationToken.None);
            }
            return await PasskeyAnswers.RefuseAsync(call, (outcome as AssertionOutcome.Refused)?.Reason);
        }
        // From here on it is finished even if the page goes away: a proof that was looked at has to count.
        if (!await passkeys.TryCountAsync(proven, known.Counter, CancellationToken.None))
        {
            return await PasskeyAnswers.RefuseAsync(call);
        }

        var owner = Guid.Parse(proven.Owner);
        Device? broughtIn = null;
        if (key is not null)
        {
            // Stored before the flow remembers it, for the flow is tied to it in the same breath.
            broughtIn = new Device(
                DeviceKeyMethod.IdOf(call.Caller.Flow, key), project.Id, call.Request.DeviceKey!.KeyId, key.Spki,
                call.Service<TimeProvider>().GetUtcNow(), VouchedBy: owner, KeptUntil: DeviceKeyMethod.KeptUntil(call.Caller.Flow));
            await devices.AddAsync(broughtIn, CancellationToken.None);
        }

        var method = call.Service<DeviceKeyMethod>();
        var proof = DeviceProof.OutOfTurn;
        var flow = await call.ChangeAsync(async (present, now) =>
        {
            // Looked at each time: it may be revoked, or somebody else's, by now.
            if (await devices.FindAsync(owner, CancellationToken.None) is not { IsRevoked: false } shown)
            {
                proof = DeviceProof.NoDevice;
                return new Decision(present);
            }
            (var changed, proof) = await method.AcceptAsync(present, shown, (broughtIn ?? shown).Id, now, CancellationToken.None);
            return new Decision(changed);
        });
        if (proof != DeviceProof.Right)
        {
            return StepAnswer.Fail(flow.IsDecided ? StepError.AlreadyDecided : StepError.NotInThisFlow, Steps.NameWithoutPasskey(flow));
        }
        // A browser that has a key goes on calling it by its own id.
        var data = broughtIn is null ? null : new StepData(DeviceId: DeviceIds.Print(broughtIn.Id));
        return (flow.CurrentMethod is null && flow.Type != FlowType.None ? StepAnswer.Result(flow) : StepAnswer.Go(Steps.NameOf(flow))) with { Data = data };
    }
}

/// <summary>POST /v1/client/device/fido2/error: the person did not want to, or the browser could not. The device key does without.</summary>
internal static class PasskeyError
{
    public static RequestDelegate Endpoint { get; } = BrowserEndpoint.Of(
        ErrorReport.Read,
        async call => StepAnswer.Go(Steps.NameWithoutPasskey(await call.ChangeAsync((present, _) => DeviceKeyMethod.TakeAsked(present)))),
        PasskeyBody.MostBytes);
}

/// <summary>What both kinds of answers of an authenticator have in common.</summary>
internal static class PasskeyAnswers
{
    /// <summary>What the browser was asked for, taken away from the flow; null when it was asked for nothing, or has answered already.</summary>
    public static async Task<AskedPasskey?> TakeAskedAsync(BrowserCall<PasskeyBody> call)
    {
        AskedPasskey? asked = null;
        await call.ChangeAsync((present, _) =>
        {
            var taken = DeviceKeyMethod.TakeAsked(present);
            asked = taken == present ? null : present.Unify!.Passkey;
            return taken;
        });
        return asked;
    }

    /// <param name="reason">For the log and the flow's timeline; the page hears no reason.</param>
    public static async Task<StepAnswer> RefuseAsync(BrowserCall<PasskeyBody> call, PasskeyRefusal? reason = null)
    {
        if (reason is { } known)
        {
            Log.PasskeyRefused(call.Service<ILogger<DeviceKeyMethod>>(), call.Caller.Flow.Id, known);
        }
        var flow = await call.ChangeAsync((present, now) =>
            reason is { } why ? present.With(new FlowEvent(now, FlowEventCode.PasskeyRefused) { Reason = CodeOf(why) }) : present);
        return StepAnswer.Fail(StepError.PasskeyNotAccepted, Steps.NameWithoutPasskey(flow));
    }

    private static string CodeOf(PasskeyRefusal reason) => reason switch
    {
        PasskeyRefusal.Malformed => FlowReason.PasskeyMalformed,
        PasskeyRefusal.OtherCeremony => FlowReason.PasskeyNotAskedFor,
        PasskeyRefusal.OriginNotAllowed => FlowReason.PasskeyPageNotAllowed,
        PasskeyRefusal.CounterWentBack => FlowReason.PasskeyCounter,
        PasskeyRefusal.Overtaken => FlowReason.PasskeyOvertaken,
        PasskeyRefusal.NotVerified => FlowReason.PasskeyNotVerified,
        PasskeyRefusal.BackupEligibilityChanged => FlowReason.PasskeyBackupChanged,
        _ => FlowReason.PasskeyNotProven,
    };
}

/// <param name="Credential">JSON of the authenticator's answer, as the browser gave it.</param>
/// <param name="DeviceKey">The key that the browser keeps from now on; null when it sent none.</param>
internal sealed record PasskeyBody(string Credential, DeviceKeyRegistration? DeviceKey)
{
    /// <summary>A key of 2048 bits and its attestation are some kilobytes in base64url.</summary>
    public const int MostBytes = 16 * 1024;

    // The passkey, and the device key beside it.
    private const int MostRegistrations = 2;

    public static PasskeyBody ReadRegistration(RequestBody body)
    {
        DeviceKeyRegistration.ReadBrowser(body);
        var registrations = body.Objects("registrations", MostRegistrations, isRequired: true);
        var credential = registrations is [var first, ..] ? first.Json("webAuthnCredential") : null;
        return new PasskeyBody(credential ?? "", registrations.Count > 1 ? DeviceKeyRegistration.ReadKey(registrations[1]) : null);
    }

    public static PasskeyBody ReadProof(RequestBody body)
    {
        var credential = body.Json("webAuthnAssertion");
        DeviceKeyRegistration.ReadBrowser(body);
        var registrations = body.Objects("registrations", most: 1);
        return new PasskeyBody(credential ?? "", registrations.Count > 0 ? DeviceKeyRegistration.ReadKey(registrations[0]) : null);
    }

    /// <summary>False when a device key is there, but not the proof that the browser holds it.</summary>
    /// <param name="key">Null when none is there.</param>
    public bool TryProve(string challenge, out DevicePublicKey? key)
    {
        key = DeviceKey?.KeyProvenFor(challenge);
        return DeviceKey is null || key is not null;
    }

    public override string ToString() => "***";
}
