using Countersign.Core.Devices;
using Countersign.Core.Projects;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Security;

namespace Countersign.Server.Endpoints.Browser;

/// <summary>POST /v1/client/challenge: what a device is to sign next. Asked for inside a flow, with its token, and before unregistering, without one.</summary>
internal static class DeviceChallenge
{
    public static RequestDelegate Endpoint { get; } = async context => await (await AnswerAsync(context)).WriteAsync(context);

    private static async Task<Answer> AnswerAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var family = services.GetRequiredService<ErrorCodeOptions>().ErrorCodes;
        BrowserCaller? caller = null;
        if (BearerAuthentication.TokenOf(context.Request) is { } token)
        {
            (caller, var refused) = await BrowserEndpoint.AuthenticateAsync(context, token);
            if (caller is null)
            {
                return refused!.Value;
            }
            family = caller.Project.Settings.ErrorCodes;
        }

        var (body, fault) = await RequestBody.ReadAsync(context.Request, isRequired: false);
        if (body is null)
        {
            return Answer.Of(fault!, family);
        }

        using (body)
        {
            var text = body.Text("deviceId", isRequired: true);
            if (body.Fault is { } bad)
            {
                return Answer.Of(bad, family);
            }
            if (!DeviceIds.TryParse(text!, out var id)
                || await services.GetRequiredService<IDeviceStore>().FindAsync(id, context.RequestAborted) is not { IsRevoked: false } device
                || (caller?.Project ?? await services.GetRequiredService<ProjectDirectory>().FindProjectAsync(device.ProjectId, context.RequestAborted))
                    is not { } project
                || project.Id != device.ProjectId)
            {
                // The browser forgets its key, and an error report that it was about to sign comes unsigned.
                return Answer.Ok(new DeviceChallengeAnswer(Steps.Stay, Error: StepError.NoDevice), BrowserJson.Answers.DeviceChallengeAnswer);
            }
            if (caller is null && BrowserEndpoint.RefusalOfPage(context, project) is { } refusal)
            {
                return refusal;
            }
            var challenge = services.GetRequiredService<DeviceChallenges>().Issue(id);
            return Answer.Ok(
                new DeviceChallengeAnswer(Steps.Stay, text, challenge, (int)DeviceChallenges.Life.TotalSeconds), BrowserJson.Answers.DeviceChallengeAnswer);
        }
    }
}

/// <summary>Its members stand beside <c>next</c>, not in <c>data</c>: so published SDKs read them.</summary>
/// <param name="Challenge">To be signed along with each call until its end.</param>
/// <param name="Ttl">Seconds.</param>
internal sealed record DeviceChallengeAnswer(string Next, string? DeviceId = null, string? Challenge = null, int? Ttl = null, StepError? Error = null)
{
    public override string ToString() => "***";
}

/// <summary>POST /v1/client/device/unregister and stepup/unregister: the holder of a key gives it up. The signature is the only credential.</summary>
internal static class DeviceUnregister
{
    /// <summary>The device proves nothing any more.</summary>
    public static RequestDelegate Device { get; } = Of(async (services, device) =>
    {
        await services.GetRequiredService<IDeviceStore>().RevokeAsync(device.Id, device.ProjectId, CancellationToken.None);
        Log.DeviceUnregistered(services.GetRequiredService<ILogger<DeviceChallenges>>(), device.Id);
    });

    /// <summary>Its passkeys go; its key stays.</summary>
    public static RequestDelegate Passkeys { get; } = Of((services, device) =>
        services.GetRequiredService<IDeviceStore>().ForgetPasskeysAsync(device.Id, device.ProjectId, CancellationToken.None));

    private static RequestDelegate Of(Func<IServiceProvider, Device, Task> forget) =>
        async context => await (await AnswerAsync(context, forget)).WriteAsync(context);

    private static async Task<Answer> AnswerAsync(HttpContext context, Func<IServiceProvider, Device, Task> forget)
    {
        var family = context.RequestServices.GetRequiredService<ErrorCodeOptions>().ErrorCodes;
        var (body, fault) = await RequestBody.ReadAsync(context.Request, isRequired: false);
        if (body is null)
        {
            return Answer.Of(fault!, family);
        }

        using (body)
        {
            if (await RequestSignature.FindSignerAsync(context, body.Bytes) is not { } device
                || await context.RequestServices.GetRequiredService<ProjectDirectory>().FindProjectAsync(device.ProjectId, context.RequestAborted) is not { } project)
            {
                return BrowserEndpoint.RefusalOfSignature(context, family);
            }
            if (BrowserEndpoint.RefusalOfPage(context, project) is { } refusal)
            {
                return refusal;
            }
            family = project.Settings.ErrorCodes;
            var named = body.Text("deviceId", isRequired: true);
            if (body.Fault is { } bad)
            {
                return Answer.Of(bad, family);
            }
            if (named != DeviceIds.Print(device.Id))
            {
                // One device's key does not speak for another.
                return BrowserEndpoint.RefusalOfSignature(context, family);
            }
            await forget(context.RequestServices, device);
            return Answer.Ok(StepAnswer.Go(Steps.Stay), BrowserJson.Answers.StepAnswer);
        }
    }
}
