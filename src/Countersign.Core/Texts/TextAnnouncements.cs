namespace Countersign.Core.Texts;

/// <summary>What a relying party is told of a flow's text: that a gateway has it, and what became of it.</summary>
public static class TextAnnouncements
{
    /// <summary>What has become true since the text stood as <paramref name="before"/>.</summary>
    /// <param name="why">Why it goes nowhere, where its fate does not say it.</param>
    /// <param name="now">When it became so.</param>
    public static IReadOnlyList<Announcement> Between(
        OutgoingText text, TextFate before, TextFate after, string? why, DateTimeOffset now)
    {
        // Only what a former version stored names no project; nobody could be told.
        if (text.Project is not { } project)
        {
            return [];
        }
        var news = new List<Announcement>(2);
        if (before.SentAt is null && after.SentAt is not null)
        {
            news.Add(Of(AnnouncementType.TextSent, null));
        }
        if (after.State != before.State && after.State == TextState.Delivered)
        {
            news.Add(Of(AnnouncementType.TextDelivered, null));
        }
        if (IsLost(after) && !IsLost(before))
        {
            news.Add(Of(AnnouncementType.TextFailed, why ?? ReasonOf(after)));
        }
        return news;

        Announcement Of(string type, string? reason) => new()
        {
            Id = Guid.CreateVersion7(now),
            Type = type,
            At = now,
            Project = project,
            Flow = text.Flow,
            Subject = text.Subject,
            Text = TextKinds.WordOf(text.Kind),
            Reason = reason,
        };
    }

    private static bool IsLost(TextFate fate) => fate.State is TextState.Refused or TextState.Undelivered or TextState.Expired;

    private static string ReasonOf(TextFate fate) => fate switch
    {
        { IsUndelivered: true } => FlowReason.Undelivered,
        { State: TextState.Expired } => FlowReason.TooLittleTime,
        _ => TextNews.CodeOf(fate.Attempts.LastOrDefault(attempt => attempt.State == AttemptState.Refused)?.Why),
    };
}
