using System.Security.Cryptography;
using Countersign.Core;
using Countersign.Core.IdentityMatching;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Core.Names;
using Countersign.Providers.Camara;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Countersign.Providers.Tests.Fakes;

/// <summary>The simulated operator, and a server's side of it.</summary>
internal static class OperatorOf
{
    public static async Task<(SimulatedNetwork Network, MobileOperator Operator)> StartAsync()
    {
        var network = await SimulatedNetwork.StartAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await network.RegisterAsync("https://id.example.com/operators/sim/callback", key.ExportSubjectPublicKeyInfoPem());
        var settings = OperatorSettings.Read(
            new Dictionary<string, OperatorOptions>
            {
                ["sim"] = new()
                {
                    Issuer = network.Origin, ClientId = SimulatedNetwork.ClientId, PrivateKey = key.ExportPkcs8PrivateKeyPem(),
                    Purpose = "FraudPreventionAndDetection",
                },
            });
        return (network, new MobileOperator(settings[0], TimeProvider.System, NullLogger.Instance));
    }
}
