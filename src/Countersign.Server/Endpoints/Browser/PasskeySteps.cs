using System.Diagnostics;
using System.Text.Json;
using Countersign.Core;
using Countersign.Core.Devices;
using Countersign.Core.Possession.DeviceKey;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Security;

namespace Countersign.Server.Endpoints.Browser;

/// <summary>POST /v1/client/device/fido2/start: what the browser is to ask its authenticator for.</summary>
internal sealed class PasskeyStart(BrowserEndpoint browser, PasskeyCalls passkeys) : IEndpoint
{
    public RequestDelegate Endpoint => browser.Of(PasskeyStartRequest.Read, HandleAsync, PasskeyBody.MaxBytes);

    private async Task<StepAnswer> HandleAsync(BrowserCall<PasskeyStartRequest> call)
    {
        var flow = call.Caller.Flow;
        // Whether the page may call at all was decided before.
        var page = call.Context.Request.Headers.Origin is [{ } origin] ? PasskeyPage.Of(origin) : null;
        Guid? own = call.Request.DeviceId is { } text && DeviceIds.TryParse(text, out var device) ? device : null;
        return await passkeys.AskAsync(flow, call.Caller.Project, page, call.Request.DisplayName, own, call.Aborted) switch
        {
            PasskeyQuestion.Use use =>
                new StepAnswer(Steps.UsePasskey, Data: new StepData(CredRequestOptions: JsonElement.Parse(use.Options))),
            PasskeyQuestion.Make make => new StepAnswer(Steps.MakePasskey, Data: new StepData(
                CredCreateOptions: JsonElement.Parse(make.Options),
                CredRequestOptions: make.UseOptions is { } options ? JsonElement.Parse(options) : null)),
            PasskeyQuestion.NotOffered => StepAnswer.Fail(StepError.NotOffered, Steps.NameWithoutPasskey(flow)),
            PasskeyQuestion.NotHere => StepAnswer.Fail(StepError.NoPasskeysHere, Steps.NameWithoutPasskey(flow)),
            PasskeyQuestion.OutOfTurn { Flow: var changed } =>
                StepAnswer.Fail(changed.IsDecided ? StepError.AlreadyDecided : StepError.NotInThisFlow, Steps.NameWithoutPasskey(changed)),
            _ => throw new UnreachableException(),
        };
    }
}

/// <param name="DisplayName">What the person sees when they choose between passkeys.</param>
internal sealed record PasskeyStartRequest(string? DisplayName, string? DeviceId)
{
    public static PasskeyStartRequest Read(RequestBody body) =>
        new(body.Read(DeviceMembers.DisplayName), body.Read(DeviceMembers.RememberedDeviceId));

    public override string ToString() => "***";
}

/// <summary>
/// POST /v1/client/device/fido2/register/finish: the passkey that the authenticator has made, and a device key beside it.
/// </summary>
internal sealed class PasskeyRegisterFinish(BrowserEndpoint browser, PasskeyCalls passkeys) : IEndpoint
{
    public RequestDelegate Endpoint => browser.Of(PasskeyBody.ReadRegistration, HandleAsync, PasskeyBody.MaxBytes);

    private async Task<StepAnswer> HandleAsync(BrowserCall<PasskeyBody> call) =>
        await passkeys.RegisterAsync(
            call.Caller.Flow, call.Caller.Project, call.Request.Credential, call.Request.ShownFor(call.Caller.Challenge),
            call.Aborted) switch
        {
            PasskeyOutcome.Taken { Flow: var flow, Device: var device } =>
                new StepAnswer(Steps.NameOf(flow), Data: PasskeyBody.DataOf(device)),
            PasskeyOutcome.Refused { Flow: var flow } => StepAnswer.Fail(StepError.PasskeyNotAccepted, Steps.NameWithoutPasskey(flow)),
            PasskeyOutcome.OutOfTurn { Flow: var flow } => StepAnswer.Fail(StepError.NotInThisFlow, Steps.NameWithoutPasskey(flow)),
            _ => throw new UnreachableException(),
        };
}

