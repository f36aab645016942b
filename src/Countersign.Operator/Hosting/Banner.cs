using System.Net;
using Countersign.Operator.Devices;
using Countersign.Operator.Radio;
using Countersign.Operator.State;

namespace Countersign.Operator.Hosting;

/// <summary>
/// What somebody who starts the operator wants to know next, on the console: it holds the gateway's secret, so it is no log line.
/// </summary>
internal sealed class Banner(Issuer issuer, OperatorSettings settings, Clients clients, RadioNetwork network, RadioProxies radio)
{
    public void Print(TextWriter output)
    {
        var origin = issuer.Origin;
        var known = clients.All.Any()
            ? string.Join(", ", clients.All.Select(client => client.Id))
            : $"none yet: POST {origin}/sim/clients";
        output.WriteLine($"""

            The simulated mobile operator is ready: no network is behind it, its subscribers are nobody.

              Issuer            {origin}
              Discovery         {origin}/.well-known/openid-configuration
              Page              {origin}/
              Control           {origin}/sim
              Listening on      {string.Join(", ", issuer.Addresses)}
              Clients           {known}
              Gateway's proof   {DeviceRecognition.ProofHeader}: {settings.GatewaySecret}

            SIMs by address (the number is in every call from there):
            """);
        var proxies = new Dictionary<IPAddress, string>(radio.All);
        foreach (var (address, number) in network.All)
        {
            output.WriteLine(
                $"  {address,-16}  {number.Value}{(proxies.TryGetValue(address, out var proxy) ? $"   radio proxy {proxy}" : "")}");
        }
        output.WriteLine();
    }
}
