namespace Countersign.Core.Possession.DeviceKey;

/// <summary>
/// For whom a passkey is made. Browsers bind it to this domain: no page outside of it can use it, and it cannot be moved to another.
/// </summary>
/// <param name="Id">The domain, as <c>example.com</c>: the host of the page that asks, or a parent domain of it; never this server's
/// own.</param>
/// <param name="Name">What the person may be shown.</param>
/// <param name="Origins">The pages that may ask, exactly as browsers write them: <c>https://login.example.com</c>, lower case, without a
/// default port.</param>
public sealed record PasskeyRelyingParty(string Id, string Name, IReadOnlyList<string> Origins)
{
    public override string ToString() => nameof(PasskeyRelyingParty);
}
