namespace Countersign.Core.Flows;

/// <summary>
/// A browser as it shows itself in a call. A flow keeps the one that asked for its link, so that the page behind the link can say who
/// began.
/// </summary>
/// <param name="Address">Where the call came from; null when it is not known, or a proxy's.</param>
/// <param name="Agent">Keyed hash of all that the browser says of itself; null when it says nothing.</param>
public sealed record SeenBrowser(BrowserFamily Family, BrowserPlatform Platform, string? Address, SecretHash? Agent)
{
    /// <summary>The same address and the same words: as good as the same browser on the same device, and no proof of it.</summary>
    public bool IsVery(SeenBrowser other) =>
        Address is not null && Address == other.Address && Agent is { } agent && other.Agent is { } others && agent.Matches(others);

    // An address is personal.
    public override string ToString() => $"{Family} on {Platform}";
}

/// <summary>The browsers that persons know by name. The names are stored.</summary>
public enum BrowserFamily
{
    Other,
    Chrome,
    Edge,
    Firefox,
    Opera,
    Safari,
    SamsungInternet,
}

/// <summary>What a browser runs on. The names are stored.</summary>
public enum BrowserPlatform
{
    Other,
    Android,
    ChromeOs,
    IPad,
    IPhone,
    Linux,
    Mac,
    Windows,
}
