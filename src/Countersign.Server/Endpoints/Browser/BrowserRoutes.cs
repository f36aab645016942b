using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.Browser;

internal static class BrowserRoutes
{
    private const string Client = "/v1/client/";

    // A WebSocket over HTTP/2 begins with CONNECT (RFC 8441).
    private static readonly string[] _getOrConnect = [HttpMethods.Get, HttpMethods.Connect];

    public static IServiceCollection AddBrowser(this IServiceCollection services) => services
        .AddBearer<AuthTokenAuthentication>(AuthTokenAuthentication.Scheme)
        .AddSingleton<BrowserEndpoint>()
        .AddSingleton<FlowRate>()
        .AddSingleton<OpenSockets>()
        .AddSingleton<RequestSignatures>()
        .AddSingleton<MobileAuthStart>()
        .AddSingleton<MobileAuthFinish>()
        .AddSingleton<MobileAuthError>()
        .AddSingleton<OtpStart>()
        .AddSingleton<OtpFinish>()
        .AddSingleton<OtpError>()
        .AddSingleton<InstantLinkStart>()
        .AddSingleton<InstantLinkError>()
        .AddSingleton<StatusSocket>()
        .AddSingleton<NotOffered>()
        .AddSingleton<DeviceKeyRegister>()
        .AddSingleton<DeviceKeyVerify>()
        .AddSingleton<DeviceKeyError>()
        .AddSingleton<DeviceChallenge>()
        .AddSingleton<DeviceUnregister>()
        .AddSingleton<PasskeyStart>()
        .AddSingleton<PasskeyRegisterFinish>()
        .AddSingleton<PasskeyVerifyFinish>()
        .AddSingleton<PasskeyError>();

    public static void MapBrowser(this IEndpointRouteBuilder app)
    {
        app.MapPost(Client + "mobile/instant/start", app.By<MobileAuthStart>()).Describe(BrowserOperations.MobileAuthStart);
        app.MapPost(Client + "mobile/instant/finish", app.By<MobileAuthFinish>()).Describe(BrowserOperations.MobileAuthFinish);
        app.MapPost(Client + "mobile/instant/error", app.By<MobileAuthError>()).Describe(BrowserOperations.MobileAuthError);
        app.MapPost(Client + "mobile/otp/start", app.By<OtpStart>()).Describe(BrowserOperations.OtpStart);
        app.MapPost(Client + "mobile/otp/finish", app.By<OtpFinish>()).Describe(BrowserOperations.OtpFinish);
        app.MapPost(Client + "mobile/otp/error", app.By<OtpError>()).Describe(BrowserOperations.OtpError);
        app.MapPost(Client + "mobile/instantlink/start", app.By<InstantLinkStart>()).Describe(BrowserOperations.InstantLinkStart);
        app.MapPost(Client + "mobile/instantlink/error", app.By<InstantLinkError>()).Describe(BrowserOperations.InstantLinkError);
        app.MapMethods(Client + "status", _getOrConnect, app.By<StatusSocket>()).Describe(BrowserOperations.Status);
        foreach (var path in NotOffered.Paths)
        {
            app.MapPost(Client + path, app.By<NotOffered>()).Describe(BrowserOperations.NotOffered(path));
        }
        app.MapDevices();
        app.MapPasskeys(Client + "device/fido2/");
    }

    private static void MapDevices(this IEndpointRouteBuilder app)
    {
        // Published SDKs call the universal steps instead when their page asks for that; the key is the same.
        foreach (var kind in DeviceOperations.Kinds)
        {
            app.MapPost($"{Client}device/{kind}/register", app.By<DeviceKeyRegister>()).Describe(DeviceOperations.Register(kind));
            app.MapPost($"{Client}device/{kind}/verify", app.By<DeviceKeyVerify>()).Describe(DeviceOperations.Verify(kind));
            app.MapPost($"{Client}device/{kind}/error", app.By<DeviceKeyError>()).Describe(DeviceOperations.Error(kind));
        }
        app.MapPost(Client + "challenge", app.By<DeviceChallenge>()).Describe(DeviceOperations.Challenge);
        app.MapPost(Client + "device/unregister", app.By<DeviceUnregister>(it => it.Device)).Describe(DeviceOperations.Unregister);
        app.MapPost(Client + "stepup/unregister", app.By<DeviceUnregister>(it => it.Passkeys))
            .Describe(DeviceOperations.UnregisterPasskeys);
    }

    private static void MapPasskeys(this IEndpointRouteBuilder app, string passkeys)
    {
        app.MapPost(passkeys + "start", app.By<PasskeyStart>()).Describe(PasskeyOperations.Start);
        app.MapPost(passkeys + "register/finish", app.By<PasskeyRegisterFinish>()).Describe(PasskeyOperations.RegisterFinish);
        app.MapPost(passkeys + "verify/finish", app.By<PasskeyVerifyFinish>()).Describe(PasskeyOperations.VerifyFinish);
        app.MapPost(passkeys + "error", app.By<PasskeyError>()).Describe(PasskeyOperations.Error);
    }
}
