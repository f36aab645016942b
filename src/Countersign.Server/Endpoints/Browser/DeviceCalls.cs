using Countersign.Core.Devices;
using Countersign.Core.Projects;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Security;

namespace Countersign.Server.Endpoints.Browser;

/// <summary>
/// POST /v1/client/challenge: what a device is to sign next. Asked for inside a flow, with its token, and before unregistering, without
/// one.
/// </summary>
internal sealed class DeviceChallenge(
    BrowserEndpoint browser, DeviceChallenges challenges, IDeviceStore devices, ProjectDirectory projects, ErrorCodeOptions errorCodes)
    : IEndpoint
{
    public RequestDelegate Endpoint => async context =>
    {
        if (BearerAuthentication.TokenOf(context.Request) is null)
        {
            await (await AnswerAsync(context, caller: null)).WriteAsync(context);
        }
        else if (await browser.AdmitAsync(context) is { } caller)
        {
            await (await AnswerAsync(context, caller)).WriteAsync(context);
        }
    };

    private async Task<Answer> AnswerAsync(HttpContext context, BrowserCaller? caller)
    {
        var family = caller?.Project.Settings.ErrorCodes ?? errorCodes.ErrorCodes;
        if (!(await RequestBody.ReadAsync(context.Request, isRequired: false)).Is(out var body, out var fault))
        {
            return Answer.Of(fault, family);
        }

        using (body)
        {
            var text = body.Read(DeviceMembers.DeviceId);
            if (body.Fault is { } bad)
            {
                return Answer.Of(bad, family);
            }
            if (!DeviceIds.TryParse(text, out var id)
                || await devices.FindAsync(id, context.RequestAborted) is not { IsRevoked: false } device
                || (caller?.Project ?? await projects.FindProjectAsync(device.ProjectId, context.RequestAborted))
                    is not { } project
                || project.Id != device.ProjectId)
            {
                // The browser forgets its key, and an error report that it was about to sign comes unsigned.
                return Say(new DeviceChallengeAnswer(Steps.Stay, Error: StepError.NoDevice));
            }
            if (caller is null && browser.RefusalOfPage(context, project) is { } refusal)
            {
                return refusal;
            }
            var challenge = challenges.Issue(id);
            return Say(new DeviceChallengeAnswer(Steps.Stay, text, challenge, (int)DeviceChallenges.Lifetime.TotalSeconds));
        }
    }

    private static Answer Say(DeviceChallengeAnswer answer) => Answer.Ok(answer, BrowserJson.Answers.DeviceChallengeAnswer);
}

/// <summary>Its members stand beside <c>next</c>, not in <c>data</c>: so published SDKs read them.</summary>
/// <param name="Challenge">To be signed along with each call until its end.</param>
/// <param name="Ttl">Seconds.</param>
internal sealed record DeviceChallengeAnswer(
    string Next, string? DeviceId = null, string? Challenge = null, int? Ttl = null, StepError? Error = null)
{
    public override string ToString() => "***";
}

/// <summary>
/// POST /v1/client/device/unregister and stepup/unregister: the holder of a key gives it up. The signature is the only credential.
/// </summary>
internal sealed class DeviceUnregister(
    BrowserEndpoint browser, RequestSignatures signatures, IDeviceStore devices, ProjectDirectory projects, ErrorCodeOptions errorCodes,
    ILogger<DeviceChallenges> logger)
{
    /// <summary>The device proves nothing any more.</summary>
    public RequestDelegate Device => Of(async device =>
    {
        await devices.RevokeAsync(device.Id, device.ProjectId, CancellationToken.None);
        Log.DeviceUnregistered(logger, device.Id);
    });

    /// <summary>Its passkeys go; its key stays.</summary>
    public RequestDelegate Passkeys => Of(device => devices.ForgetPasskeysAsync(device.Id, device.ProjectId, CancellationToken.None));

    private RequestDelegate Of(Func<Device, Task> forget) =>
        async context => await (await AnswerAsync(context, forget)).WriteAsync(context);

    private async Task<Answer> AnswerAsync(HttpContext context, Func<Device, Task> forget)
    {
        var family = errorCodes.ErrorCodes;
        if (!(await RequestBody.ReadAsync(context.Request, isRequired: false)).Is(out var body, out var fault))
        {
            return Answer.Of(fault, family);
        }

        using (body)
        {
            if (await signatures.FindSignerAsync(context, body.Bytes) is not { } device
                || await projects.FindProjectAsync(device.ProjectId, context.RequestAborted) is not { } project)
            {
                return browser.RefusalOfSignature(context, family);
            }
            if (browser.RefusalOfPage(context, project) is { } refusal)
            {
                return refusal;
            }
            family = project.Settings.ErrorCodes;
            var named = body.Read(DeviceMembers.DeviceId);
            if (body.Fault is { } bad)
            {
                return Answer.Of(bad, family);
            }
            if (named != DeviceIds.Print(device.Id))
            {
                // One device's key does not speak for another.
                return browser.RefusalOfSignature(context, family);
            }
            await forget(device);
            return Answer.Ok(StepAnswer.Go(Steps.Stay), BrowserJson.Answers.StepAnswer);
        }
    }
}
