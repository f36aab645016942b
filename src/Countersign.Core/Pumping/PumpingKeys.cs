using System.Buffers.Binary;
using Countersign.Core.Keys;
using Countersign.Core.Limits;

namespace Countersign.Core.Pumping;

/// <summary>Makes the keys, tags and labels of what is counted and listed.</summary>
public sealed class PumpingKeys(SecretHasher hasher, INumberPlan plan)
{
    // Fewer are hardly more than a country's code; no number has fewer before its last four.
    private const int MinPrefixDigits = 3;

    /// <summary>A number without its last four digits.</summary>
    public static string PrefixOf(PhoneNumber number) => number.E164[..^4];

    /// <summary>Null when no country's plan has the number.</summary>
    public string? CountryOf(PhoneNumber number) => plan.CountryOf(number);

    public TrafficKey Traffic(TrafficKind kind, string whose) => new(kind, Hash($"traffic.{kind}", whose));

    /// <summary>Of the thousand numbers around it.</summary>
    public TrafficKey Block(PhoneNumber number) => Traffic(TrafficKind.Block, number.E164[..^3]);

    public AbuseKey Abuse(AbuseTarget target, string whose) => new(target, Hash($"abuse.{target}", whose))
    {
        Number = target == AbuseTarget.Number ? PhoneNumber.Parse(whose) : null,
    };

    /// <summary>Tells items of one key apart.</summary>
    public long TagOf(string item) => BinaryPrimitives.ReadInt64BigEndian(Hash("traffic-item", item).ToBytes());

    /// <summary>The targets of a text, the narrowest first, with what is read of each.</summary>
    /// <param name="country">That of the number: see <see cref="CountryOf"/>.</param>
    public IReadOnlyList<(AbuseKey Key, string Label)> TargetsOf(PhoneNumber to, string? country, BrowserNetwork? from)
    {
        List<(AbuseKey, string)> targets = [(Abuse(AbuseTarget.Number, to.E164), to.ToString()), Prefix(PrefixOf(to))];
        if (from is { } network)
        {
            targets.Add((Abuse(AbuseTarget.Address, network.Text), LabelOfAddress(network.Text)));
        }
        // A shorter one may be a whole country's: what is said of it must not let a denied address through.
        targets.AddRange(BeginningsOf(PrefixOf(to)).Skip(1).Select(Prefix));
        if (country is not null)
        {
            targets.Add((Abuse(AbuseTarget.Country, country), country));
        }
        return targets;

        (AbuseKey, string) Prefix(string prefix) => (Abuse(AbuseTarget.Prefix, prefix), LabelOfPrefix(prefix));
    }

    public static string LabelOfPrefix(string prefix) => $"{prefix}****";

    /// <summary>Of a prefix that an administrator names: whatever follows.</summary>
    public static string LabelOfBeginning(string prefix) => $"{prefix}*";

    /// <summary>Without what tells one subscriber: the last part of IPv4, of IPv6 all but the first three groups.</summary>
    /// <param name="network">As <see cref="BrowserNetwork"/> has it: an address of IPv4, or the first sixteen digits of one of
    /// IPv6.</param>
    public static string LabelOfAddress(string network) => network.Contains('.')
        ? $"{network[..(network.LastIndexOf('.') + 1)]}*"
        : $"{network[..4]}:{network[4..8]}:{network[8..12]}:*";

    /// <summary>The longest first.</summary>
    private static IEnumerable<string> BeginningsOf(string prefix) =>
        Enumerable.Range(0, prefix.Length - MinPrefixDigits).Select(shorter => prefix[..^shorter]);

    private SecretHash Hash(string what, string whose) => hasher.Hash($"pumping.{what}", new Secret(whose));
}
