using System.Globalization;
using System.Text.Json;
using Countersign.Core;
using Countersign.Core.Administration;
using Countersign.Core.Events;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Core.Keys;
using Countersign.Core.Projects;
using Countersign.Server.Contract;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>
/// How a thing stands that administrators change, before and after, for the audit. Of a secret there is what tells two apart and opens
/// nothing.
/// </summary>
internal sealed class ActStates(
    IProjectStore projects, ProjectAnswers answers, IAdminKeyStore keys, KeyRing ring, IRecordSources sources,
    IWebhookStore webhooks)
{
    private static readonly IReadOnlyDictionary<string, string> _nothing = ActWords.Nothing;

    public async Task<IReadOnlyDictionary<string, string>> ProjectAsync(string name, CancellationToken cancellationToken)
    {
        if (!ProjectId.TryParse(name, out var id) || await projects.FindProjectAsync(id, cancellationToken) is not { } project)
        {
            return _nothing;
        }
        var shown = JsonSerializer.SerializeToElement(answers.Show(project), AdminJson.Answers.ProjectResponse);
        return shown.EnumerateObject().ToDictionary(
            member => member.Name,
            member => ActWords.Cut(
                member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString()! : member.Value.GetRawText()),
            StringComparer.Ordinal);
    }

    public async Task<IReadOnlyDictionary<string, string>> ClientAsync(string name, CancellationToken cancellationToken)
    {
        if (!ClientId.TryParse(name, out var id) || await projects.FindClientAsync(id, cancellationToken) is not { } client)
        {
            return _nothing;
        }
        return Given(
            ("project", client.ProjectId.ToString()),
            ("secret", client.Secret.Fingerprint),
            ("formerSecret", client.Former?.Secret.Fingerprint),
            ("formerSecretExpiresAt", client.Former is { } former ? WireTime.Format(former.ExpiresAt) : null),
            ("keys", client.Keys.Keys.Count == 0 ? null : string.Join(' ', client.Keys.Keys.Select(key => key.Thumbprint))));
    }

    public async Task<IReadOnlyDictionary<string, string>> KeyAsync(string name, CancellationToken cancellationToken)
    {
        if ((await keys.ListAsync(cancellationToken)).FirstOrDefault(key => key.Name == name) is not { } key)
        {
            return _nothing;
        }
        return Given(
            ("secret", key.Hash.Fingerprint),
            ("scopes", key.Rights.ToString()),
            ("projects", key.Rights.Projects is { } its ? string.Join(' ', its) : null),
            ("expiresAt", key.ExpiresAt is { } end ? WireTime.Format(end) : null),
            ("endedAt", key.EndedAt is { } ended ? WireTime.Format(ended) : null));
    }

    /// <remarks>Of the address the host alone: what stands behind it may be a secret of the receiver's.</remarks>
    public async Task<IReadOnlyDictionary<string, string>> WebhookAsync(string name, CancellationToken cancellationToken)
    {
        if (!WebhookId.TryParse(name, out var id) || await webhooks.FindAsync(id, cancellationToken) is not { } webhook)
        {
            return _nothing;
        }
        return Given(
            ("project", webhook.Project.ToString()),
            ("host", webhook.Url.Authority),
            ("types", webhook.Types.Count == 0 ? "all" : string.Join(' ', webhook.Types)),
            ("enabled", webhook.IsOn ? "true" : "false"),
            ("secret", webhook.Secret.Fingerprint),
            ("formerSecret", webhook.Former?.Secret.Fingerprint),
            ("formerSecretEndsAt", webhook.Former is { } former ? WireTime.Format(former.EndsAt) : null));
    }

    public Task<IReadOnlyDictionary<string, string>> EncryptionKeysAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, string>>(ring.Keys.Keys.ToDictionary(
            kept => kept.Key.Id.ToString(), kept => string.Create(CultureInfo.InvariantCulture, $"from {kept.SealsFrom:O}"),
            StringComparer.Ordinal));

    public async Task<IReadOnlyDictionary<string, string>> SourceAsync(string name, CancellationToken cancellationToken) =>
        SourceName.TryParse(name, out var source) && await sources.FindAsync(source, cancellationToken) is { } visibility
            ? Given(("seenBy", visibility.ToString()))
            : _nothing;

    private static Dictionary<string, string> Given(params (string Name, string? Value)[] values) =>
        values.Where(pair => pair.Value is not null).ToDictionary(pair => pair.Name, pair => pair.Value!, StringComparer.Ordinal);
}

/// <summary>What operations of the admin API are done to.</summary>
internal static class ActTargets
{
    public static ActTarget Project { get; } = new("project", "id", null, states => states.ProjectAsync);

    public static ActTarget NewProject { get; } = Project with { Part = null, Member = "id" };

    public static ActTarget Client { get; } = new("client", "clientId", null, states => states.ClientAsync);

    public static ActTarget NewClient { get; } = Client with { Part = null, Member = "id" };

    public static ActTarget AdminKey { get; } = new("admin-key", "name", null, states => states.KeyAsync);

    public static ActTarget NewAdminKey { get; } = AdminKey with { Part = null, Member = "name" };

    public static ActTarget EncryptionKey { get; } = new("encryption-key", "id", null, states => states.EncryptionKeysAsync);

    public static ActTarget NewEncryptionKey { get; } = new("encryption-key", null, "id", null);

    public static ActTarget Webhook { get; } = new("webhook", WebhookAnswers.PathName, null, states => states.WebhookAsync);

    public static ActTarget NewWebhook { get; } = Webhook with { Part = null, Member = "webhookId" };

    public static ActTarget Source { get; } = new("source", null, "source", states => states.SourceAsync);

    public static ActTarget Import { get; } = new("import", "id", null, null);

    public static ActTarget NewImport { get; } = new("import", null, "id", null);

    public static ActTarget Erasure { get; } = new("erasure", null, "erasureId", null) { ForgetsWhom = true };

    public static ActTarget Flow { get; } =
        new("flow", "correlationId", null, null) { IsName = text => CorrelationId.TryParse(text, out _) };
}
