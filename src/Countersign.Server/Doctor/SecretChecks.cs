using System.Globalization;
using Countersign.Core.Administration;
using Countersign.Core.Doctor;
using Countersign.Core.Projects;

namespace Countersign.Server.Doctor;

/// <summary>How old what callers know is: pure.</summary>
internal static class SecretChecks
{
    /// <summary>What is older is to be exchanged.</summary>
    public static readonly TimeSpan Year = TimeSpan.FromDays(365);

    public static IEnumerable<Finding> OfClients(IReadOnlyList<ApiClient> clients, DateTimeOffset now)
    {
        // One with keys has no secret that anybody knows, unless a rotation gave it one.
        // Those of the configuration are exchanged there, and nobody has written down when.
        var secrets = clients.Where(client => client.Origin == ProjectOrigin.Admin)
            .Where(client => client.Keys.Keys.Count == 0 || client.Former is not null)
            .Select(client => (client.Id, Since: SinceOf(client))).ToList();
        var old = secrets.Where(secret => now - secret.Since > Year)
            .Select(secret => Checks.ClientsOld.IsWeak($"Its secret is from {Day(secret.Since!.Value)} or before.") with
            {
                About = secret.Id.ToString(),
            }).ToList();
        var unknown = secrets.Count(secret => secret.Since is null);
        return
        [
            .. old,
            .. unknown == 0 ? [] : (Finding[])[Checks.ClientsOld.IsUnknown(string.Create(
                CultureInfo.InvariantCulture, $"Of {unknown} clients it is not known: they are from before that was kept."))],
            .. old.Count + unknown > 0 ? [] : (Finding[])[Checks.ClientsOld.IsFine("None is older than a year.")],
        ];
    }

    public static IEnumerable<Finding> OfAdminKeys(IReadOnlyList<AdminKey> keys, DateTimeOffset now)
    {
        var endless = keys.Where(key => key.IsOpenAt(now) && key.ExpiresAt is null && now - key.CreatedAt > Year)
            .Select(key => Checks.AdminKeysEndless.IsWeak($"It is from {Day(key.CreatedAt)} and has no end.") with { About = key.Name })
            .ToList();
        return endless.Count > 0 ? endless : [Checks.AdminKeysEndless.IsFine("None that was made by the command.")];
    }

    // A secret that was exchanged was made when the one before was to expire, or up to the time that this was given before.
    private static DateTimeOffset? SinceOf(ApiClient client) =>
        client.Former is { } former && !(former.ExpiresAt < client.CreatedAt) ? former.ExpiresAt : client.CreatedAt;

    private static string Day(DateTimeOffset at) => at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
