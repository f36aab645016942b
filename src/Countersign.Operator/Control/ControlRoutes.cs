namespace Countersign.Operator.Control;

internal static class ControlRoutes
{
    public static void MapControl(this WebApplication app)
    {
        var whole = app.Services.GetRequiredService<OperatorControl>();
        app.MapGet("/sim", whole.DescribeAsync);
        app.MapGet("/sim/log", whole.LogAsync);
        app.MapGet("/sim/certificate", whole.CertificateAsync);
        app.MapGet("/sim/radio", whole.ListRadioAsync);
        app.MapPost("/sim/radio/{ip}", whole.OpenRadioAsync);
        app.MapPost("/sim/keys/rotate", whole.RotateKeysAsync);
        app.MapPost("/sim/reset", whole.ResetAsync);

        var clients = app.Services.GetRequiredService<ClientControl>();
        app.MapGet("/sim/clients", clients.ListAsync);
        app.MapPost("/sim/clients", clients.RegisterAsync);

        var network = app.Services.GetRequiredService<NetworkControl>();
        app.MapGet("/sim/network", network.ListAsync);
        app.MapGet("/sim/network/{ip}", network.GetAsync);
        app.MapPut("/sim/network/{ip}", network.PutAsync);
        app.MapDelete("/sim/network/{ip}", network.DeleteAsync);

        var subscribers = app.Services.GetRequiredService<SubscriberControl>();
        app.MapGet("/sim/subscribers", subscribers.ListAsync);
        app.MapGet("/sim/subscribers/{msisdn}", subscribers.GetAsync);
        app.MapPut("/sim/subscribers/{msisdn}", subscribers.PutAsync);
        app.MapPatch("/sim/subscribers/{msisdn}", subscribers.PatchAsync);
        app.MapDelete("/sim/subscribers/{msisdn}", subscribers.DeleteAsync);
        app.MapPost("/sim/ts43/{msisdn}", subscribers.IssueTokenAsync);

        var faults = app.Services.GetRequiredService<FaultControl>();
        app.MapGet("/sim/faults", faults.ListAsync);
        app.MapPut("/sim/faults", faults.PutAsync);
        app.MapDelete("/sim/faults", faults.DeleteAsync);
    }
}
