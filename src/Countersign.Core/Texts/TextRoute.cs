namespace Countersign.Core.Texts;

/// <summary>Which gateways may carry a text.</summary>
/// <param name="Gateways">Their names, the preferred first.</param>
/// <param name="Sender">Alphanumeric name, number or short code from which it is to come; null for each gateway's own.</param>
public sealed record TextRoute(IReadOnlyList<GatewayName> Gateways, string? Sender = null)
{
    /// <summary>
    /// The gateways in the order in which a text tries them: one at rest after those at work, one that seldom delivers after the others,
    /// and one that this flow has used before after those that it has not, since the person asks again because that one did not arrive.
    /// </summary>
    public IReadOnlyList<GatewayName> OrderFor(Func<GatewayName, GatewayHealth> healthOf, IReadOnlyCollection<GatewayName> used) =>
        [.. Gateways.OrderBy(name => healthOf(name)).ThenBy(used.Contains)];
}

/// <summary>How well a gateway does, the best first.</summary>
public enum GatewayHealth
{
    Well,

    /// <summary>Of its last texts too few were delivered.</summary>
    SeldomDelivers,

    /// <summary>It has failed so often that it is left alone for a while.</summary>
    Resting,
}

/// <summary>Says which way a text to a number goes.</summary>
public interface ITextRoutes
{
    /// <summary>Null when no gateway is for this number.</summary>
    TextRoute? For(PhoneNumber to);
}
