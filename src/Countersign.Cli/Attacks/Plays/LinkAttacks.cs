using System.Buffers.Text;
using System.Security.Cryptography;
using static Countersign.Cli.Attacks.Installation;

namespace Countersign.Cli.Attacks.Plays;

/// <summary>Attacks on links of texts and on who presses them.</summary>
internal static class LinkAttacks
{
    private const string Matching = "docs/link-page.md#matching";
    private const string MatchDigits = "Set linkConfirmation to match (docs/link-page.md#matching).";
    private const int TokenCharacters = 22;

    /// <summary>L01: what opens links opens this one.</summary>
    public static async Task<Finding> PrefetchAsync(Installation on)
    {
        var flow = await on.BeginAsync("desktop");
        var link = await flow.LinkAsync();
        string[] agents = [PlayedFlow.Phone, "facebookexternalhit/1.1", "Mozilla/5.0 (compatible; LinkScanner/2.0)"];
        foreach (var method in (string[])["HEAD", "GET", "OPTIONS", "GET", "PUT", "DELETE"])
        {
            foreach (var agent in agents)
            {
                await flow.OpenAsync(link, new HttpMethod(method), agent);
            }
        }
        var between = await flow.PossessionAsync();
        var pressed = await flow.PressAsync(link, "confirm", link.Digits);
        return Finding.Of(
            between == "pending" && pressed.Status == 303 && await flow.PossessionAsync() == "success",
            $"After {6 * agents.Length} requests of six methods the flow was {between}; a press then was answered {pressed.Brief}.",
            "Nothing but a press (POST) may change a flow.");
    }

    /// <summary>L02: a scanner that runs what is on the page.</summary>
    public static async Task<Finding> RunPageAsync(Installation on)
    {
        var flow = await on.BeginAsync("desktop");
        var page = await flow.OpenAsync(await flow.LinkAsync());
        Need(page.Status == 200, $"The link's page was answered {page.Brief}.");
        string[] acting = ["<script", "http-equiv=\"refresh\"", " onload=", " onerror=", "javascript:"];
        var found = acting.Where(part => page.Body.Contains(part, StringComparison.OrdinalIgnoreCase)).ToList();
        var isHeld = Policy(page) is { } policy && (policy.Contains("script-src 'none'", StringComparison.Ordinal)
            || (policy.Contains("default-src 'none'", StringComparison.Ordinal) && !policy.Contains("script-src",
                StringComparison.Ordinal)));
        return Finding.Of(
            found.Count == 0 && isHeld && await flow.PossessionAsync() == "pending",
            $"{found.Count} parts of the page act by themselves; its policy {(isHeld ? "permits no script" : "does not forbid scripts")}.",
            "The page must need no script and permit none.");
    }

    /// <summary>L03: a scanner that sends forms, and a form of another site.</summary>
    public static async Task<Finding> SubmitAsync(Installation on)
    {
        var flow = await on.BeginAsync("desktop");
        var link = await flow.LinkAsync();
        if (link.Digits is null)
        {
            var foreign = await flow.PressAsync(link, "confirm", digits: null, with: FromAnotherSite);
            var then = await flow.PossessionAsync();
            return then != "pending"
                ? Finding.Open($"A form of another site was answered {foreign.Brief}, and the flow was {then}.", "Refuse forms that the "
                    + "browser says to be another site's (Sec-Fetch-Site).")
                : Finding.Limit(
                    $"The project asks for one press; a scanner that presses buttons confirms. A form of another site was answered "
                        + $"{foreign.Brief} and confirmed nothing.",
                    Matching);
        }
        var statuses = new List<string>
        {
            (await flow.PressAsync(link, "confirm", digits: null)).Brief, (await flow.PressAsync(link, "confirm", "")).Brief,
            (await flow.PressAsync(link, "confirm", "12345")).Brief,
            (await flow.PressAsync(link, "confirm", link.Digits, with: FromAnotherSite)).Brief,
        };
        var between = await flow.PossessionAsync();
        var right = await flow.PressAsync(link, "confirm", link.Digits);
        return Finding.Of(
            between == "pending" && right.Status == 303,
            $"Forms without the digits or from another site were answered {string.Join(", ", statuses)}; the flow was {between}; the right "
                + $"digits then {right.Brief}.",
            MatchDigits);
    }

