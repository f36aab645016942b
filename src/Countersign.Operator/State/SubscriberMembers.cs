using System.Globalization;
using Countersign.Operator.Camara;

namespace Countersign.Operator.State;

/// <summary>The members of a subscriber as configuration and control API write them.</summary>
internal static class SubscriberMembers
{
    private static readonly string[] _contractTypes = ["PAYG", "PAYM", "Business"];

    /// <summary>The subscriber with one member set, or taken away with null; null and the problem when that cannot be.</summary>
    public static (Subscriber? Subscriber, string Problem) Apply(Subscriber subscriber, string name, string? value)
    {
        value = string.IsNullOrEmpty(value) ? null : value;
        if (Is(name, "simSwappedAt"))
        {
            return Instant(value, at => subscriber with { SimSwappedAt = at });
        }
        if (Is(name, "recycledAt"))
        {
            return Instant(value, at => subscriber with { RecycledAt = at });
        }
        if (Is(name, "tenureSince"))
        {
            return value is null ? (subscriber with { TenureSince = null }, "")
                : CamaraDate.TryParse(value, out var date) ? (subscriber with { TenureSince = date }, "")
                : (null, "must be a date such as 2020-02-29");
        }
        if (Is(name, "contractType"))
        {
            return value is null || _contractTypes.Contains(value, StringComparer.Ordinal)
                ? (subscriber with { ContractType = value }, "")
                : (null, $"must be one of {string.Join(", ", _contractTypes)}");
        }
        if (KycAttribute.Find(name, ignoreCase: true) is not { } attribute)
        {
            return (null, "is no member of a subscriber");
        }
        if (value is null)
        {
            return (subscriber with { Kyc = subscriber.Kyc.Remove(attribute.Name) }, "");
        }
        return attribute.Accepts(value)
            ? (subscriber with { Kyc = subscriber.Kyc.SetItem(attribute.Name, value) }, "")
            : (null, $"must be {attribute.Form}");
    }

    private static bool Is(string name, string member) => name.Equals(member, StringComparison.OrdinalIgnoreCase);

    private static (Subscriber? Subscriber, string Problem) Instant(string? value, Func<DateTimeOffset?, Subscriber> set)
    {
        if (value is null)
        {
            return (set(null), "");
        }
        return DateTimeOffset.TryParse(
            value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
            ? (set(at), "")
            : (null, "must be a time such as 2026-11-23T09:00:00Z");
    }
}
