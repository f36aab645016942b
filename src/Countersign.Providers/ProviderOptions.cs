using System.Net;
using Countersign.Core;
using Countersign.Core.Events;
using Countersign.Providers.Camara;
using Countersign.Providers.Identity;
using Countersign.Providers.Sms;
using Countersign.Providers.Texts;

namespace Countersign.Providers;

/// <summary>What the configuration says about the world outside. It has been checked: each part by its own validator.</summary>
public sealed class ProviderOptions
{
    public required Mode Mode { get; init; }

    /// <summary>Countries (ISO 3166, two letters) whose numbers are admitted in Live.</summary>
    public IReadOnlyList<string> Countries { get; init; } = [];

    /// <summary>Which gateways carry the texts to which country; without a route the one gateway there is carries all.</summary>
    public IReadOnlyList<TextRouteOptions> TextRoutes { get; init; } = [];

    /// <summary>The text gateways of Live.</summary>
    public IReadOnlyList<GatewayOptions> Gateways { get; init; } = [];

    /// <summary>Who is asked in Live whose number a number is, in this order; own records where this is empty.</summary>
    public IReadOnlyList<IdentitySourceOptions> IdentitySources { get; init; } = [];

    /// <summary>Who is asked in Live what has lately happened to a number.</summary>
    public IReadOnlyList<RiskSourceOptions> RiskSources { get; init; } = [];

    /// <summary>The file that says in which country an address is; null for none.</summary>
    public string? GeoTable { get; init; }

    /// <summary>Where webhooks may be sent to.</summary>
    public ReceiverAddresses Receivers { get; init; }

    /// <summary>Private networks that webhooks may be sent to as well.</summary>
    public IReadOnlyList<IPNetwork> ReceiverNetworks { get; init; } = [];

    /// <summary>Mobile operators by their names.</summary>
    public IReadOnlyDictionary<string,
        OperatorOptions> Operators { get; init; } = new Dictionary<string, OperatorOptions>(StringComparer.Ordinal);
}