/// <summary>
/// POST /v1/client/device/fido2/verify/finish: the proof of a passkey of an earlier flow, and a device key beside it where the browser has
/// none yet.
/// </summary>
internal sealed class PasskeyVerifyFinish(BrowserEndpoint browser, PasskeyCalls passkeys) : IEndpoint
{
    public RequestDelegate Endpoint => browser.Of(PasskeyBody.ReadProof, HandleAsync, PasskeyBody.MaxBytes);

    private async Task<StepAnswer> HandleAsync(BrowserCall<PasskeyBody> call) =>
        await passkeys.ProveAsync(
            call.Caller.Flow, call.Caller.Project, call.Request.Credential, call.Request.ShownFor(call.Caller.Challenge),
            call.Aborted) switch
        {
            PasskeyOutcome.Taken { Flow: var flow, Device: var device } =>
                (flow.CurrentMethod is null && flow.Type != FlowType.None ? StepAnswer.Result(flow) : StepAnswer.Go(Steps.NameOf(flow)))
                    with { Data = PasskeyBody.DataOf(device) },
            PasskeyOutcome.Refused { Flow: var flow } => StepAnswer.Fail(StepError.PasskeyNotAccepted, Steps.NameWithoutPasskey(flow)),
            PasskeyOutcome.OutOfTurn { Flow: var flow } =>
                StepAnswer.Fail(flow.IsDecided ? StepError.AlreadyDecided : StepError.NotInThisFlow, Steps.NameWithoutPasskey(flow)),
            _ => throw new UnreachableException(),
        };
}

/// <summary>
/// POST /v1/client/device/fido2/error: the person did not want to, or the browser could not. The device key does without.
/// </summary>
internal sealed class PasskeyError(BrowserEndpoint browser) : IEndpoint
{
    public RequestDelegate Endpoint => browser.Of(
        ErrorReport.Read,
        async call => StepAnswer.Go(Steps.NameWithoutPasskey(await call.ChangeAsync((present, _) => DeviceKeyMethod.TakeAsked(present)))),
        PasskeyBody.MaxBytes);
}

/// <param name="Credential">JSON of the authenticator's answer, as the browser gave it.</param>
/// <param name="DeviceKey">The key that the browser keeps from now on; null when it sent none.</param>
internal sealed record PasskeyBody(string Credential, DeviceKeyRegistration? DeviceKey)
{
    /// <summary>A key of 2048 bits and its attestation are some kilobytes in base64url.</summary>
    public const int MaxBytes = 16 * 1024;

    public static PasskeyBody ReadRegistration(RequestBody body)
    {
        DeviceKeyRegistration.ReadBrowser(body);
        var registrations = body.Read(DeviceMembers.RegistrationsOfPasskey);
        var credential = registrations is [var first, ..] ? first.ReadJson(DeviceMembers.MadeCredential) : null;
        return new PasskeyBody(credential ?? "", registrations.Count > 1 ? DeviceKeyRegistration.ReadKey(registrations[1]) : null);
    }

    public static PasskeyBody ReadProof(RequestBody body)
    {
        var credential = body.ReadJson(DeviceMembers.Assertion);
        DeviceKeyRegistration.ReadBrowser(body);
        var registrations = body.Read(DeviceMembers.RegistrationsBesideProof);
        return new PasskeyBody(credential ?? "", registrations.Count > 0 ? DeviceKeyRegistration.ReadKey(registrations[0]) : null);
    }

    /// <summary>The device key, and whether the browser has shown that it holds it; null when none is there.</summary>
    public ShownKey? ShownFor(string challenge) => DeviceKey?.ShownFor(challenge);

    /// <summary>What a browser hears that is to call itself by another id from now on; null for one that keeps its own.</summary>
    public static StepData? DataOf(Guid? device) => device is { } id ? new StepData(DeviceId: DeviceIds.Print(id)) : null;

    public override string ToString() => "***";
}
