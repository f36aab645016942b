namespace Countersign.Server.Pages;

/// <summary>
/// What the link page shows (public because what Razor makes of the page is). It knows no phone number and no person's name, so it cannot
/// show one.
/// </summary>
/// <param name="Project">Who asks; empty when the link is unknown.</param>
/// <param name="Problem">What was wrong with the last press, in the reader's language; null at first.</param>
public sealed record LinkView(LinkPageState State, Language Language, string Project, string? Problem = null)
{
    public bool IsOpen => State is LinkPageState.Tap or LinkPageState.Match;

    public string Title => Say(Words.Title);

    public string Next => Say(Words.Next);

    public string Say(Phrase phrase) => phrase.In(Language, Project);

    private (Phrase Title, Phrase Next) Words => State switch
    {
        LinkPageState.Tap or LinkPageState.Match => (LinkTexts.AskTitle, LinkTexts.AskWho),
        LinkPageState.Confirmed => (LinkTexts.ConfirmedTitle, LinkTexts.ConfirmedNext),
        LinkPageState.Declined => (LinkTexts.DeclinedTitle, LinkTexts.DeclinedNext),
        LinkPageState.Expired => (LinkTexts.ExpiredTitle, LinkTexts.ExpiredNext),
        LinkPageState.WrongEntries => (LinkTexts.WrongEntriesTitle, LinkTexts.WrongEntriesNext),
        LinkPageState.Stopped => (LinkTexts.StoppedTitle, LinkTexts.StoppedNext),
        LinkPageState.NotAvailable => (LinkTexts.NotAvailableTitle, LinkTexts.NotAvailableNext),
        _ => (LinkTexts.UnknownTitle, LinkTexts.UnknownNext),
    };
}

/// <summary>How a link stands for the person who opened it.</summary>
public enum LinkPageState
{
    /// <summary>Open; one button confirms.</summary>
    Tap,

    /// <summary>Open; the desktop's digits confirm.</summary>
    Match,

    Confirmed,
    Declined,
    Expired,
    WrongEntries,

    /// <summary>Given up at the desktop, or never to be used.</summary>
    Stopped,

    /// <summary>Not known: this server cannot look.</summary>
    NotAvailable,

    /// <summary>No flow has this link, or no more.</summary>
    Unknown,
}
