using Countersign.Core.Devices;
using Countersign.Core.Enrolments;
using Countersign.Core.Flows;
using Countersign.Core.Projects;
using Countersign.Core.Unify;

namespace Countersign.Core.Possession.DeviceKey;

/// <summary>
/// Asks a browser for a passkey and takes what its authenticator answers: in which order flow, passkey and device are looked at and stored.
/// </summary>
public sealed class PasskeyCalls(
    IPasskeyCeremony ceremony, FlowRunner flows, DeviceKeyMethod method, IPasskeyStore passkeys, IDeviceStore devices,
    IIdentityStore identities, IPasskeyJournal journal, DeviceKeyOptions options, TimeProvider time)
{
    // A person has a few. Their ids stand in the question, which must not grow without end.
    private const int MaxPasskeys = 10;

    private KeyHorizon Horizon => options.HorizonAt(time.GetUtcNow());

    /// <summary>What the browser is to ask its authenticator for.</summary>
    /// <param name="page">Null when the call names no page that may have passkeys.</param>
    /// <param name="displayName">What the person sees when they choose between passkeys; null for their number.</param>
    /// <param name="browser">The device that the browser takes itself for; null when it takes itself for none.</param>
    public async Task<PasskeyQuestion> AskAsync(
        Flow flow, Project project, PasskeyPage? page, string? displayName, Guid? browser, CancellationToken cancellationToken)
    {
        if (project.Settings.Passkeys == Passkeys.Off || !DeviceKeyMethod.IsPartOf(flow))
        {
            return new PasskeyQuestion.NotOffered();
        }
        if (page is null)
        {
            return new PasskeyQuestion.NotHere();
        }

        var verification = project.Settings.Passkeys == Passkeys.Required ? UserVerification.Required : UserVerification.Preferred;
        var (asked, question) = await FindOfPersonAsync(flow, page.Domain, cancellationToken) is { Count: > 0 } held
            ? await AskToUseAsync(page, project, held, verification)
            : await AskToMakeAsync(
                page, project, displayName ?? flow.Number.ToString(),
                await FindOfBrowserAsync(project, page.Domain, browser, cancellationToken), verification);
        var changed = await flows.ChangeAndSettleAsync(flow, (present, _) =>
            ValueTask.FromResult(new Decision(DeviceKeyMethod.Ask(present, asked))), cancellationToken);
        return (changed.Tail as UnifyProgress)?.Passkey == asked ? question : new PasskeyQuestion.OutOfTurn(changed);
    }

    /// <summary>Takes the passkey that the authenticator has made, and a device key beside it.</summary>
    /// <param name="credential">JSON of the authenticator's answer, as the browser gave it.</param>
    /// <param name="key">The key that the browser keeps from now on; null when it sent none.</param>
    public async Task<PasskeyOutcome> RegisterAsync(
        Flow flow, Project project, string credential, ShownKey? key, CancellationToken cancellationToken)
    {
        var asked = await TakeAskedAsync(flow, cancellationToken);
        if (asked is not { Registration: { } state } || key is { Proven: null })
        {
            return await RefuseAsync(flow, null, cancellationToken);
        }

        var page = PasskeyPage.OfKept(asked.Origin);
        var outcome = await ceremony.FinishRegistrationAsync(page.RelyingPartyOf(project), state, credential);
        if (outcome is not RegistrationOutcome.Registered { Passkey: var passkey })
        {
            return await RefuseAsync(flow, (outcome as RegistrationOutcome.Refused)?.Reason, cancellationToken);
        }

        var device = new Device(
            Guid.Parse(passkey.Owner), project.Id, key?.KeyId, key?.Proven?.Spki, time.GetUtcNow(),
            KeptUntil: DeviceKeyMethod.KeptUntil(flow));
        // What the authenticator made is there from now on, whether the page still waits or not.
        if (!await passkeys.TryAddAsync(device, page.Domain, passkey, CancellationToken.None))
        {
            return await RefuseAsync(flow, null, cancellationToken);
        }

        var changed = await flows.ChangeAndSettleAsync(
            flow, (present, now) => ValueTask.FromResult(new Decision(DeviceKeyMethod.Take(present, device.Id, now))), cancellationToken);
        return (changed.Tail as UnifyProgress)?.DeviceId == device.Id ? new PasskeyOutcome.Taken(changed, device.Id)
            : new PasskeyOutcome.OutOfTurn(changed);
    }

    /// <summary>Takes the proof of a passkey of an earlier flow, and a device key beside it where the browser has none yet.</summary>
    /// <param name="credential">JSON of the authenticator's answer, as the browser gave it.</param>
    /// <param name="key">The key that the browser keeps from now on; null when it sent none.</param>
    public async Task<PasskeyOutcome> ProveAsync(
        Flow flow, Project project, string credential, ShownKey? key, CancellationToken cancellationToken)
    {
        var asked = await TakeAskedAsync(flow, cancellationToken);
        if (asked is not { Assertion: { } state } || key is { Proven: null })
        {
            return await RefuseAsync(flow, null, cancellationToken);
        }

        var page = PasskeyPage.OfKept(asked.Origin);
        if (ceremony.CredentialIdOf(credential) is not { } credentialId
            || await passkeys.FindAsync(project.Id, page.Domain, credentialId, Horizon, cancellationToken) is not { } known)
        {
            return await RefuseAsync(flow, null, cancellationToken);
        }
        var outcome = await ceremony.FinishAssertionAsync(page.RelyingPartyOf(project), state, credential, known);
        if (outcome is not AssertionOutcome.Proven { Passkey: var proven })
        {
            if (outcome is AssertionOutcome.Refused { Reason: PasskeyRefusal.BackupEligibilityChanged or PasskeyRefusal.CounterWentBack })
            {
                // It would fail again, or there is a copy: not asked for again, so that the next flow may make one that lasts.
                await passkeys.ForgetAsync(project.Id, page.Domain, credentialId, CancellationToken.None);
            }
            return await RefuseAsync(flow, (outcome as AssertionOutcome.Refused)?.Reason, cancellationToken);
        }
        // From here on it is finished even if the page goes away: a proof that was looked at has to count.
        if (!await passkeys.TryCountAsync(proven, known.Counter, CancellationToken.None))
        {
            return await RefuseAsync(flow, null, cancellationToken);
        }

        var owner = Guid.Parse(proven.Owner);
        Device? broughtIn = null;
        if (key is { Proven: { } own })
        {
            // Stored before the flow remembers it, for the flow is tied to it in the same breath. It shows nothing that the passkey did
            // not, and grows no older.
            var voucher = await devices.FindAsync(owner, CancellationToken.None);
            broughtIn = new Device(
                DeviceKeyMethod.IdOf(flow, own), project.Id, key.KeyId, own.Spki, time.GetUtcNow(), VouchedBy: owner,
                KeptUntil: DeviceKeyMethod.KeptUntil(flow), AgesFrom: voucher?.AgesFrom ?? voucher?.CreatedAt);
            await devices.AddAsync(broughtIn, CancellationToken.None);
        }

        var proof = DeviceProof.OutOfTurn;
        var changed = await flows.ChangeAndSettleAsync(
            flow,
            async (present, now) =>
            {
                // Looked at each time: it may be revoked, or somebody else's, by now. Its age, too: the passkey was found by columns of the
                // device whose seal nobody has looked at yet.
                if (await devices.FindAsync(owner, CancellationToken.None) is not { IsRevoked: false } shown || !shown.IsWithin(Horizon))
                {
                    proof = DeviceProof.NoDevice;
                    return new Decision(present);
                }
                (var accepted, proof) = await method.AcceptAsync(present, shown, (broughtIn ?? shown).Id, now, CancellationToken.None);
                return new Decision(accepted);
            },
            cancellationToken);
        // A browser that has a key goes on calling it by its own id.
        return proof == DeviceProof.Right ? new PasskeyOutcome.Taken(changed, broughtIn?.Id) : new PasskeyOutcome.OutOfTurn(changed);
    }

    private async Task<(AskedPasskey Asked, PasskeyQuestion Question)> AskToUseAsync(
        PasskeyPage page, Project project, IReadOnlyList<Passkey> held, UserVerification verification)
    {
        var use = await ceremony.BeginAssertionAsync(page.RelyingPartyOf(project), held, verification);
        return (new AskedPasskey(page.Origin, Assertion: use.State), new PasskeyQuestion.Use(use.OptionsJson));
    }

    private async Task<(AskedPasskey Asked, PasskeyQuestion Question)> AskToMakeAsync(
        PasskeyPage page, Project project, string displayName, IReadOnlyList<Passkey> held, UserVerification verification)
    {
        var relyingParty = page.RelyingPartyOf(project);
        var owner = new PasskeyOwner(DeviceIds.Print(Guid.CreateVersion7(time.GetUtcNow())), displayName);
        var make = await ceremony.BeginRegistrationAsync(relyingParty, owner, held, verification);
        // An authenticator that holds one already makes no second one, and may use that one instead.
        var use = held.Count > 0 ? await ceremony.BeginAssertionAsync(relyingParty, held, verification) : null;
        return (new AskedPasskey(page.Origin, make.State, use?.State), new PasskeyQuestion.Make(make.OptionsJson, use?.OptionsJson));
    }

    /// <summary>Passkeys of the person behind the flow's number.</summary>
    private async Task<IReadOnlyList<Passkey>> FindOfPersonAsync(Flow flow, string domain, CancellationToken cancellationToken) =>
        await identities.FindAsync(flow.ProjectId, flow.Number, cancellationToken) is { } person
            ? await passkeys.OfIdentityAsync(flow.ProjectId, domain, person.Id, Horizon, MaxPasskeys, cancellationToken)
            : [];

    /// <summary>Passkeys of the device that the browser takes itself for.</summary>
    private async Task<IReadOnlyList<Passkey>> FindOfBrowserAsync(
        Project project, string domain, Guid? browser, CancellationToken cancellationToken) =>
        browser is { } device ? await passkeys.OfDeviceAsync(project.Id, domain, device, Horizon, MaxPasskeys, cancellationToken) : [];

    /// <summary>
    /// What the browser was asked for, taken away from the flow; null when it was asked for nothing, or has answered already.
    /// </summary>
    private async Task<AskedPasskey?> TakeAskedAsync(Flow flow, CancellationToken cancellationToken)
    {
        AskedPasskey? asked = null;
        await flows.ChangeAndSettleAsync(
            flow,
            (present, _) =>
            {
                var taken = DeviceKeyMethod.TakeAsked(present);
                asked = taken == present ? null : (present.Tail as UnifyProgress)?.Passkey;
                return ValueTask.FromResult(new Decision(taken));
            },
            cancellationToken);
        return asked;
    }

    /// <param name="reason">For the journal and the flow's timeline; the page hears no reason.</param>
    private async Task<PasskeyOutcome> RefuseAsync(Flow flow, PasskeyRefusal? reason, CancellationToken cancellationToken)
    {
        if (reason is { } known)
        {
            journal.Refused(flow.Id, known);
        }
        return new PasskeyOutcome.Refused(await flows.ChangeAndSettleAsync(
            flow,
            (present, now) => ValueTask.FromResult(new Decision(
                reason is { } why ? present.With(new FlowEvent(now, FlowEventCode.PasskeyRefused) { Reason = CodeOf(why) }) : present)),
            cancellationToken));
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

/// <summary>A device key that comes beside a passkey.</summary>
/// <param name="KeyId">Given by the browser.</param>
/// <param name="Proven">The key; null when the browser has not shown that it holds it.</param>
public sealed record ShownKey(string KeyId, DevicePublicKey? Proven)
{
    public override string ToString() => nameof(ShownKey);
}

/// <summary>What a browser is asked for: a closed set. Options are WebAuthn's, as JSON.</summary>
public abstract record PasskeyQuestion
{
    private PasskeyQuestion() { }

    public sealed override string ToString() => GetType().Name;

    /// <summary>To prove a passkey of an earlier flow.</summary>
    public sealed record Use(string Options) : PasskeyQuestion;

    /// <summary>To make one.</summary>
    /// <param name="UseOptions">For the one that the authenticator holds already; null when it is not known to hold any.</param>
    public sealed record Make(string Options, string? UseOptions) : PasskeyQuestion;

    /// <summary>The project wants none, or the flow has no place for one.</summary>
    public sealed record NotOffered : PasskeyQuestion;

    /// <summary>The page cannot have any.</summary>
    public sealed record NotHere : PasskeyQuestion;

    /// <summary>The flow has gone on.</summary>
    public sealed record OutOfTurn(Flow Flow) : PasskeyQuestion;
}

/// <summary>What came of an authenticator's answer: a closed set.</summary>
public abstract record PasskeyOutcome
{
    private PasskeyOutcome() { }

    public sealed override string ToString() => GetType().Name;

    /// <param name="Device">The id by which the browser knows itself from now on; null when it keeps the one it has.</param>
    public sealed record Taken(Flow Flow, Guid? Device) : PasskeyOutcome;

    /// <summary>It counts for nothing.</summary>
    public sealed record Refused(Flow Flow) : PasskeyOutcome;

    /// <summary>It was right, and the flow has gone on without it.</summary>
    public sealed record OutOfTurn(Flow Flow) : PasskeyOutcome;
}
