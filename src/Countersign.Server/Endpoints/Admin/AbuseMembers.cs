using System.Net;
using Countersign.Core;
using Countersign.Core.Pumping;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>Members of requests about abuse: a target, and how long.</summary>
internal static class AbuseMembers
{
    private const string PrefixRule = "must be + and 3 to 11 digits: how numbers begin, at most all but their last four";
    private const string AddressRule = "must be an IPv4 or IPv6 address";

    public static Member<string?> Prefix { get; } = Member.Optional(
        "prefix",
        Shape.Text(text => text is ['+', >= '1' and <= '9', ..] && text.Length is >= 4 and <= 12 && text.Skip(1).All(char.IsAsciiDigit)
            ? null
            : PrefixRule) with
        {
            Pattern = @"^\+[1-9][0-9]{2,10}$",
        },
        "How numbers begin, with their country code: 3 digits or more, at most all but the last four.");

    public static Member<string?> Country { get; } = Member.Optional(
        "country",
        Shape.Text(text => text is [>= 'A' and <= 'Z', >= 'A' and <= 'Z'] ? null : "must be two capital letters, as in ISO 3166-1") with
        {
            Pattern = "^[A-Z]{2}$",
        },
        "A country, by its code (ISO 3166-1 alpha-2).");

    public static Member<string?> Address { get; } = Member.Optional(
        "address",
        Fields.IpAddress with
        {
            // Of IPv4 as it is written back: to some readers 010 is 8, and whoever writes it means 10.
            Reader = text => IPAddress.TryParse(text, out var address) && (text.Contains(':') || address.ToString() == text)
                ? (text, null)
                : (null, AddressRule),
        },
        "The address from which persons browse. Of IPv6 its /64 is meant.");

    public static Member<string?> PhoneNumber { get; } = LookUp.PhoneNumber;

    /// <summary>Exactly one of them names the target.</summary>
    public static IReadOnlyList<Member> Targets { get; } = [Prefix, Country, Address, PhoneNumber];

    public static Member<int> Hours { get; } = Member.Standard(
        "hours", Shape.Number(1, (int)AbuseEntry.MaxDuration.TotalHours, "hours"), 24, "How long it holds, in hours. Default: 24.");
}

/// <summary>Whom an administrator allows or denies, and for how long.</summary>
internal sealed record AbuseRequest(string? Prefix, string? Country, string? Address, PhoneNumber? PhoneNumber, int Hours)
{
    // A number or an address may be in it.
    public override string ToString() => "***";
}
