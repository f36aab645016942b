using System.Collections.Immutable;
using System.Net;

namespace Countersign.Operator.State;

/// <summary>
/// Whom the operator knows before anything is configured: numbers that are kept for stories (+1 202 555 01xx), persons who are nobody.
/// </summary>
internal static class DefaultSubscribers
{
    public static IReadOnlyList<Subscriber> All { get; } =
    [
        Person("+12025550142", "Ada", "Lovelace", "1985-12-10", "FEMALE", "St James's Square", "12", "20001", "Washington", "DC", "PAYM",
            new DateOnly(2015, 3, 1)),
        Person("+12025550143", "Grace", "Hopper", "1976-12-09", "FEMALE", "Harbor Street", "5", "22202", "Arlington", "VA", "PAYM",
            new DateOnly(2018, 7, 15)),
        Person("+12025550144", "Alan", "Turing", "1982-06-23", "MALE", "Bletchley Road", "8", "20902", "Silver Spring", "MD", "PAYG",
            new DateOnly(2025, 1, 20)),
        Person("+12025550145", "Katherine", "Johnson", "1990-08-26", "FEMALE", "Langley Avenue", "101", "23666", "Hampton", "VA",
            "Business", new DateOnly(2021, 11, 2)),
    ];

    public static ImmutableDictionary<IPAddress, Msisdn> Network { get; } =
        All.Select((subscriber, index) => KeyValuePair.Create(new IPAddress([127, 0, 0, (byte)(42 + index)]), subscriber.Number))
            .ToImmutableDictionary();

    private static Subscriber Person(
        string number, string givenName, string familyName, string birthdate, string gender, string street, string house, string postalCode,
        string locality, string region, string contractType, DateOnly since)
    {
        var kyc = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["name"] = $"{givenName} {familyName}",
            ["givenName"] = givenName,
            ["familyName"] = familyName,
            ["birthdate"] = birthdate,
            ["gender"] = gender,
            ["address"] = $"{house} {street}, {locality}, {region} {postalCode}",
            ["streetName"] = street,
            ["streetNumber"] = house,
            ["postalCode"] = postalCode,
            ["locality"] = locality,
            ["region"] = region,
            ["country"] = "US",
            ["email"] = $"{givenName}.{familyName}@example.com".ToLowerInvariant(),
        };
        return new Subscriber(
            Msisdn.TryParse(number, out var msisdn) ? msisdn : throw new ArgumentException("Not a number.", nameof(number)),
            kyc.ToImmutableSortedDictionary(StringComparer.Ordinal), TenureSince: since, ContractType: contractType);
    }
}
