using Countersign.Core.Flows;

namespace Countersign.Server.Pages;

/// <summary>
/// What the link page shows (public because what Razor makes of the page is). It knows no phone number and no person's name, so it cannot
/// show one.
/// </summary>
/// <param name="Project">Who asks; empty when the link is unknown.</param>
/// <param name="Problem">What was wrong with the last press, in the reader's language; null at first.</param>
public sealed record LinkView(LinkPageState State, Language Language, string Project, string? Problem = null)
{
    /// <summary>Where the link was asked for; null when that is not known, or the link is open no more.</summary>
    public LinkOrigin? Origin { get; init; }

    public bool IsOpen => State is LinkPageState.Tap or LinkPageState.Match;

    public string Title => Say(Words.Title);

    public string Next => Say(Words.Next);

    public string Warning => Say(IsHere ? LinkTexts.AskWarningHere : LinkTexts.AskWarning);

    private bool IsHere => Origin is { IsHere: true };

    public string Say(Phrase phrase) => phrase.In(Language, Project);

    private (Phrase Title, Phrase Next) Words => State switch
    {
        LinkPageState.Tap or LinkPageState.Match => (LinkTexts.AskTitle, IsHere ? LinkTexts.AskWhoHere : LinkTexts.AskWho),
        LinkPageState.Confirmed => (LinkTexts.ConfirmedTitle, LinkTexts.ConfirmedNext),
        LinkPageState.Declined => (LinkTexts.DeclinedTitle, LinkTexts.DeclinedNext),
        LinkPageState.Expired => (LinkTexts.ExpiredTitle, LinkTexts.ExpiredNext),
        LinkPageState.WrongEntries => (LinkTexts.WrongEntriesTitle, LinkTexts.WrongEntriesNext),
        LinkPageState.Stopped => (LinkTexts.StoppedTitle, LinkTexts.StoppedNext),
        LinkPageState.NotAvailable => (LinkTexts.NotAvailableTitle, LinkTexts.NotAvailableNext),
        _ => (LinkTexts.UnknownTitle, LinkTexts.UnknownNext),
    };
}

/// <summary>Where a link was asked for, as far as a page may say it.</summary>
/// <param name="Minutes">Since the flow began.</param>
/// <param name="Country">In the reader's language; null when it is not known.</param>
/// <param name="IsHere">By the very browser that shows the page.</param>
public sealed record LinkOrigin(BrowserFamily Family, BrowserPlatform Platform, int Minutes, string? Country, bool IsHere)
{
    /// <summary>When: "just now", "2 minutes ago".</summary>
    public string When(Language language) => Minutes switch
    {
        < 1 => LinkTexts.BegunNow.In(language),
        1 => LinkTexts.BegunAMinuteAgo.In(language),
        _ => LinkTexts.BegunMinutesAgo.In(language, Minutes),
    };

    /// <summary>Where: "Chrome on Windows, Germany".</summary>
    public string Where(Language language)
    {
        var browser = IsHere ? LinkTexts.ThisBrowser.In(language) : BrowserIn(language);
        return Country is null ? browser : $"{browser}, {Country}";
    }

    private string BrowserIn(Language language)
    {
        var family = FamilyName ?? LinkTexts.SomeBrowser.In(language);
        return PlatformName is { } platform ? $"{family} {LinkTexts.OnPlatform.In(language, platform)}" : family;
    }

    private string? FamilyName => Family switch
    {
        BrowserFamily.Chrome => "Chrome",
        BrowserFamily.Edge => "Edge",
        BrowserFamily.Firefox => "Firefox",
        BrowserFamily.Opera => "Opera",
        BrowserFamily.Safari => "Safari",
        BrowserFamily.SamsungInternet => "Samsung Internet",
        _ => null,
    };

    private string? PlatformName => Platform switch
    {
        BrowserPlatform.Android => "Android",
        BrowserPlatform.ChromeOs => "ChromeOS",
        BrowserPlatform.IPad => "iPad",
        BrowserPlatform.IPhone => "iPhone",
        BrowserPlatform.Linux => "Linux",
        BrowserPlatform.Mac => "Mac",
        BrowserPlatform.Windows => "Windows",
        _ => null,
    };

    public override string ToString() => Family.ToString();
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
