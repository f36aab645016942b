namespace Countersign.Operator.Camara;

internal static class CamaraRoutes
{
    public static void MapCamara(this WebApplication app)
    {
        var numbers = app.Services.GetRequiredService<NumberVerification>();
        foreach (var version in (string[])["v1", "v2"])
        {
            Map(app, "POST", $"/number-verification/{version}/verify", numbers.Verify);
            Map(app, "GET", $"/number-verification/{version}/device-phone-number", numbers.DevicePhoneNumber);
        }
        var kyc = app.Services.GetRequiredService<KycMatch>();
        Map(app, "POST", "/kyc-match/v0.3/match", kyc.V03);
        Map(app, "POST", "/kyc-match/v0.4/match", kyc.V04);
        var swap = app.Services.GetRequiredService<SimSwap>();
        Map(app, "POST", "/sim-swap/v2/check", swap.Check);
        Map(app, "POST", "/sim-swap/v2/retrieve-date", swap.RetrieveDate);
        Map(app, "POST", "/number-recycling/v0.2/check", app.Services.GetRequiredService<NumberRecycling>().Check);
        Map(app, "POST", "/kyc-tenure/v0.2/check-tenure", app.Services.GetRequiredService<Tenure>().Check);
    }

    private static void Map(WebApplication app, string method, string path, CamaraOperation operation)
    {
        var gate = app.Services.GetRequiredService<CamaraGate>();
        app.MapMethods(path, [method], context => gate.HandleAsync(context, operation));
    }
}
