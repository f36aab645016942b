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

    /// <summary>The encryption key: the one that seals now.</summary>
    /// <param name="sealsFrom">Of an installation's first key nothing, or the epoch.</param>
    public static Finding OfEncryptionKey(DateTimeOffset sealsFrom, SettingHistory history, DateTimeOffset now)
    {
        // The first was there with the first start.
        DateTimeOffset? since = sealsFrom > DateTimeOffset.UnixEpoch ? sealsFrom : history.Starts is [.., var oldest] ? oldest.At : null;
        return since is not { } at ? Checks.KeysOld.IsUnknown("It is the first one; no start of a server is known yet.")
            : now - at > Year ? Checks.KeysOld.IsWeak($"The encryption key is from {Day(at)} or before.")
            : Checks.KeysOld.IsFine($"It seals since {Day(at)}, as far as is known.");
    }

    /// <param name="history">Says when those of the configuration were exchanged.</param>
    public static IEnumerable<Finding> OfClients(IReadOnlyList<ApiClient> clients, SettingHistory history, DateTimeOffset now)
    {
        // One with keys has no secret that anybody knows, unless a rotation gave it one.
        var secrets = clients
            .Where(client => client.Keys.Keys.Count == 0 || client.Former is not null)
            .Select(client => (client.Id, Since: client.Origin == ProjectOrigin.Configuration
                ? history.SinceOf($"Projects:{client.ProjectId}:Clients:{client.Id}") : SinceOf(client))).ToList();
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
                CultureInfo.InvariantCulture, $"Of {unknown} clients it is not known."))],
            .. old.Count + unknown > 0 ? [] : (Finding[])[Checks.ClientsOld.IsFine("None is older than a year.")],
        ];
    }

    /// <param name="configured">Names of the keys of the configuration, which have no end.</param>
    /// <param name="history">Says when these were exchanged.</param>
    public static IEnumerable<Finding> OfAdminKeys(
        IReadOnlyList<AdminKey> keys, IEnumerable<string> configured, SettingHistory history, DateTimeOffset now)
    {
        var endless = keys.Where(key => key.IsOpenAt(now) && key.ExpiresAt is null).Select(key => (key.Name, Since: key.CreatedAt))
            .Concat(configured.Select(name => (Name: name, Since: history.SinceOf($"Admin:Keys:{name}") ?? now)))
            .Where(key => now - key.Since > Year)
            .Select(key => Checks.AdminKeysEndless.IsWeak($"It is from {Day(key.Since)} or before, and has no end.") with
            {
                About = key.Name,
            }).ToList();
        return endless.Count > 0 ? endless : [Checks.AdminKeysEndless.IsFine("None is older than a year.")];
    }

    // A secret that was exchanged was made when the one before was to expire, or up to the time that this was given before.
    private static DateTimeOffset? SinceOf(ApiClient client) =>
        client.Former is { } former && !(former.ExpiresAt < client.CreatedAt) ? former.ExpiresAt : client.CreatedAt;

    private static string Day(DateTimeOffset at) => at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
