namespace Countersign.Core.Texts;

/// <summary>A text message on its way to a phone.</summary>
/// <param name="Id">A version 7 UUID; gateways that support it take it as the idempotency key.</param>
/// <param name="Flow">The flow that wants it sent.</param>
/// <param name="Text">The whole text as the phone will show it.</param>
/// <param name="Proof">The code or the link in it.</param>
/// <param name="ExpiresAt">Of no use to anybody from this moment on.</param>
public sealed record OutgoingText(
    Guid Id, CorrelationId Flow, PhoneNumber To, TextKind Kind, Secret Text, Secret Proof, DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt)
{
    /// <summary>
    /// Nobody waits for it: whoever causes it does not send it, limits on what persons ask for do not count it, and its fate changes
    /// nothing.
    /// </summary>
    public bool IsBeside => Kind == TextKind.DeviceNotice;

    /// <summary>The project whose flow it is; null for one of no flow, and for one that a former version stored.</summary>
    public ProjectId? Project { get; init; }

    /// <summary>What is told of its flow; null as <see cref="Project"/> is.</summary>
    public FlowSubject? Subject { get; init; }
}

/// <summary>What a text is for. Stored names are for ever.</summary>
public enum TextKind
{
    Otp,
    Link,

    /// <summary>An answer to a person who wrote to us. It belongs to no flow and is never stored.</summary>
    Notice,

    /// <summary>Word that a browser is remembered.</summary>
    DeviceNotice,
}

/// <summary>The words that kinds have outside.</summary>
public static class TextKinds
{
    public static string WordOf(TextKind kind) => kind switch
    {
        TextKind.Otp => "otp",
        TextKind.Link => "link",
        _ => "notice",
    };
}

/// <summary>A text and its fate, as they are stored.</summary>
/// <param name="Version">Counts the saves; a save that expects another version is refused.</param>
public sealed record StoredText(OutgoingText Text, TextFate Fate, long Version = 0)
{
    /// <summary>What is announced when it is saved.</summary>
    public IReadOnlyList<Announcement> News { get; init; } = [];
}