    /// <summary>L04: who opens the link learns whom it is about.</summary>
    public static async Task<Finding> LearnAsync(Installation on)
    {
        var flow = await on.BeginAsync("desktop");
        var link = await flow.LinkAsync();
        var page = await flow.OpenAsync(link);
        var pressed = await flow.PressAsync(link, "confirm", link.Digits);
        Need(pressed.Status == 303, $"The right press was answered {pressed.Brief}.");
        var after = await flow.OpenAsync(link);
        Heard[] answers = [page, pressed, after];
        var said = string.Join('\n', answers.SelectMany(answer => answer.Headers.Values.Prepend(answer.Body)));
        var digits = string.Concat(flow.Number.Where(char.IsAsciiDigit));
        (string What, string Text)[] secrets =
        [
            ("the number", digits[^7..]), ("the first name", FirstName), ("the last name", LastName),
            ("the browser's token", flow.AuthToken),
            .. link.Digits is { } shown ? [("the digits", shown)] : Array.Empty<(string, string)>(),
        ];
        var cookies = answers.Count(answer => answer.Headers.ContainsKey("Set-Cookie"));
        var told = secrets.Where(secret => said.Contains(secret.Text, StringComparison.Ordinal)).Select(secret => secret.What).ToList();
        return Finding.Of(
            told.Count == 0 && cookies == 0,
            $"Page, redirect and the page afterwards set {cookies} cookies, and hold "
                + $"{(told.Count == 0 ? "neither number, name, token nor digits" : string.Join(", ", told))}.",
            "The page must say nothing of the person, and open no session.");
    }

    /// <summary>L05: the person is asked to confirm what somebody else began.</summary>
    public static async Task<Finding> AskPersonAsync(Installation on)
    {
        var flow = await on.BeginAsync("desktop");
        var link = await flow.LinkAsync();
        var page = await flow.OpenAsync(link);
        var (pressed, between) = ("", "pending");
        if (link.Digits is { } shown)
        {
            var wrong = await flow.PressAsync(link, "confirm", PlayedFlow.WrongFor(shown));
            Need(wrong.Status is 200 or 303, $"Digits that the other screen does not show were answered {wrong.Brief}.");
            between = await flow.PossessionAsync();
            pressed = $"Digits that the other screen does not show were answered {wrong.Brief}, and the flow was {between}. ";
        }
        var declined = await flow.PressAsync(link, "decline", digits: null);
        var after = await flow.PossessionAsync();
        var late = await flow.PressAsync(link, "confirm", link.Digits);
        NeedAnswer(late);
        var isHeld = after == "failed" && late.Status == 410;
        return isHeld && link.Digits is null
            ? Finding.Limit("The person can say that it was not them; but one press confirms, and may be talked into.", Matching)
            : Finding.Of(
                isHeld && between == "pending" && page.Body.Contains("decline", StringComparison.Ordinal),
                $"{pressed}\"Not me\" was answered {declined.Brief}, the flow was {after}, the right digits then {late.Brief}. Who is "
                    + "talked through the digits is not held off: phishingResistant is false.",
                MatchDigits);
    }

    /// <summary>L07: links are tried.</summary>
    public static async Task<Finding> EnumerateAsync(Installation on)
    {
        var number = on.NextNumber();
        var (flow, second) = (await on.BeginAsync("desktop", number), await on.BeginAsync("desktop", number));
        var (link, other) = (await flow.LinkAsync(), await second.LinkAsync());
        var token = TokenOf(link);
        var alike = token.Zip(TokenOf(other)).Count(pair => pair.First == pair.Second);
        var before = link.Address.AbsolutePath[..^token.Length];
        var answers = new List<Heard>();
        for (var n = 0; n < 5; n++)
        {
            var tried = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
            answers.Add(await flow.OpenAsync(new LinkSent(on.Target.At(before + tried), null)));
        }
        answers.Add(await flow.OpenAsync(new LinkSent(on.Target.At(before + "1"), null)));
        var isUniform = answers.All(answer => answer.Status == 404) && answers.Select(answer =>
            answer.Body).Distinct(StringComparer.Ordinal).Count() == 1;
        return Finding.Of(
            isUniform && token.Length >= TokenCharacters && alike < token.Length / 2,
            $"The token has {token.Length} characters, of which {alike} are another's at their place; {answers.Count} tokens of nobody "
                + $"were answered {string.Join(", ", answers.Select(answer => answer.Brief).Distinct(StringComparer.Ordinal))}, "
                + $"{(isUniform ? "the same bytes" : "not alike")}.",
            $"A link needs {TokenCharacters} characters of chance, and one answer for all that is unknown.");
    }

