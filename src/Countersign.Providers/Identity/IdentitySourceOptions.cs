using Countersign.Providers.Camara;
using Microsoft.Extensions.Options;

namespace Countersign.Providers.Identity;

/// <summary>Who is asked in Live whose number a number is (<c>Countersign:IdentitySources</c>).</summary>
public sealed class IdentityChainOptions
{
    /// <summary>In this order.</summary>
    /// <value>Empty by default: own records.</value>
    public List<IdentitySourceOptions> IdentitySources { get; } = [];
}

/// <summary>One that is asked (<c>Countersign:IdentitySources:0</c> and so on).</summary>
public sealed class IdentitySourceOptions
{
    public const string Records = "records";
    public const string Camara = "camara";
    public const string Http = "http";

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

    public override string ToString() => Type;
}

/// <param name="operators">The operators there are; null where it is not known.</param>
/// <param name="isUnread">Tells of a setting's path that it could not be read.</param>
public sealed class IdentityChainOptionsValidator(IReadOnlyCollection<string>? operators, Predicate<string> isUnread)
    : IValidateOptions<IdentityChainOptions>
{
    private const int MinKeyCharacters = 32;

    public ValidateOptionsResult Validate(string? name, IdentityChainOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        foreach (var (index, source) in options.IdentitySources.Index())
        {
            var at = $"Countersign:IdentitySources:{index}";
            switch (source.Type)
            {
                case IdentitySourceOptions.Records:
                    break;
                case IdentitySourceOptions.Camara:
                    CheckCamara(at, source, result);
                    break;
                case IdentitySourceOptions.Http:
                    CheckHttp(at, source, result);
                    break;
                default:
                    result.AddError(
                        $"{at}:Type must be one of {IdentitySourceOptions.Records}, {IdentitySourceOptions.Camara}, "
                            + $"{IdentitySourceOptions.Http}.");
                    break;
            }
        }
        return result.Build();
    }

    private void CheckCamara(string at, IdentitySourceOptions source, ValidateOptionsResultBuilder result)
    {
        if (operators is not null && (source.Operator is null || !operators.Contains(source.Operator, StringComparer.Ordinal)))
        {
            result.AddError(MobileOperatorsOptions.UnknownName(at, operators));
        }
        if (source.ApiVersion is not ("v0.3" or "v0.4"))
        {
            result.AddError($"{at}:ApiVersion must be v0.3 or v0.4.");
        }
    }

    private void CheckHttp(string at, IdentitySourceOptions source, ValidateOptionsResultBuilder result)
    {
        var maybePrivate = source.AllowPrivateNetwork || isUnread($"{at}:{nameof(source.AllowPrivateNetwork)}");
        if (!Uri.TryCreate(source.Url, UriKind.Absolute, out var url) || url.UserInfo.Length > 0 || url.Fragment.Length > 0
            || !(url.Scheme == Uri.UriSchemeHttps || (maybePrivate && url.Scheme == Uri.UriSchemeHttp)))
        {
            result.AddError(
                $"{at}:Url must be an https address without user info and fragment (https://crm.example.com/identity-match). "
                    + "http is for private networks alone, with AllowPrivateNetwork.");
        }
        if (source.Key is not { Length: >= MinKeyCharacters })
        {
            result.AddError($"{at}:Key must be at least {MinKeyCharacters} characters. Make one: openssl rand -hex 32.");
        }
        if (source.Name.Length is < 1 or > 32
            || source.Name.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('-' or '_' or '.')))
        {
            result.AddError($"{at}:Name must be 1 to 32 of a-z0-9-_. It stands in timelines.");
        }
    }
}
