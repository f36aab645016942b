namespace Countersign.Providers.Camara;

/// <summary>Whom Mobile Auth asks, and identity and risk sources name (<c>Countersign:Operators</c>).</summary>
public sealed class MobileOperatorsOptions
{
    /// <summary>Mobile operators by the name in their callback address.</summary>
    /// <value>None by default: Mobile Auth is the sandbox's test users' alone, and in Live every mobile flow goes by text.</value>
    public Dictionary<string, OperatorOptions> Operators { get; } = new(StringComparer.Ordinal);

    /// <summary>What is said where a source names no operator that there is.</summary>
    /// <param name="at">The source.</param>
    internal static string UnknownName(string at, IReadOnlyCollection<string> operators) =>
        $"{at}:Operator must be the name of one of Countersign:Operators "
            + $"({(operators.Count == 0 ? "there is none" : string.Join(", ", operators))}).";
}

/// <summary>
/// A mobile operator that this server may ask (<c>Countersign:Operators:&lt;name&gt;</c>). The name stands in the callback address.
/// </summary>
public sealed class OperatorOptions
{
    private OperatorKey? _key;

    /// <summary>The operator's OpenID Connect issuer, as its discovery document writes it.</summary>
    /// <value>Required; https, or http on loopback.</value>
    public string? Issuer { get; set; }

    /// <summary>What the operator calls this server.</summary>
    /// <value>Required.</value>
    public string? ClientId { get; set; }

    /// <summary>
    /// File with the private key (PEM) that this server proves itself with: an elliptic curve key on P-256 (ES256), or RSA of 2048 bits or
    /// more (RS256).
    /// </summary>
    /// <value>This or <see cref="PrivateKey"/> is required in Live; in the sandbox a key is made at each start where neither is
    /// given.</value>
    public string? PrivateKeyFile { get; set; }

    /// <summary>The same key itself.</summary>
    public string? PrivateKey { get; set; }

    /// <summary>The key's id at the operator.</summary>
    /// <value>The key's thumbprint (RFC 7638) by default.</value>
    public string? KeyId { get; set; }

    /// <summary>The one purpose that data is asked for, from the W3C Data Privacy Vocabulary, without <c>dpv:</c>.</summary>
    /// <value>Required; for example FraudPreventionAndDetection.</value>
    public string? Purpose { get; set; }

    /// <summary>The path of Number Verification that the operator offers.</summary>
    /// <value>v2 by default; v1 or v2.</value>
    public string ApiVersion { get; set; } = "v2";

    /// <summary>Beginnings of the numbers that are this operator's, in international form. Of several operators the longest wins.</summary>
    /// <value>Empty by default: every number.</value>
    public string[] Prefixes { get; set; } = [];

    /// <summary>Addresses that this operator's phones come from.</summary>
    /// <value>Empty by default: every address.</value>
    public string[] AddressRanges { get; set; } = [];

    /// <summary>
    /// Whether every hop of the operator lets scripts of other origins read it, so that a page may fetch instead of going there.
    /// </summary>
    /// <value>False by default: only pages that go there themselves are sent to this operator, all others get a code at once.</value>
    public bool Cors { get; set; }

    /// <summary>What stands before <c>/number-verification</c>.</summary>
    /// <value>The issuer by default; https, or http on loopback.</value>
    public string? ApiUrl { get; set; }

    /// <summary>The key, read once: one that is made here must not be another each time.</summary>
    /// <exception cref="Exception">
    /// There is no such file, or no such key in it; <see cref="MobileOperatorsOptionsValidator"/> says which may come.
    /// </exception>
    internal OperatorKey ReadKey() => _key ??= PrivateKey is null && PrivateKeyFile is null
        ? OperatorKey.New()
        : OperatorKey.Read(PrivateKey ?? File.ReadAllText(PrivateKeyFile!), KeyId);
}
