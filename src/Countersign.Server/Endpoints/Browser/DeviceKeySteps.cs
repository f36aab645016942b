using System.Diagnostics;
using Countersign.Core;
using Countersign.Core.Devices;
using Countersign.Core.Possession.DeviceKey;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Security;

namespace Countersign.Server.Endpoints.Browser;

/// <summary>POST /v1/client/device/passive/register: the browser has made a key and shows that it holds it.</summary>
internal sealed class DeviceKeyRegister(BrowserEndpoint browser, DeviceKeyCalls keys) : IEndpoint
{
    public RequestDelegate Endpoint => browser.Of(DeviceKeyRegistration.Read, HandleAsync);

    private async Task<StepAnswer> HandleAsync(BrowserCall<DeviceKeyRegistration> call) =>
        await keys.RegisterAsync(call.Caller.Flow, call.Request.ShownFor(call.Caller.Challenge), call.Aborted) switch
        {
            KeyRegistration.Taken { Flow: var flow, Device: var device } =>
                new StepAnswer(Steps.NameOf(flow), Data: new StepData(DeviceId: DeviceIds.Print(device))),
            KeyRegistration.NotProven { Flow: var flow } => StepAnswer.Fail(StepError.KeyNotProven, Steps.NameOf(flow)),
            KeyRegistration.NotInThisFlow { Flow: var flow } => StepAnswer.Fail(StepError.NotInThisFlow, Steps.NameOf(flow)),
            KeyRegistration.TooLate { Flow: var flow } => StepAnswer.Fail(StepError.AlreadyDecided, Steps.NameOf(flow)),
            _ => throw new UnreachableException(),
        };
}

/// <param name="KeyId">Given by the browser.</param>
/// <param name="Key">PEM, as it came.</param>
/// <param name="Signature">Over the auth token's challenge.</param>
internal sealed record DeviceKeyRegistration(string KeyId, string Key, string Signature)
{
    public static DeviceKeyRegistration Read(RequestBody body)
    {
        ReadBrowser(body);
        return ReadKey(body.Read(DeviceMembers.Registrations) is [{ } only] ? only : null);
    }

    /// <summary>
    /// What a browser says of itself. Of no use here and not kept, like <c>signals</c>; but what is there must be well formed.
    /// </summary>
    public static void ReadBrowser(RequestMembers body)
    {
        body.Read(DeviceMembers.DeviceName);
        body.Read(DeviceMembers.DeviceCapabilities);
    }

    /// <param name="registration">Null when it is bad, which the answer says already.</param>
    public static DeviceKeyRegistration ReadKey(RequestMembers? registration)
    {
        var publicKey = registration?.Read(DeviceMembers.PublicKey);
        var keyId = publicKey?.Read(DeviceMembers.IdOfKey);
        publicKey?.Read(DeviceMembers.Algorithm);
        var key = publicKey?.Read(DeviceMembers.Pem);
        var signature = registration?.Read(DeviceMembers.Proof);
        return new DeviceKeyRegistration(keyId ?? "", key ?? "", signature ?? "");
    }

    /// <summary>The key, and whether the browser has shown that it holds it.</summary>
    /// <param name="challenge">From the auth token.</param>
    public ShownKey ShownFor(string challenge) =>
        new(KeyId, DevicePublicKey.FromPem(Key) is { } key && key.IsSigner(challenge, Signature) ? key : null);

    public override string ToString() => "***";
}

/// <summary>POST /v1/client/device/passive/verify: the browser says that it holds the key of a device.</summary>
internal sealed class DeviceKeyVerify(BrowserEndpoint browser, DeviceKeyCalls keys) : IEndpoint
{
    public RequestDelegate Endpoint => browser.Of(
        body => new DeviceKeyProof(body.Read(DeviceMembers.DeviceId), body.Read(DeviceMembers.KeyId), body.Read(DeviceMembers.Signature)),
        HandleAsync);

    private async Task<StepAnswer> HandleAsync(BrowserCall<DeviceKeyProof> call)
    {
        var request = call.Request;
        Guid? device = DeviceIds.TryParse(request.DeviceId, out var id) ? id : null;
        return await keys.ProveAsync(
            call.Caller.Flow, device, request.KeyId, request.Signature, call.Caller.Challenge, call.Aborted) switch
        {
            KeyProof.Proven { Flow: { CurrentMethod: null, Type: not FlowType.None } flow } => StepAnswer.Result(flow),
            KeyProof.Proven { Flow: var flow } => StepAnswer.Go(Steps.NameOf(flow)),
            // The browser forgets its key and takes the step again, as one that has none.
            KeyProof.NoDevice { Flow: var flow } => StepAnswer.Fail(StepError.NoDevice, Steps.NameOf(flow)),
            KeyProof.Wrong { Flow: var flow } => StepAnswer.Fail(StepError.KeyNotProven, Steps.NameOf(flow)),
            KeyProof.NotInThisFlow { Flow: var flow } => StepAnswer.Fail(StepError.NotInThisFlow, Steps.NameOf(flow)),
            KeyProof.TooLate { Flow: var flow } => StepAnswer.Fail(StepError.AlreadyDecided, Steps.NameOf(flow)),
            _ => throw new UnreachableException(),
        };
    }
}

internal sealed record DeviceKeyProof(string DeviceId, string KeyId, string Signature)
{
    public override string ToString() => "***";
}

/// <summary>
/// POST /v1/client/device/passive/error: the browser cannot keep or use a key, or its person did not want the passkey that came first.
/// </summary>
internal sealed class DeviceKeyError(BrowserEndpoint browser) : IEndpoint
{
    public RequestDelegate Endpoint => browser.Of(
        ErrorReport.Read, async call => StepAnswer.Go(Steps.NameWithoutPasskey(await call.ChangeAsync(DeviceKeyMethod.FailPasskeyOrKey))));
}
