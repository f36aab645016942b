using Countersign.Core;
using Countersign.Core.Flows;

namespace Countersign.Providers.Sms;

/// <summary>Where a gateway's provider reaches this server.</summary>
internal sealed class GatewayAddress(GatewayOptions options, PublicAddress address)
{
    private string Origin => options.CallbackUrl ?? address.Origin;

    /// <summary>Where receipts of one submission go.</summary>
    public string ReceiptUrl(Secret token) => $"{Origin}/gateways/{options.Name}/receipts/{token.Reveal()}";

    /// <summary>An address as the provider was given it, of which a proxy may have changed all but path and query.</summary>
    public string AsGiven(Uri url) => Origin + url.PathAndQuery;
}
