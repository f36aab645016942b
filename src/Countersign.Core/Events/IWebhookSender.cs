namespace Countersign.Core.Events;

/// <summary>Sends a delivery once.</summary>
public interface IWebhookSender
{
    /// <summary>
    /// What is wrong with an address, as far as it says so itself, fit for an error that names where it stands; null when it is good. What
    /// a name leads to is judged each time that it is sent to.
    /// </summary>
    string? ProblemOf(string address);

    /// <summary>Never throws for what a receiver does: that is its outcome.</summary>
    /// <param name="id">The event's; the same for each try.</param>
    /// <param name="body">JSON.</param>
    Task<WebhookOutcome> SendAsync(Webhook webhook, string id, byte[] body, CancellationToken cancellationToken);
}

/// <summary>What came of a try.</summary>
/// <param name="Code">"200" and the like, or a code of <see cref="WebhookFault"/>. Stored, and for ever.</param>
public readonly record struct WebhookOutcome(string Code)
{
    /// <summary>The receiver has it.</summary>
    public bool IsTaken => Code is ['2', _, _];

    public override string ToString() => Code;
}

/// <summary>Why there is no status: a closed set. docs/webhooks.md has a line for each.</summary>
public static class WebhookFault
{
    /// <summary>The name of the host is not known.</summary>
    public const string UnknownHost = "unknown-host";

    /// <summary>The host is not of the public internet, or not only.</summary>
    public const string AddressRefused = "address-refused";

    public const string Unreachable = "unreachable";
    public const string Tls = "tls";
    public const string TooSlow = "too-slow";

    /// <summary>What came back is not HTTP.</summary>
    public const string NotHttp = "not-http";

    /// <summary>The event cannot be read: the key that it was sealed with is not there.</summary>
    public const string Unreadable = "unreadable";

    public static IReadOnlyList<string> All { get; } = [UnknownHost, AddressRefused, Unreachable, Tls, TooSlow, NotHttp, Unreadable];
}
