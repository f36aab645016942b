using Countersign.Core.Projects;

namespace Countersign.Core.Possession.DeviceKey;

/// <summary>
/// The page that asks for a passkey, as its browser names it. Passkeys are bound to its host, and good for no other page of that host's
/// domain.
/// </summary>
/// <param name="Origin">As browsers write it.</param>
/// <param name="Domain">Its host.</param>
public sealed record PasskeyPage(string Origin, string Domain)
{
    /// <summary>Returns null for an origin on which browsers offer no passkeys: without https, or under an address.</summary>
    public static PasskeyPage? Of(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var page)
        && page.GetLeftPart(UriPartial.Authority) == origin
        && page.UserInfo.Length == 0
        && page.HostNameType == UriHostNameType.Dns
        && (page.Scheme == Uri.UriSchemeHttps || (page.Scheme == Uri.UriSchemeHttp && IsThisMachine(page.Host)))
            ? new PasskeyPage(origin, page.Host)
            : null;

    /// <summary>As <see cref="Of"/> found it when the ceremony began.</summary>
    public static PasskeyPage OfKept(string origin) => new(origin, new Uri(origin).Host);

    public PasskeyRelyingParty RelyingPartyOf(Project project) => new(Domain, project.Name, [Origin]);

    public override string ToString() => nameof(PasskeyPage);

    // Secure Contexts, "potentially trustworthy origin": what runs there needs no https.
    private static bool IsThisMachine(string host) => host == "localhost" || host.EndsWith(".localhost", StringComparison.Ordinal);
}
