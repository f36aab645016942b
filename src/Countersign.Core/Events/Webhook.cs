using System.Buffers;
using System.Security.Cryptography;

namespace Countersign.Core.Events;

/// <summary>Where a project's events are sent.</summary>
/// <param name="Id">Chosen by this server.</param>
/// <param name="Types">Of <see cref="AnnouncementType"/>; empty for all, those too that come with later versions.</param>
/// <param name="IsOn">False while nothing is sent: what happens meanwhile is not kept for it.</param>
public sealed record Webhook(
    WebhookId Id, ProjectId Project, Uri Url, IReadOnlyList<string> Types, bool IsOn, WebhookSecret Secret, DateTimeOffset CreatedAt)
{
    /// <summary>How many a project may have.</summary>
    public const int MaxPerProject = 10;

    /// <summary>The secret before, while it signs beside the present one; null when it does not.</summary>
    public FormerWebhookSecret? Former { get; init; }

    /// <summary>Counts the saves; a save that expects another version is refused.</summary>
    public long Version { get; init; }

    /// <summary>The secrets that sign at a moment, the present one first.</summary>
    public IReadOnlyList<WebhookSecret> SecretsAt(DateTimeOffset now) =>
        Former is { } former && now < former.EndsAt ? [Secret, former.Secret] : [Secret];

    /// <summary>The id: an address may hold a secret of the receiver's.</summary>
    public override string ToString() => Id.ToString();
}

/// <param name="EndsAt">From this moment on it does not sign.</param>
public sealed record FormerWebhookSecret(WebhookSecret Secret, DateTimeOffset EndsAt)
{
    public override string ToString() => "***";
}

/// <summary>The id of a webhook: <c>wh_</c> and twelve letters and digits.</summary>
public readonly record struct WebhookId
{
    private const string Prefix = "wh_";
    private const int Length = 12;
    private const string Letters = "abcdefghijkmnpqrstuvwxyz23456789";

    private static readonly SearchValues<char> _letters = SearchValues.Create(Letters);

    private readonly string? _text;

    private WebhookId(string text) => _text = text;

    public static WebhookId New() => new(Prefix + RandomNumberGenerator.GetString(Letters, Length));

    public static bool TryParse(string? text, out WebhookId id)
    {
        var isOne = text is { Length: 15 } && text.StartsWith(Prefix, StringComparison.Ordinal)
            && text.AsSpan(Prefix.Length).IndexOfAnyExcept(_letters) < 0;
        id = isOne ? new WebhookId(text!) : default;
        return isOne;
    }

    public static WebhookId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException("Not the id of a webhook: wh_ and twelve letters and digits.");

    public override string ToString() => _text ?? "";
}
