using Countersign.Core.Flows;

namespace Countersign.Core.Receipts;

/// <summary>
/// What a flow's receipt commits to: whom it was about and what the relying party calls it, as the flow has them at its end. The number and
/// the name are those of its begin, unless another number was permitted and given.
/// </summary>
public static class Commitments
{
    public const string PhoneNumber = "phoneNumber";
    public const string FirstName = "firstName";
    public const string LastName = "lastName";
    public const string ClientRequestId = "clientRequestId";
    public const string ClientCustomerId = "clientCustomerId";

    /// <summary>None for a flow that a version began which knew no receipts.</summary>
    public static IReadOnlyList<Disclosure> Of(Flow flow)
    {
        if (flow.ReceiptSeed is not { } seed)
        {
            return [];
        }
        (string Name, string? Value)[] all =
        [
            (PhoneNumber, flow.Number.E164), (FirstName, flow.Name?.Given), (LastName, flow.Name?.Family),
            (ClientRequestId, flow.ClientRequestId), (ClientCustomerId, flow.ClientCustomerId),
        ];
        return [.. all.Where(one => one.Value is not null).Select(one => Disclosure.Of(seed, one.Name, one.Value!))];
    }

    /// <summary>The digests as a receipt lists them: in an order that does not tell which is which.</summary>
    public static IReadOnlyList<string> DigestsOf(IEnumerable<Disclosure> disclosures) =>
        [.. disclosures.Select(disclosure => disclosure.Digest).Order(StringComparer.Ordinal)];
}
