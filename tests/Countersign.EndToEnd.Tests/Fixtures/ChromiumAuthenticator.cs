using System.Text.Json;
using Microsoft.Playwright;

namespace Countersign.EndToEnd.Tests.Fixtures;

/// <summary>An authenticator inside Chromium that always finds its person willing; it outlives what the page stores.</summary>
internal sealed class ChromiumAuthenticator(ICDPSession session, string id)
{
    public static async Task<ChromiumAuthenticator> AddAsync(IPage page)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("WebAuthn.enable");
        var added = await session.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["options"] = new
            {
                protocol = "ctap2",
                transport = "internal",
                hasResidentKey = true,
                hasUserVerification = true,
                isUserVerified = true,
                automaticPresenceSimulation = true,
            },
        });
        return new ChromiumAuthenticator(session, added!.Value.GetProperty("authenticatorId").GetString()!);
    }

    /// <summary>How many passkeys it holds.</summary>
    public async Task<int> CountAsync() =>
        (await SendAsync("WebAuthn.getCredentials"))!.Value.GetProperty("credentials").GetArrayLength();

    /// <summary>Forgets all that a page has stored in the browser.</summary>
    public Task ClearStorageAsync(string origin) => session.SendAsync(
        "Storage.clearDataForOrigin",
        new Dictionary<string, object>(StringComparer.Ordinal) { ["origin"] = origin, ["storageTypes"] = "all" });

    private Task<JsonElement?> SendAsync(string method) =>
        session.SendAsync(method, new Dictionary<string, object>(StringComparer.Ordinal) { ["authenticatorId"] = id });
}
