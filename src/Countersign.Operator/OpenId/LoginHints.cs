using System.Net;
using Countersign.Operator.State;

namespace Countersign.Operator.OpenId;

/// <summary>What a login_hint points at, and whether that proves that the person holds the SIM now.</summary>
internal sealed record HintedNumber(Msisdn Number, bool ProvesPossession);

/// <summary>Reads login hints of CAMARA's profile: <c>tel:</c>, <c>ipport:</c> and <c>operatortoken:</c>.</summary>
internal sealed class LoginHints(RadioNetwork network, OperatorTokens tokens, Subscribers subscribers)
{
    public const string Forms = "tel:+12025550142, ipport:127.0.0.42:50000 or operatortoken:...";

    /// <summary>Whether it has one of the forms at all.</summary>
    public static bool HasForm(string hint) => hint.StartsWith("tel:", StringComparison.Ordinal)
        || hint.StartsWith("ipport:", StringComparison.Ordinal) || hint.StartsWith("operatortoken:", StringComparison.Ordinal);

    /// <summary>Null when it points at nobody whom this operator knows.</summary>
    public HintedNumber? Find(string hint)
    {
        var value = hint[(hint.IndexOf(':', StringComparison.Ordinal) + 1)..];
        var found = hint[..(hint.Length - value.Length)] switch
        {
            // Knowing a number proves nothing about who holds it.
            "tel:" => Msisdn.TryParse(value, out var number) ? new HintedNumber(number, ProvesPossession: false) : null,
            "ipport:" => IPEndPoint.TryParse(value, out var end) && end.Port > 0 && network.Find(end.Address) is { } attached
                ? new HintedNumber(attached, ProvesPossession: true)
                : null,
            "operatortoken:" => tokens.Find(value) is { } proven ? new HintedNumber(proven, ProvesPossession: true) : null,
            _ => null,
        };
        return found is not null && subscribers.Find(found.Number) is not null ? found : null;
    }
}
