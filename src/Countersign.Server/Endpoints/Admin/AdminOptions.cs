using Microsoft.Extensions.Options;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>Who may use the admin API (<c>Countersign:Admin</c>).</summary>
internal sealed class AdminOptions
{
    /// <summary>Below <c>Countersign</c>.</summary>
    public const string Section = "Admin";

    public const string DefaultUrls = "http://127.0.0.1:8081";

    /// <summary>Keys by the name under which the log knows who used them.</summary>
    /// <value>None by default: then there is no admin API. A name has 1 to 64 of <c>A-Za-z0-9-_.</c>, a key 32 to 256 visible ASCII
    /// characters.</value>
    public Dictionary<string, string> Keys { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Where the admin API listens, and nothing else does: addresses to listen on, joined by semicolons.</summary>
    /// <value><see cref="DefaultUrls"/> by default.</value>
    public string Urls
    {
        get;
        set => field = string.IsNullOrEmpty(value) ? DefaultUrls : value;
    } = DefaultUrls;

    /// <summary>Without a key there is no admin API.</summary>
    public bool IsOn => Keys.Count > 0;

    public override string ToString() => $"{Keys.Count} keys";
}

internal sealed class AdminOptionsValidator : IValidateOptions<AdminOptions>
{
    public ValidateOptionsResult Validate(string? name, AdminOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        foreach (var (owner, key) in options.Keys)
        {
            if (owner.Length > 64 || owner.Any(character => !char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_' or '.')))
            {
                result.AddError(
                    "Countersign:Admin:Keys has a name that is not 1 to 64 of A-Za-z0-9-_. The name stands before the key: "
                        + "Countersign:Admin:Keys:ops.");
            }
            else if (key is not { Length: >= 32 and <= 256 } || key.Any(character => character is < '!' or > '~'))
            {
                result.AddError($"Countersign:Admin:Keys:{owner} must be 32 to 256 visible ASCII characters. Make one: openssl "
                    + "rand -hex 32.");
            }
        }
        if (options.Keys.Values.Distinct(StringComparer.Ordinal).Count() < options.Keys.Count)
        {
            result.AddError(
                "Countersign:Admin:Keys has the same key under two names, so the log could not say who used it. Give each name "
                    + "a key of its own.");
        }
        return result.Build();
    }
}
