using Countersign.Core;
using Countersign.Core.Administration;
using Countersign.Server.Contract;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>The words of keys.</summary>
internal static class KeyWords
{
    public const string FromConfiguration = "configuration";
    public const string FromAdmin = "admin";

    public static IReadOnlyList<string> ScopesOf(AdminRights rights) => [.. rights.Scopes.Select(AdminScopes.WordOf)];

    /// <summary>Null for all.</summary>
    public static IReadOnlyList<string>? ProjectsIn(AdminRights rights) => rights.Projects?.Select(project => project.ToString()).ToList();

    /// <summary>For the log.</summary>
    public static string ProjectsOf(AdminRights rights) => ProjectsIn(rights) is { } projects ? string.Join(' ', projects) : "all projects";

    /// <summary>For the log.</summary>
    public static string EndOf(AdminKey key) => key.ExpiresAt is { } end ? WireTime.Format(end) : "never";
}

internal sealed record AdminKeyListResponse(IReadOnlyList<AdminKeyResponse> Keys)
{
    public override string ToString() => $"{Keys.Count} keys";
}

/// <param name="Origin">"admin" or "configuration".</param>
/// <param name="Projects">Absent for all.</param>
/// <param name="CreatedAt">Absent for keys of the configuration.</param>
/// <param name="CreatedBy">The key that made it; absent for keys of the configuration.</param>
/// <param name="ExpiresAt">Absent for never.</param>
/// <param name="EndedAt">Absent while nobody has ended it.</param>
internal sealed record AdminKeyResponse(
    string Name, string Origin, IReadOnlyList<string> Scopes, IReadOnlyList<string>? Projects, DateTimeOffset? CreatedAt, string? CreatedBy,
    DateTimeOffset? ExpiresAt, DateTimeOffset? EndedAt)
{
    public static AdminKeyResponse Of(AdminKey key) => new(
        key.Name, KeyWords.FromAdmin, KeyWords.ScopesOf(key.Rights), KeyWords.ProjectsIn(key.Rights), key.CreatedAt, key.CreatedBy,
        key.ExpiresAt, key.EndedAt);

    public static AdminKeyResponse Of(AdminCaller configured) => new(
        configured.Name, KeyWords.FromConfiguration, KeyWords.ScopesOf(configured.Rights), KeyWords.ProjectsIn(configured.Rights),
        null, null, null, null);

    public override string ToString() => Name;
}

/// <param name="Key">Shown here once; only a hash of it is kept.</param>
internal sealed record AdminKeySecretResponse(
    string Name, string Key, IReadOnlyList<string> Scopes, IReadOnlyList<string>? Projects, DateTimeOffset? ExpiresAt)
{
    public static AdminKeySecretResponse Of(AdminKey key, Secret secret) => new(
        key.Name, secret.Reveal(), KeyWords.ScopesOf(key.Rights), KeyWords.ProjectsIn(key.Rights), key.ExpiresAt);

    public override string ToString() => Name;
}
