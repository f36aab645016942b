using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Countersign.Operator.Devices;
using Countersign.Operator.Hosting;
using Countersign.Operator.OpenId;
using Countersign.Operator.Radio;
using Countersign.Operator.State;

namespace Countersign.Operator.Control;

/// <summary>The rest of <c>/sim</c>: keys, radio proxies, the call log, everything back to the start.</summary>
internal sealed class OperatorControl(
    Issuer issuer, OperatorSettings settings, SelfSignedCertificate certificate, SigningKeys keys, CallLog log, Subscribers subscribers,
    RadioNetwork network, Faults faults, OperatorTokens operatorTokens, AuthorizationCodes codes, BackchannelRequests requests,
    AccessTokens accessTokens, RadioProxies radio)
{
    public Task DescribeAsync(HttpContext context) => new Answer(200, new JsonObject
    {
        ["issuer"] = issuer.Origin,
        ["gateway"] = new JsonObject
        {
            ["number_header"] = DeviceRecognition.NumberHeader,
            ["proof_header"] = DeviceRecognition.ProofHeader,
            ["proof"] = settings.GatewaySecret,
        },
        ["faults"] = new JsonArray([.. FaultNames.All.Keys.Select(name => (JsonNode?)JsonValue.Create(name))]),
        ["radio"] = DescribeRadio(),
    }).WriteAsync(context);

    public Task RotateKeysAsync(HttpContext context) =>
        new Answer(200, new JsonObject { ["kid"] = keys.Rotate().KeyId }).WriteAsync(context);

    /// <summary>The last calls, the oldest first; <c>?after=</c> leaves out those up to a sequence number.</summary>
    public Task LogAsync(HttpContext context)
    {
        var after = long.TryParse(context.Request.Query["after"], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            ? sequence : 0;
        var list = new JsonArray();
        foreach (var call in log.All.Where(call => call.Sequence > after))
        {
            list.Add((JsonNode)new JsonObject
            {
                ["sequence"] = call.Sequence,
                ["at"] = call.At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
                ["method"] = call.Method,
                ["path"] = call.Path,
                ["status"] = call.Status,
                ["address"] = call.Address,
                ["client"] = call.Client,
                ["number"] = call.Number,
                ["note"] = call.Note,
            });
        }
        return new Answer(200, list).WriteAsync(context);
    }

    /// <summary>The certificate made at this start, for clients that shall trust it.</summary>
    public Task CertificateAsync(HttpContext context)
    {
        if (!certificate.IsMade)
        {
            return Answer.CamaraError(404, "NOT_FOUND", "No certificate was made: no https address is listened on, or one is configured.")
                .WriteAsync(context);
        }
        context.Response.ContentType = "application/x-pem-file";
        return context.Response.WriteAsync(certificate.Value.ExportCertificatePem() + "\n", context.RequestAborted);
    }

    public Task ListRadioAsync(HttpContext context) => new Answer(200, DescribeRadio()).WriteAsync(context);

    /// <summary>Opens the radio proxy of an address, or tells of the one that is open.</summary>
    public Task OpenRadioAsync(HttpContext context)
    {
        if (!IPAddress.TryParse(context.GetRouteValue("ip") as string, out var address) || address.GetAddressBytes() is not [127, _, _, _])
        {
            return ControlBody.Refuse("the last part of the path must be an address of 127.0.0.0/8").WriteAsync(context);
        }
        return new Answer(200, new JsonObject { ["address"] = address.ToString(), ["proxy"] = radio.Open(address, port: 0) }).WriteAsync(
            context);
    }

    /// <summary>Everything as after the start but the clients and the keys, which others hold on to.</summary>
    public Task ResetAsync(HttpContext context)
    {
        subscribers.Reset();
        network.Reset();
        faults.ClearAll();
        operatorTokens.Clear();
        codes.Clear();
        requests.Clear();
        accessTokens.Clear();
        log.Clear();
        return new Answer(204, null).WriteAsync(context);
    }

    private JsonObject DescribeRadio()
    {
        var described = new JsonObject();
        foreach (var (address, proxy) in radio.All)
        {
            described[address.ToString()] = proxy;
        }
        return described;
    }
}
