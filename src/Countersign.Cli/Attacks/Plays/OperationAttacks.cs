namespace Countersign.Cli.Attacks.Plays;

/// <summary>Attacks on what is not meant for the public.</summary>
internal static class OperationAttacks
{
    private const string Nothing = "nothing";

    /// <summary>O04: the admin API from outside.</summary>
    public static async Task<Finding> AdministerAsync(Installation on)
    {
        string[] paths =
        [
            "/admin/server", "/ADMIN/server", "/%61dmin/server", "//admin/server", "/v3/../admin/server", "/v3/%2e%2e/admin/server",
            "/admin/projects", "/admin/caps", "/openapi/admin.json",
        ];
        var found = await FindAsync(on, paths, "admin");
        return Finding.Of(
            found.Count == 0,
            $"{SentenceOf(paths, found, "the admin API")} What its keys may do, and that what it keeps shows a change, is played by tests "
                + "alone.",
            "Keep Admin:Urls apart from the public address (docs/operations.md).");
    }

    /// <summary>O05: what belongs to the sandbox, in Live.</summary>
    public static async Task<Finding> PlayAsync(Installation on)
    {
        if (!on.IsLive)
        {
            return Finding.NotHere("It is a sandbox.");
        }
        string[] paths =
        [
            "/sandbox", "/sandbox/messages?to=1", "/sandbox/users", "/sandbox/flows/x", "/sandbox/clock", "/sandbox/operator",
        ];
        var found = await FindAsync(on, paths, "sandbox");
        return Finding.Of(found.Count == 0, SentenceOf(paths, found, "the sandbox"), "Set Mode to Live.");
    }

    /// <param name="word">Which part of the addresses says what they are of.</param>
    /// <returns>Addresses, without their queries, that are answered otherwise than the same with a word that nothing has.</returns>
    private static async Task<List<string>> FindAsync(Installation on, string[] paths, string word)
    {
        var found = new List<string>();
        foreach (var path in paths)
        {
            var (heard, nothing) = (await on.GetAnonymouslyAsync(path), await on.GetAnonymouslyAsync(Without(path, word)));
            // A page of a proxy may repeat the address.
            if ((heard.Status != nothing.Status || Without(heard.Body, word) != Without(nothing.Body, word))
                && !await IsHeldInFrontAsync(on, heard, word))
            {
                found.Add($"{path.Split('?')[0]} {heard.Brief}");
            }
        }
        return found;
    }

    /// <summary>Something in front of the server refuses all that begins so, whether it is there or not.</summary>
    private static async Task<bool> IsHeldInFrontAsync(Installation on, Heard heard, string word) =>
        heard is { Status: 401 or 403, Code: null } && (await on.GetAnonymouslyAsync($"/{word}/{Nothing}")).Status == heard.Status;

    private static string Without(string text, string word) => text
        .Replace(word, Nothing, StringComparison.OrdinalIgnoreCase)
        .Replace($"%{(int)word[0]:x2}{word[1..]}", $"%{(int)Nothing[0]:x2}{Nothing[1..]}", StringComparison.OrdinalIgnoreCase);

    private static string SentenceOf(string[] paths, List<string> found, string what) =>
        $"Of {paths.Length} addresses of {what} {found.Count} were answered otherwise than addresses that do not exist"
            + $"{(found.Count == 0 ? "" : $": {string.Join(", ", found)}")}.";
}
