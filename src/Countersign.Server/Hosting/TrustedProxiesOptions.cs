using System.Net;
using Microsoft.Extensions.Options;

namespace Countersign.Server.Hosting;

/// <summary>Who may say for whom it calls (<c>Countersign:TrustedProxies</c>).</summary>
internal sealed class TrustedProxiesOptions
{
    /// <summary>Addresses or networks of proxies whose <c>X-Forwarded-For</c> is believed.</summary>
    /// <value>None by default: the caller is whoever opened the connection.</value>
    public string[] TrustedProxies { get; set; } = [];

    /// <summary>The network that an entry names; null when it is neither a network nor an address.</summary>
    public static IPNetwork? ReadNetwork(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) && (text.Contains(':', StringComparison.Ordinal) || text.Count(c => c == '.') == 3)
            ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : null;
}

internal sealed class TrustedProxiesOptionsValidator : IValidateOptions<TrustedProxiesOptions>
{
    public ValidateOptionsResult Validate(string? name, TrustedProxiesOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        foreach (var proxy in options.TrustedProxies)
        {
            if (TrustedProxiesOptions.ReadNetwork(proxy) is not { } network)
            {
                result.AddError("Countersign:TrustedProxies must be an address or a network (10.0.0.7, 10.0.0.0/8, fd00::/8).");
            }
            // Everybody could say that they are anybody.
            else if (network.PrefixLength == 0)
            {
                result.AddError("Countersign:TrustedProxies must not be everybody: name the proxies' own addresses or networks.");
            }
        }
        return result.Build();
    }
}
