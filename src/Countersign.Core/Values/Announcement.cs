namespace Countersign.Core;

/// <summary>
/// Something that a relying party is told has happened: codes and ids, nothing personal. Stored names are for ever.
/// </summary>
public sealed record Announcement
{
    /// <summary>A version 7 UUID; the same however often it is told.</summary>
    public required Guid Id { get; init; }

    /// <summary>Of <see cref="AnnouncementType"/>.</summary>
    public required string Type { get; init; }

    public required DateTimeOffset At { get; init; }

    public required ProjectId Project { get; init; }

    /// <summary>Null where it is of no flow.</summary>
    public CorrelationId? Flow { get; init; }

    /// <summary>Null where it is of no flow, and for a text that a former version stored.</summary>
    public FlowSubject? Subject { get; init; }

    /// <summary>The possession method, by its name.</summary>
    public string? Method { get; init; }

    /// <summary>How the flow ended: a code of docs/flow-events.md.</summary>
    public string? End { get; init; }

    /// <summary>Why, as a code.</summary>
    public string? Reason { get; init; }

    /// <summary>The device that was tied or revoked.</summary>
    public Guid? Device { get; init; }

    /// <summary>What the text was for: "otp", "link" or "notice".</summary>
    public string? Text { get; init; }

    /// <summary>Its kind.</summary>
    public override string ToString() => Type;
}

/// <summary>
/// What is told of the flow with everything that happens to it. Stored names are for ever. The relying party's own ids are not in it: what
/// they say is no matter of codes.
/// </summary>
/// <param name="HasClientRequestId">Whether the relying party gave the flow an id of its own, which is read where the flow stands. Not
/// known of what a former version stored.</param>
public sealed record FlowSubject(Product Product, FlowType Kind, bool HasClientRequestId = true)
{
    public override string ToString() => $"{Product}";
}
