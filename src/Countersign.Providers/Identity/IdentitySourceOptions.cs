using Countersign.Core;

namespace Countersign.Providers.Identity;

/// <summary>Who is asked whose number a number is (<c>Countersign:IdentitySources:0</c> and so on), in this order.</summary>
public sealed class IdentitySourceOptions
{
    public const string Records = "records";
    public const string Camara = "camara";
    public const string Http = "http";

    private const int FewestKeyCharacters = 32;

    /// <value>records, camara or http.</value>
    public string Type { get; set; } = Records;

    /// <summary>After which of its answers no further source is asked.</summary>
    /// <value>Answer by default.</value>
    public StopRule StopOn { get; set; } = StopRule.Answer;

    /// <summary>camara: name of one of <c>Countersign:Operators</c>.</summary>
    public string? Operator { get; set; }

    /// <summary>camara: the path of KYC Match that the operator offers.</summary>
    /// <value>v0.4 by default; v0.3 or v0.4.</value>
    public string ApiVersion { get; set; } = "v0.4";

    /// <summary>http: where it is asked; https.</summary>
    public string? Url { get; set; }

    /// <summary>http: what it is called in timelines.</summary>
    /// <value>http by default.</value>
    public string Name { get; set; } = Http;

    /// <summary>http: the key that requests are signed with; at least 32 characters.</summary>
    public string? Key { get; set; }

    /// <summary>http: lets the address lie in a private network or on this machine, and be plain http.</summary>
    /// <value>False by default.</value>
    public bool AllowPrivateNetwork { get; set; }

    /// <param name="at">Where it stands in the configuration.</param>
    /// <exception cref="ConfigurationException">It cannot work as configured.</exception>
    public void Check(string at, IReadOnlyCollection<string> operators)
    {
        switch (Type)
        {
            case Records:
                return;
            case Camara when Operator is null || !operators.Contains(Operator, StringComparer.Ordinal):
                throw new ConfigurationException(
                    $"{at}:Operator must be the name of one of Countersign:Operators ({(operators.Count == 0 ? "there is none" : string.Join(", ", operators))}).");
            case Camara when ApiVersion is not ("v0.3" or "v0.4"):
                throw new ConfigurationException($"{at}:ApiVersion must be v0.3 or v0.4.");
            case Camara:
                return;
            case Http when !Uri.TryCreate(Url, UriKind.Absolute, out var url) || url.UserInfo.Length > 0 || url.Fragment.Length > 0
                || !(url.Scheme == Uri.UriSchemeHttps || (AllowPrivateNetwork && url.Scheme == Uri.UriSchemeHttp)):
                throw new ConfigurationException(
                    $"{at}:Url must be an https address without user info and fragment (https://crm.example.com/identity-match). "
                        + "http is for private networks alone, with AllowPrivateNetwork.");
            case Http when Key is not { Length: >= FewestKeyCharacters }:
                throw new ConfigurationException($"{at}:Key must be at least {FewestKeyCharacters} characters. Make one: openssl rand -hex 32.");
            case Http when Name.Length is < 1 or > 32 || Name.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('-' or '_' or '.')):
                throw new ConfigurationException($"{at}:Name must be 1 to 32 of a-z0-9-_. It stands in timelines.");
            case Http:
                return;
            default:
                throw new ConfigurationException($"{at}:Type must be one of {Records}, {Camara}, {Http}.");
        }
    }

    public override string ToString() => Type;
}
