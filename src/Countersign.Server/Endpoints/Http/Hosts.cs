using System.Net;

namespace Countersign.Server.Endpoints.Http;

/// <summary>Names by which a server may be called.</summary>
internal static class Hosts
{
    /// <summary>A name or address that is always this machine's own.</summary>
    /// <param name="host">As in a Host header, without port; an IPv6 address with or without brackets.</param>
    public static bool IsLoopback(string host) =>
        Bare(host) is var name
        && (name.Equals("localhost", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(name, out var address) && IPAddress.IsLoopback(address)));

    /// <summary>An address instead of a name.</summary>
    public static bool IsAddress(string host) => IPAddress.TryParse(Bare(host), out _);

    /// <summary>Every address of this machine, in a listening URL.</summary>
    public static bool IsAny(string host) => Bare(host) is "*" or "+" or "0.0.0.0" or "::";

    /// <summary>Is it the name, or below it where the name begins with <c>*.</c>?</summary>
    public static bool Matches(string host, string name) =>
        name == "*" || string.Equals(Bare(host), Bare(name), StringComparison.OrdinalIgnoreCase)
        || (name.StartsWith("*.", StringComparison.Ordinal) && Bare(host).EndsWith(name[1..], StringComparison.OrdinalIgnoreCase));

    // A full stop at the end names the same host.
    private static string Bare(string host) => host.TrimStart('[').TrimEnd(']').TrimEnd('.');
}
