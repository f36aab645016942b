using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Countersign.Core;

namespace Countersign.Providers.Camara;

/// <summary>An operator as configured, checked and read.</summary>
/// <param name="Api">Without a slash at its end.</param>
internal sealed partial record OperatorSettings(
    string Name, string Issuer, string ClientId, OperatorKey Key, string Purpose, string ApiVersion, IReadOnlyList<string> Prefixes,
    IReadOnlyList<IPNetwork> Ranges, bool Cors, string Api)
{
    /// <summary>Whether a number is this operator's, as far as its prefixes say.</summary>
    public bool IsResponsibleFor(Core.PhoneNumber number) =>
        Prefixes.Count == 0 || Prefixes.Any(prefix => number.E164.StartsWith(prefix, StringComparison.Ordinal));

    public override string ToString() => Name;

    /// <exception cref="ConfigurationException">The operators cannot work as configured.</exception>
    public static void Check(IReadOnlyDictionary<string, OperatorOptions> operators, Mode mode, string? publicUrl)
    {
        var isLive = mode == Mode.Live;
        if (isLive && operators.Count > 0 && publicUrl is null)
        {
            throw new ConfigurationException(
                "Countersign:PublicUrl is missing. Operators send browsers back to an address under it, which they must have on their list: "
                    + "<PublicUrl>/operators/<name>/callback.");
        }
        Read(operators, needsKeys: isLive);
    }

    /// <summary>All operators, or the first thing that is wrong with one of them.</summary>
    /// <param name="needsKeys">In Live a key that is made at each start would be another one on each node.</param>
    /// <exception cref="ConfigurationException">They cannot work as configured.</exception>
    public static IReadOnlyList<OperatorSettings> Read(IReadOnlyDictionary<string, OperatorOptions> configured, bool needsKeys)
    {
        var operators = configured.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => Read(pair.Key, pair.Value, needsKeys)).ToList();
        for (var i = 0; i < operators.Count; i++)
        {
            if (operators.Skip(i + 1).FirstOrDefault(other => operators[i].IsTheSameAs(other)) is { } double_)
            {
                throw new ConfigurationException(
                    $"Countersign:Operators:{operators[i].Name} and :{double_.Name} are responsible for the same numbers and addresses. "
                        + "Give each its own Prefixes or AddressRanges.");
            }
        }
        return operators;
    }

    private static OperatorSettings Read(string name, OperatorOptions options, bool needsKeys)
    {
        var at = $"Countersign:Operators:{name}";
        if (!NameShape().IsMatch(name))
        {
            throw new ConfigurationException($"{at}: the name must be 1 to 32 characters of a-z, 0-9 and '-', since it stands in an address.");
        }
        var issuer = ReadUrl($"{at}:Issuer", options.Issuer, "It is the operator's OpenID Connect issuer.");
        return new OperatorSettings(
            name,
            issuer,
            options.ClientId is { Length: > 0 } id ? id : throw new ConfigurationException($"{at}:ClientId is missing. It is what the operator calls this server."),
            ReadKey(at, options, needsKeys),
            ReadPurpose(at, options.Purpose),
            options.ApiVersion is "v1" or "v2" ? options.ApiVersion : throw new ConfigurationException($"{at}:ApiVersion must be v1 or v2."),
            [.. options.Prefixes.Select((prefix, index) => PrefixShape().IsMatch(prefix)
                ? prefix
                : throw new ConfigurationException($"{at}:Prefixes:{Number(index)} must be the beginning of numbers in international form, with the plus sign (+1202)."))],
            [.. options.AddressRanges.Select((range, index) => IPNetwork.TryParse(range, out var network)
                ? network
                : throw new ConfigurationException($"{at}:AddressRanges:{Number(index)} must be an address, a slash and a length (203.0.113.0/24)."))],
            options.Cors,
            options.ApiUrl is null ? issuer.TrimEnd('/') : ReadUrl($"{at}:ApiUrl", options.ApiUrl, "It is what stands before /number-verification.").TrimEnd('/'));
    }

    private static string ReadUrl(string setting, string? text, string meaning)
    {
        if (string.IsNullOrEmpty(text))
        {
            throw new ConfigurationException($"{setting} is missing. {meaning}");
        }
        return Uri.TryCreate(text, UriKind.Absolute, out var url) && IsSafe(url) && url.Query.Length == 0 && url.Fragment.Length == 0 && url.UserInfo.Length == 0
            ? text
            : throw new ConfigurationException($"{setting} must be an https address without query and fragment; http is for loopback alone. {meaning}");
    }

    /// <summary>Codes, tokens and numbers go over TLS, or do not leave this machine.</summary>
    public static bool IsSafe(Uri url) => url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback);

    private static OperatorKey ReadKey(string at, OperatorOptions options, bool needsKeys)
    {
        if (options is { PrivateKey: not null, PrivateKeyFile: not null })
        {
            throw new ConfigurationException($"{at} has PrivateKey and PrivateKeyFile. Leave one of them out.");
        }
        var setting = options.PrivateKeyFile is null ? $"{at}:PrivateKey" : $"{at}:PrivateKeyFile";
        if (options.PrivateKeyFile is null && options.PrivateKey is null)
        {
            return needsKeys
                ? throw new ConfigurationException(
                    $"{at}:PrivateKeyFile is missing. Make a key with: openssl ecparam -name prime256v1 -genkey -noout -out operator.pem")
                : OperatorKey.New();
        }
        try
        {
            return OperatorKey.Read(options.PrivateKey ?? File.ReadAllText(options.PrivateKeyFile!), options.KeyId);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ConfigurationException($"{setting} cannot be read. Is the file there, and may this process read it?", exception);
        }
        catch (CryptographicException exception)
        {
            throw new ConfigurationException(
                $"{setting} cannot be used: {exception.Message}. It must be a private key in PEM, of an elliptic curve on P-256 or RSA of 2048 bits or more.", exception);
        }
    }

    private static string ReadPurpose(string at, string? purpose) => purpose switch
    {
        null or "" => throw new ConfigurationException(
            $"{at}:Purpose is missing. It is the one purpose that the operator is told, from the W3C Data Privacy Vocabulary (FraudPreventionAndDetection)."),
        _ when PurposeShape().IsMatch(purpose) => purpose,
        _ => throw new ConfigurationException($"{at}:Purpose must be exactly one term of the W3C Data Privacy Vocabulary, without dpv: before it (FraudPreventionAndDetection)."),
    };

    private bool IsTheSameAs(OperatorSettings other) =>
        (Prefixes.Count == 0 ? other.Prefixes.Count == 0 : Prefixes.Intersect(other.Prefixes, StringComparer.Ordinal).Any())
        && (Ranges.Count == 0 ? other.Ranges.Count == 0 : Ranges.Intersect(other.Ranges).Any());

    private static string Number(int index) => index.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^[a-z0-9-]{1,32}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NameShape();

    [GeneratedRegex(@"^\+[1-9][0-9]{0,14}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PrefixShape();

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_-]{0,99}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PurposeShape();
}
