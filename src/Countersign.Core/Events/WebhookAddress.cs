namespace Countersign.Core.Events;

/// <summary>How the address of a webhook may be written; where its host may be, <see cref="IWebhookSender"/> knows.</summary>
public static class WebhookAddress
{
    public const int MaxCharacters = 512;

    /// <summary>What is wrong with an address, fit for an error that names where it stands; null when it is good.</summary>
    public static string? ProblemOf(string text, ReceiverAddresses allowed) =>
        text.Length > MaxCharacters ? $"must be at most {MaxCharacters} characters"
        : !Uri.TryCreate(text, UriKind.Absolute, out var url) ? "must be a whole address, such as https://shop.example/webhooks"
        : ProblemOf(url, allowed);

    /// <inheritdoc cref="ProblemOf(string, ReceiverAddresses)"/>
    public static string? ProblemOf(Uri url, ReceiverAddresses allowed) => url switch
    {
        { UserInfo.Length: > 0 } => "must not hold a user or a password",
        { Fragment.Length: > 0 } => "must not have a fragment (#)",
        _ when url.Scheme == Uri.UriSchemeHttps => null,
        _ when url.Scheme == Uri.UriSchemeHttp && url.IsLoopback && allowed == ReceiverAddresses.Loopback => null,
        _ => allowed == ReceiverAddresses.Loopback
            ? "must begin with https://, or with http:// for a receiver on this machine (localhost)"
            : "must begin with https://",
    };
}