    /// <summary>L08: the link is passed on by what shows it.</summary>
    public static async Task<Finding> LeakAsync(Installation on)
    {
        var flow = await on.BeginAsync("desktop");
        var page = await flow.OpenAsync(await flow.LinkAsync());
        Need(page.Status == 200, $"The link's page was answered {page.Brief}.");
        (string What, bool IsSo)[] guards =
        [
            ("Referrer-Policy: no-referrer", page.Header("Referrer-Policy") == "no-referrer"),
            ("Cache-Control: no-store", page.Header("Cache-Control")?.Contains("no-store", StringComparison.Ordinal) == true),
            ("a policy that loads nothing", Policy(page)?.Contains("default-src 'none'", StringComparison.Ordinal) == true),
            ("nothing of other hosts", !page.Body.Contains("src=\"http", StringComparison.OrdinalIgnoreCase)),
        ];
        var missing = guards.Where(guard => !guard.IsSo).Select(guard => guard.What).ToList();
        return Finding.Of(
            missing.Count == 0,
            missing.Count == 0 ? "The page sends no referrer, is not kept, and loads nothing. The link in a browser's history is a "
                + "stated limit."
                : $"Missing: {string.Join("; ", missing)}.",
            "Send these headers with the page (docs/link-page.md#headers); look whether a proxy takes them away.");
    }

    /// <summary>L09: a link is confirmed for another flow than its own.</summary>
    public static async Task<Finding> SwapAsync(Installation on)
    {
        var number = on.NextNumber();
        var (attackers, persons) = (await on.BeginAsync("desktop", number), await on.BeginAsync("desktop", number));
        await attackers.AskForLinkAsync();
        var link = await persons.LinkAsync();
        var pressed = await persons.PressAsync(link, "confirm", link.Digits);
        Need(pressed.Status == 303, $"The right press was answered {pressed.Brief}.");
        var (own, other) = (await persons.PossessionAsync(), await attackers.PossessionAsync());
        return Finding.Of(
            own == "success" && other == "pending",
            $"The flow whose link was confirmed is {own}, the other one of the same number {other}.",
            "A link must belong to the flow that it was sent for.");
    }

    /// <summary>L10: a link after its use, and after "not me".</summary>
    public static async Task<Finding> ReuseAsync(Installation on)
    {
        var used = await on.BeginAsync("desktop");
        var link = await used.LinkAsync();
        Need((await used.PressAsync(link, "confirm", link.Digits)).Status == 303, "The right press was not taken.");
        var again = await used.PressAsync(link, "confirm", link.Digits);
        var declined = await on.BeginAsync("desktop");
        var refused = await declined.LinkAsync();
        await declined.PressAsync(refused, "decline", digits: null);
        var late = await declined.PressAsync(refused, "confirm", refused.Digits);
        NeedAnswer(again);
        NeedAnswer(late);
        return Finding.Of(
            again.Status == 410 && late.Status == 410,
            $"A second press was answered {again.Brief}, one after \"not me\" {late.Brief}. That it ends after three minutes is played "
                + "by tests alone, with the sandbox's clock.",
            "A link must be good once.");
    }

    /// <summary>L15: the link is opened where the flow began.</summary>
    public static async Task<Finding> OpenHereAsync(Installation on)
    {
        var flow = await on.BeginAsync("desktop");
        var link = await flow.LinkAsync();
        await flow.PressAsync(link, "confirm", link.Digits, PlayedFlow.Browser);
        var result = await flow.ResultAsync();
        Need(result.Text("possessionResult") == "success", "The right press was not taken.");
        var isTold = StrictJson.Within(result.Json, "assurance", "sameDevice")?.ToString() == "true";
        return !isTold && on.IsLive && await PrivateNetwork.HasAsync(on.Target.Origin, on.Cancelled)
            ? Finding.Limit("From a private address nothing is said of the device: it may be a proxy's.", "docs/link-page.md#who-began")
            : Finding.Of(
                isTold,
                $"The link was confirmed in the browser that began: sameDevice is {(isTold ? "told" : "not told")}.",
                "Look at TrustedProxies: from an unnamed proxy all browsers have one address (docs/link-page.md#who-began).");
    }

    private static string TokenOf(LinkSent link) => link.Address.AbsolutePath.Split('/')[^1];

    // What is in front of the server may refuse whatever it likes.
    private static void NeedAnswer(Heard pressed) => Need(
        pressed.Status is 303 or 410, $"A press that should be refused (410) was answered {pressed.Brief}: that says nothing.");

    private static void FromAnotherSite(HttpRequestMessage request) =>
        request.Headers.TryAddWithoutValidation("Sec-Fetch-Site", "cross-site");

    public static string? Policy(Heard page) => page.Header("Content-Security-Policy");
}
