using Countersign.Core;
using Countersign.Core.Administration;
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

    /// <summary>What a key may do.</summary>
    /// <value>Everything by default. Some of <c>read</c>, <c>support</c>, <c>projects</c>, <c>records</c>, <c>abuse</c>,
    /// <c>keys</c> and <c>audit</c>.</value>
    public Dictionary<string, string[]> Scopes { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The projects that a key keeps to, by their ids.</summary>
    /// <value>All by default.</value>
    public Dictionary<string, string[]> Projects { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Where the admin API listens, and nothing else does: addresses to listen on, joined by semicolons.</summary>
    /// <value><see cref="DefaultUrls"/> by default.</value>
    public string Urls
    {
        get;
        set => field = string.IsNullOrEmpty(value) ? DefaultUrls : value;
    } = DefaultUrls;

    /// <summary>Without a key there is no admin API.</summary>
    public bool IsOn => Keys.Count > 0;

    /// <summary>What narrows keys, by the names of the settings.</summary>
    public IEnumerable<(string Setting, IReadOnlyDictionary<string, string[]> Rights)> Narrowed() =>
        [(nameof(Scopes), Scopes), (nameof(Projects), Projects)];

    /// <summary>What a key of the configuration may do.</summary>
    public AdminRights RightsOf(string name) => new(
        Scopes.TryGetValue(name, out var words)
            ? [.. AdminScopes.All.Where(scope => words.Contains(AdminScopes.WordOf(scope), StringComparer.Ordinal))]
            : AdminScopes.All,
        Projects.TryGetValue(name, out var ids) ? [.. ids.Distinct(StringComparer.Ordinal).Select(ProjectId.Parse)] : null);

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
        CheckRights(options, result);
        return result.Build();
    }

    private static void CheckRights(AdminOptions options, ValidateOptionsResultBuilder result)
    {
        foreach (var (setting, rights) in options.Narrowed())
        {
            foreach (var owner in rights.Keys.Where(owner => !options.Keys.ContainsKey(owner)))
            {
                result.AddError($"Countersign:Admin:{setting}:{owner} is for no key: there is no Countersign:Admin:Keys:{owner}.");
            }
        }
        foreach (var (owner, _) in options.Scopes.Where(pair => pair.Value.Any(word => AdminScopes.Find(word) is null)))
        {
            result.AddError(
                $"Countersign:Admin:Scopes:{owner} must hold some of {string.Join(", ", AdminScopes.All.Select(AdminScopes.WordOf))}.");
        }
        foreach (var (owner, _) in options.Projects.Where(pair => pair.Value.Any(id => !ProjectId.TryParse(id, out _))))
        {
            result.AddError($"Countersign:Admin:Projects:{owner} must hold ids of projects: 1 to 64 of a-z, 0-9 and -.");
        }
    }
}
