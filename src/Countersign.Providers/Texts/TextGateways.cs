using Countersign.Core;
using Countersign.Core.Doctor;
using Countersign.Core.Texts;

namespace Countersign.Providers.Texts;

/// <summary>
/// The gateways of this server, each behind its guards. Their standing is this process' own experience and begins anew with it.
/// </summary>
internal sealed class TextGateways : ITextGateways, IProviderStandings, IDisposable
{
    private readonly Dictionary<GatewayName, GuardedGateway> _gateways;

    public TextGateways(IEnumerable<ISmsGateway> gateways, TimeProvider time, ILogger<TextGateways> logger)
    {
        var all = gateways.ToArray();
        if (all.Length == 0)
        {
            throw new ConfigurationException(TextRoutesOptions.NoGateway);
        }
        if (all.GroupBy(gateway => gateway.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ConfigurationException(
                $"Two text gateways are named {twice.Key}. Give each a name of its own under Countersign:Gateways.");
        }
        _gateways = all.ToDictionary(gateway => gateway.Name, gateway => new GuardedGateway(gateway, time, logger));
        Names = [.. all.Select(gateway => gateway.Name)];
    }

    public IReadOnlyList<GatewayName> Names { get; }

    public IEnumerable<ProviderStanding> Standings => Names.Select(name => _gateways[name].Standing);

    public GatewayHealth HealthOf(GatewayName name) => _gateways[name].Health;

    public bool ReportsHandover(GatewayName name) => _gateways[name].ReportsHandover;

    public string? SenderOf(GatewayName name) => _gateways[name].Sender;

    public Task<SmsResult> SubmitAsync(GatewayName name, SmsSubmission submission, bool evenAtRest) =>
        _gateways[name].SubmitAsync(submission, evenAtRest);

    public void Record(GatewayName name, bool wasDelivered)
    {
        // A gateway that was there when the text was sent may have been taken out of the configuration.
        if (_gateways.TryGetValue(name, out var gateway))
        {
            gateway.Record(wasDelivered);
        }
    }

    public void Dispose()
    {
        foreach (var gateway in _gateways.Values)
        {
            gateway.Dispose();
        }
    }
}
