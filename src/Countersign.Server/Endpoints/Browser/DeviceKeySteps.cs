using Countersign.Core;
using Countersign.Core.Devices;
using Countersign.Core.Flows;
using Countersign.Core.Possession.DeviceKey;
using Countersign.Core.Unify;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Security;

namespace Countersign.Server.Endpoints.Browser;

/// <summary>POST /v1/client/device/passive/register: the browser has made a key and shows that it holds it.</summary>
internal sealed class DeviceKeyRegister(BrowserEndpoint browser, IDeviceStore devices, TimeProvider time) : IEndpoint
{
    public RequestDelegate Endpoint => browser.Of(DeviceKeyRegistration.Read, HandleAsync);

    private async Task<StepAnswer> HandleAsync(BrowserCall<DeviceKeyRegistration> call)
    {
        if (!DeviceKeyMethod.IsPartOf(call.Caller.Flow))
        {
            return StepAnswer.Fail(StepError.NotInThisFlow, Steps.NameOf(call.Caller.Flow));
        }

        var request = call.Request;
        if (request.KeyProvenFor(call.Caller.Challenge) is not { } key)
        {
            // The flow goes on without a key: published SDKs drop one that was refused.
            return StepAnswer.Fail(StepError.KeyNotProven, Steps.NameOf(await call.ChangeAsync(DeviceKeyMethod.Fail)));
        }

        var id = DeviceKeyMethod.IdOf(call.Caller.Flow, key);
        var flow = await call.ChangeAsync((present, now) => DeviceKeyMethod.Take(present, id, now));
        if (flow.IsDecided || (flow.Tail as UnifyProgress)?.DeviceId != id)
        {
            return StepAnswer.Fail(flow.IsDecided ? StepError.AlreadyDecided : StepError.NotInThisFlow, Steps.NameOf(flow));
        }

        // Only what the flow has taken is stored, and before the browser hears of it. Who remembers a device that was never stored ties none.
        var device = new Device(
            id, flow.ProjectId, request.KeyId, key.Spki, time.GetUtcNow(), KeptUntil: DeviceKeyMethod.KeptUntil(flow));
        await devices.AddAsync(device, CancellationToken.None);
        return new StepAnswer(Steps.NameOf(flow), Data: new StepData(DeviceId: DeviceIds.Print(id)));
    }
}

/// <param name="KeyId">Given by the browser.</param>
/// <param name="Key">PEM, as it came.</param>
/// <param name="Signature">Over the auth token's challenge.</param>
internal sealed record DeviceKeyRegistration(string KeyId, string Key, string Signature)
{
    // A browser has one key to show; the protocol makes a list of it.
    private const int MostKeys = 1;

    public const int MostNameCharacters = 256;
    public const int MostKeyIdCharacters = 128;

    public static DeviceKeyRegistration Read(RequestBody body)
    {
        ReadBrowser(body);
        return ReadKey(body.Objects("registrations", MostKeys, isRequired: true) is [{ } only] ? only : null);
    }

    /// <summary>What a browser says of itself. Of no use here and not kept, like <c>signals</c>; but what is there must be well formed.</summary>
    public static void ReadBrowser(RequestMembers body)
    {
        body.Text("deviceName", check: text => text.Length > MostNameCharacters ? $"must have at most {MostNameCharacters} characters" : null);
        body.Texts("deviceCapabilities", most: 16);
    }

    /// <param name="registration">Null when it is bad, which the answer says already.</param>
    public static DeviceKeyRegistration ReadKey(RequestMembers? registration)
    {
        var publicKey = registration?.Object("publicKey", isRequired: true);
        var keyId = publicKey?.Text("id", isRequired: true, CheckKeyId);
        publicKey?.Text("alg", isRequired: true, text => text == "ES256" ? null : "must be ES256");
        var key = publicKey?.Text("key", isRequired: true);
        var signature = registration?.Text("signature", isRequired: true);
        return new DeviceKeyRegistration(keyId ?? "", key ?? "", signature ?? "");
    }

    /// <summary>The key, if the browser has shown that it holds it; else null.</summary>
    /// <param name="challenge">From the auth token.</param>
    public DevicePublicKey? KeyProvenFor(string challenge) =>
        DevicePublicKey.FromPem(Key) is { } key && key.IsSigner(challenge, Signature) ? key : null;

    private static string? CheckKeyId(string text) =>
        text.Length <= MostKeyIdCharacters && text.All(character => character is > ' ' and < '\u007f')
            ? null
            : $"must be 1 to {MostKeyIdCharacters} visible ASCII characters";

    public override string ToString() => "***";
}

/// <summary>POST /v1/client/device/passive/verify: the browser says that it holds the key of a device.</summary>
internal sealed class DeviceKeyVerify(BrowserEndpoint browser, DeviceKeyMethod method) : IEndpoint
{
    public RequestDelegate Endpoint => browser.Of(
        body => new DeviceKeyProof(
            body.Text("deviceId", isRequired: true) ?? "", body.Text("keyId", isRequired: true) ?? "", body.Text("signature", isRequired: true) ?? ""),
        HandleAsync);

    private async Task<StepAnswer> HandleAsync(BrowserCall<DeviceKeyProof> call)
    {
        if (!DeviceKeyMethod.IsPartOf(call.Caller.Flow))
        {
            return StepAnswer.Fail(StepError.NotInThisFlow, Steps.NameOf(call.Caller.Flow));
        }
        if (!DeviceIds.TryParse(call.Request.DeviceId, out var id))
        {
            return StepAnswer.Fail(StepError.NoDevice, Steps.NameOf(call.Caller.Flow));
        }

        var proof = DeviceProof.NoDevice;
        var flow = await call.ChangeAsync(async (present, now) =>
        {
            (var changed, proof) = await method.ProveAsync(
                present, id, call.Request.KeyId, call.Request.Signature, call.Caller.Challenge, now, call.Aborted);
            return new Decision(changed);
        });

        return proof switch
        {
            DeviceProof.Right when flow.CurrentMethod is null && flow.Type != FlowType.None => StepAnswer.Result(flow),
            DeviceProof.Right => StepAnswer.Go(Steps.NameOf(flow)),
            // The browser forgets its key and takes the step again, as one that has none.
            DeviceProof.NoDevice => StepAnswer.Fail(StepError.NoDevice, Steps.NameOf(flow)),
            DeviceProof.Wrong => StepAnswer.Fail(StepError.KeyNotProven, Steps.NameOf(flow)),
            _ => StepAnswer.Fail(flow.IsDecided ? StepError.AlreadyDecided : StepError.NotInThisFlow, Steps.NameOf(flow)),
        };
    }
}

internal sealed record DeviceKeyProof(string DeviceId, string KeyId, string Signature)
{
    public override string ToString() => "***";
}

/// <summary>POST /v1/client/device/passive/error: the browser cannot keep or use a key, or its person did not want the passkey that came first.</summary>
internal sealed class DeviceKeyError(BrowserEndpoint browser) : IEndpoint
{
    public RequestDelegate Endpoint => browser.Of(
        ErrorReport.Read, async call => StepAnswer.Go(Steps.NameWithoutPasskey(await call.ChangeAsync(DeviceKeyMethod.FailPasskeyOrKey))));
}
