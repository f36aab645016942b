using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.Browser;

internal static class BrowserRoutes
{
    private const string Client = "/v1/client/";

    // A WebSocket over HTTP/2 begins with CONNECT (RFC 8441).
    private static readonly string[] _getOrConnect = [HttpMethods.Get, HttpMethods.Connect];

    public static void MapBrowser(this IEndpointRouteBuilder app)
    {
        app.MapPost(Client + "mobile/instant/start", MobileAuthStart.Endpoint).Describe(BrowserOperations.MobileAuthStart);
        app.MapPost(Client + "mobile/instant/finish", MobileAuthFinish.Endpoint).Describe(BrowserOperations.MobileAuthFinish);
        app.MapPost(Client + "mobile/instant/error", MobileAuthError.Endpoint).Describe(BrowserOperations.MobileAuthError);
        app.MapPost(Client + "mobile/otp/start", OtpStart.Endpoint).Describe(BrowserOperations.OtpStart);
        app.MapPost(Client + "mobile/otp/finish", OtpFinish.Endpoint).Describe(BrowserOperations.OtpFinish);
        app.MapPost(Client + "mobile/otp/error", OtpError.Endpoint).Describe(BrowserOperations.OtpError);
        app.MapPost(Client + "mobile/instantlink/start", InstantLinkStart.Endpoint).Describe(BrowserOperations.InstantLinkStart);
        app.MapPost(Client + "mobile/instantlink/error", InstantLinkError.Endpoint).Describe(BrowserOperations.InstantLinkError);
        app.MapMethods(Client + "status", _getOrConnect, StatusSocket.Endpoint).Describe(BrowserOperations.Status);
        foreach (var path in NotOffered.Paths)
        {
            app.MapPost(Client + path, NotOffered.Endpoint).Describe(BrowserOperations.NotOffered(path));
        }
        app.MapDevices();
        app.MapPasskeys(Client + "device/fido2/");
    }

    private static void MapDevices(this IEndpointRouteBuilder app)
    {
        // Published SDKs call the universal steps instead when their page asks for that; the key is the same.
        foreach (var kind in DeviceOperations.Kinds)
        {
            app.MapPost($"{Client}device/{kind}/register", DeviceKeyRegister.Endpoint).Describe(DeviceOperations.Register(kind));
            app.MapPost($"{Client}device/{kind}/verify", DeviceKeyVerify.Endpoint).Describe(DeviceOperations.Verify(kind));
            app.MapPost($"{Client}device/{kind}/error", DeviceKeyError.Endpoint).Describe(DeviceOperations.Error(kind));
        }
        app.MapPost(Client + "challenge", DeviceChallenge.Endpoint).Describe(DeviceOperations.Challenge);
        app.MapPost(Client + "device/unregister", DeviceUnregister.Device).Describe(DeviceOperations.Unregister);
        app.MapPost(Client + "stepup/unregister", DeviceUnregister.Passkeys).Describe(DeviceOperations.UnregisterPasskeys);
    }

    private static void MapPasskeys(this IEndpointRouteBuilder app, string passkeys)
    {
        app.MapPost(passkeys + "start", PasskeyStart.Endpoint).Describe(PasskeyOperations.Start);
        app.MapPost(passkeys + "register/finish", PasskeyRegisterFinish.Endpoint).Describe(PasskeyOperations.RegisterFinish);
        app.MapPost(passkeys + "verify/finish", PasskeyVerifyFinish.Endpoint).Describe(PasskeyOperations.VerifyFinish);
        app.MapPost(passkeys + "error", PasskeyError.Endpoint).Describe(PasskeyOperations.Error);
    }
}
