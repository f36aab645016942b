namespace Countersign.Server.Pages;

/// <summary>
/// What the link page shows (public because what Razor makes of the page is). It knows no phone number and no person's name, so it cannot
/// show one.
/// </summary>
/// <param name="Project">Who asks; empty when the link is unknown.</param>
/// <param name="Problem">What was wrong with the last press, in the reader's language; null at first.</param>
public sealed record LinkView(LinkStand Stand, Language Language, string Project, string? Problem = null)
{
    public bool IsOpen => Stand is LinkStand.Tap or LinkStand.Match;

    public string Title => Say(Words.Title);

    public string Next => Say(Words.Next);

    public string Say(Phrase phrase) => phrase.In(Language, Project);

    private (Phrase Title, Phrase Next) Words => Stand switch
    {
        LinkStand.Tap or LinkStand.Match => (LinkTexts.AskTitle, LinkTexts.AskWho),
        LinkStand.Confirmed => (LinkTexts.ConfirmedTitle, LinkTexts.ConfirmedNext),
        LinkStand.Declined => (LinkTexts.DeclinedTitle, LinkTexts.DeclinedNext),
        LinkStand.Expired => (LinkTexts.ExpiredTitle, LinkTexts.ExpiredNext),
        LinkStand.WrongEntries => (LinkTexts.WrongEntriesTitle, LinkTexts.WrongEntriesNext),
        LinkStand.Stopped => (LinkTexts.StoppedTitle, LinkTexts.StoppedNext),
        LinkStand.NotAvailable => (LinkTexts.NotAvailableTitle, LinkTexts.NotAvailableNext),
        _ => (LinkTexts.UnknownTitle, LinkTexts.UnknownNext),
    };
}

/// <summary>How a link stands for the person who opened it.</summary>
public enum LinkStand
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
