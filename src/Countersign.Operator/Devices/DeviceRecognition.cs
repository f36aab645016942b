using System.Security.Cryptography;
using System.Text;
using Countersign.Operator.State;

namespace Countersign.Operator.Devices;

/// <summary>Which SIM a call comes from.</summary>
internal sealed class DeviceRecognition(OperatorSettings settings, RadioNetwork network)
{
    public const string NumberHeader = "X-MSISDN";
    public const string ProofHeader = "X-Gateway-Secret";

    /// <summary>The number, and how it was recognised; null when no SIM of this operator is behind the call.</summary>
    public (Msisdn? Number, string How) Recognise(HttpContext context)
    {
        var claimed = context.Request.Headers[NumberHeader].ToString();
        if (claimed.Length > 0 && IsGateway(context))
        {
            return Msisdn.TryParse(claimed, out var enriched) ? (enriched, "the gateway named the SIM")
                : (null, "the gateway named no number");
        }
        if (context.Connection.RemoteIpAddress is { } address && network.Find(address) is { } attached)
        {
            return (attached, "a SIM is behind this address");
        }
        return (null,
            claimed.Length > 0 ? "X-MSISDN came without the gateway's proof, and no SIM is behind this address"
                : "no SIM is behind this address");
    }

    // Anybody can send a header; only the packet gateway knows the secret.
    private bool IsGateway(HttpContext context) => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(context.Request.Headers[ProofHeader].ToString()), Encoding.UTF8.GetBytes(settings.GatewaySecret));
}
