using System.Net;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Countersign.Core;
using Microsoft.Extensions.Options;

namespace Countersign.Providers.Camara;

/// <param name="mode">
/// In Live each operator needs a key: one that is made at each start would be another one on each node. Null where it is not known.
/// </param>
/// <param name="isUnread">Tells of a setting's path that it could not be read.</param>
public sealed partial class MobileOperatorsOptionsValidator(Mode? mode, Predicate<string> isUnread)
    : IValidateOptions<MobileOperatorsOptions>
{
    public ValidateOptionsResult Validate(string? name, MobileOperatorsOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        var operators = options.Operators.OrderBy(pair => pair.Key, StringComparer.Ordinal).ToList();
        foreach (var (key, value) in operators)
        {
            Check(key, value, result);
        }
        operators.RemoveAll(one => isUnread(PathOf(one.Key, nameof(one.Value.Prefixes)))
            || isUnread(PathOf(one.Key, nameof(one.Value.AddressRanges))));
        for (var i = 0; i < operators.Count; i++)
        {
            if (operators.Skip(i + 1).FirstOrDefault(other => AreTheSame(operators[i].Value, other.Value)) is { Key: { } other })
            {
                result.AddError(
                    $"Countersign:Operators:{operators[i].Key} and :{other} are responsible for the same numbers and addresses. "
                        + "Give each its own Prefixes or AddressRanges.");
            }
        }
        return result.Build();
    }

    private static string PathOf(string name, string option) => $"Countersign:Operators:{name}:{option}";

    private void Check(string name, OperatorOptions options, ValidateOptionsResultBuilder result)
    {
        var at = $"Countersign:Operators:{name}";
        if (!NameShape().IsMatch(name))
        {
            result.AddError($"{at}: the name must be 1 to 32 characters of a-z, 0-9 and '-', since it stands in an address.");
        }
        CheckUrl($"{at}:Issuer", options.Issuer ?? "", "It is the operator's OpenID Connect issuer.", result);
        if (string.IsNullOrEmpty(options.ClientId))
        {
            result.AddError($"{at}:ClientId is missing. It is what the operator calls this server.");
        }
        CheckKey(at, options, result);
        CheckPurpose(at, options.Purpose, result);
        if (options.ApiVersion is not ("v1" or "v2"))
        {
            result.AddError($"{at}:ApiVersion must be v1 or v2.");
        }
        foreach (var (index, prefix) in options.Prefixes.Index())
        {
            if (!PrefixShape().IsMatch(prefix))
            {
                result.AddError($"{at}:Prefixes:{index} must be the beginning of numbers in international form, with the plus "
                    + "sign (+1202).");
            }
        }
        foreach (var (index, range) in options.AddressRanges.Index())
        {
            if (!IPNetwork.TryParse(range, out _))
            {
                result.AddError($"{at}:AddressRanges:{index} must be an address, a slash and a length (203.0.113.0/24).");
            }
        }
        if (options.ApiUrl is { } api)
        {
            CheckUrl($"{at}:ApiUrl", api, "It is what stands before /number-verification.", result);
        }
    }

    private static void CheckUrl(string setting, string text, string meaning, ValidateOptionsResultBuilder result)
    {
        if (text.Length == 0)
        {
            result.AddError($"{setting} is missing. {meaning}");
        }
        else if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || !OperatorSettings.IsSafe(url)
            || url.Query.Length > 0 || url.Fragment.Length > 0 || url.UserInfo.Length > 0)
        {
            result.AddError($"{setting} must be an https address without query and fragment; http is for loopback alone. {meaning}");
        }
    }

    private void CheckKey(string at, OperatorOptions options, ValidateOptionsResultBuilder result)
    {
        if (options is { PrivateKey: not null, PrivateKeyFile: not null })
        {
            result.AddError($"{at} has PrivateKey and PrivateKeyFile. Leave one of them out.");
            return;
        }
        if (options is { PrivateKey: null, PrivateKeyFile: null })
        {
            if (mode == Mode.Live)
            {
                result.AddError(
                    $"{at}:PrivateKeyFile is missing. Make a key with: openssl ecparam -name prime256v1 -genkey -noout -out operator.pem");
            }
            return;
        }
        var setting = options.PrivateKeyFile is null ? $"{at}:PrivateKey" : $"{at}:PrivateKeyFile";
        try
        {
            options.ReadKey();
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            result.AddError($"{setting} cannot be read. Is the file there, and may this process read it?");
        }
        catch (CryptographicException exception)
        {
            result.AddError(
                $"{setting} cannot be used: {exception.Message}. It must be a private key in PEM, of an elliptic curve on P-256 "
                    + "or RSA of 2048 bits or more.");
        }
    }

    private static void CheckPurpose(string at, string? purpose, ValidateOptionsResultBuilder result)
    {
        if (string.IsNullOrEmpty(purpose))
        {
            result.AddError(
                $"{at}:Purpose is missing. It is the one purpose that the operator is told, from the W3C Data Privacy "
                    + "Vocabulary (FraudPreventionAndDetection).");
        }
        else if (!PurposeShape().IsMatch(purpose))
        {
            result.AddError(
                $"{at}:Purpose must be exactly one term of the W3C Data Privacy Vocabulary, without dpv: before it "
                    + "(FraudPreventionAndDetection).");
        }
    }

    private static bool AreTheSame(OperatorOptions one, OperatorOptions other)
    {
        return Overlap(one.Prefixes, other.Prefixes) && Overlap(Networks(one), Networks(other));

        // Networks however they are written; what is none is told elsewhere.
        static string[] Networks(OperatorOptions options) =>
            [.. options.AddressRanges.Select(range => IPNetwork.TryParse(range, out var network) ? network.ToString() : range)];

        static bool Overlap(string[] one, string[] other) =>
            one.Length == 0 ? other.Length == 0 : one.Intersect(other, StringComparer.Ordinal).Any();
    }

    [GeneratedRegex(@"^[a-z0-9-]{1,32}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NameShape();

    [GeneratedRegex(@"^\+[1-9][0-9]{0,14}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PrefixShape();

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_-]{0,99}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PurposeShape();
}
