using System.Net;

namespace Countersign.Providers.Camara;

/// <summary>An operator as configured, read into the types that it is used with.</summary>
/// <param name="Api">Without a slash at its end.</param>
internal sealed record OperatorSettings(
    string Name, string Issuer, string ClientId, OperatorKey Key, string Purpose, string ApiVersion, IReadOnlyList<string> Prefixes,
    IReadOnlyList<IPNetwork> Ranges, bool Cors, string Api)
{
    /// <summary>All operators, in the order of their names.</summary>
    /// <param name="configured">In which <see cref="MobileOperatorsOptionsValidator"/> has found nothing wrong.</param>
    public static IReadOnlyList<OperatorSettings> Read(IReadOnlyDictionary<string, OperatorOptions> configured) =>
        [.. configured.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => Read(pair.Key, pair.Value))];

    /// <summary>Whether a number is this operator's, as far as its prefixes say.</summary>
    public bool IsResponsibleFor(Core.PhoneNumber number) =>
        Prefixes.Count == 0 || Prefixes.Any(prefix => number.E164.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>Codes, tokens and numbers go over TLS, or do not leave this machine.</summary>
    public static bool IsSafe(Uri url) => url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback);

    public override string ToString() => Name;

    private static OperatorSettings Read(string name, OperatorOptions options) => new(
        name, options.Issuer!, options.ClientId!, options.ReadKey(), options.Purpose!, options.ApiVersion, options.Prefixes,
        [.. options.AddressRanges.Select(range => IPNetwork.Parse(range))], options.Cors, (options.ApiUrl ?? options.Issuer!).TrimEnd('/'));
}
