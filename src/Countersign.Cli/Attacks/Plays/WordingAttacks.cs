using static Countersign.Cli.Attacks.Installation;

namespace Countersign.Cli.Attacks.Plays;

/// <summary>Attacks on where a link leads, what stands around it, and who shows its page.</summary>
internal static class WordingAttacks
{
    // A name that leads nowhere (RFC 2606).
    private const string Elsewhere = "evil.example";

    /// <summary>L11: the phone is sent to the attacker's page.</summary>
    public static async Task<Finding> SendAwayAsync(Installation on)
    {
        var right = new Uri(on.NeedTargetUrl());
        var origin = right.GetLeftPart(UriPartial.Authority);
        var path = right.AbsolutePath.TrimEnd('/');
        string[] always =
        [
            $"https://{Elsewhere}@{right.Authority}/", $"{right.Scheme}://user:word@{right.Authority}{path}", $"{origin}//{Elsewhere}/",
            $"//{Elsewhere}/", "javascript:alert", $"{origin}{path}/../x", $"{origin}{path}%0d%0aLocation:x", $"{origin}{path}?a=1&b=2",
            $"{origin}{path}\r\nLocation: x", $"{origin}{path}/" + new string('a', 128),
        ];
        // A sandbox sends phones to any address.
        string[] inLive =
        [
            $"http://{right.Authority}{path}", $"https://{Elsewhere}{path}", $"{origin}.{Elsewhere}{path}",
                $"https://x{right.Authority}{path}",
            $"https://{right.Host}:{(right.Port == 8443 ? 9443 : 8443)}{path}",
        ];
        var targets = on.IsLive ? [.. always, .. inLive] : always;
        var taken = await CountTakenAsync(on, "desktop", "finalTargetUrl", targets);
        Need((await on.PostAsync("/v3/verify", on.Beginning("desktop", on.QuietNumber))).Status == 200, "The right address was refused.");
        return Finding.Of(
            taken == 0,
            $"Of {targets.Length} addresses that are not the project's {taken} were taken.",
            "Name exact addresses in the project's TargetUrls.");
    }

    /// <summary>L12: a host of the attacker's choice in the link.</summary>
    public static async Task<Finding> PoisonAsync(Installation on)
    {
        var plain = await (await on.BeginAsync("desktop")).LinkAsync();
        (string Name, string Value)[] headers =
        [
            ("Host", Elsewhere), ("X-Forwarded-Host", Elsewhere), ("Forwarded", $"host={Elsewhere};proto=https"),
            ("X-Original-Host", Elsewhere),
        ];
        var (led, links, refused) = (0, 0, 0);
        foreach (var (name, value) in headers)
        {
            var flow = await on.BeginAsync("desktop");
            var link = await flow.TryLinkAsync(request => request.Headers.TryAddWithoutValidation(name, value));
            if (link is null)
            {
                var asked = flow.Answers[^1];
                // 421 is what RFC 9110 has for a host that is not served here.
                Need(asked.Status is 400 or 403 or 404 or 421, $"With the header {name} no link came, and the host was not refused: "
                    + $"{asked.Brief}{PlayedFlow.Error(asked)}.");
                refused++;
                continue;
            }
            (links, led) = (links + 1, led + (OriginOf(link) == OriginOf(plain) ? 0 : 1));
        }
        return Finding.Of(
            led == 0,
            $"Of {headers.Length} calls with a header that names another host {refused} were refused; for the others {links} links were "
                + $"sent, of which {led} led elsewhere than a link without one.",
            "Set PublicUrl, and let links be made of it alone.");
    }

    // Scheme, host and port.
    private static string OriginOf(LinkSent link) => link.Address.GetLeftPart(UriPartial.Authority);

    /// <summary>L13: the attacker's words in the text.</summary>
    public static async Task<Finding> WordAsync(Installation on)
    {
        string[] bad =
        [
            "###### go to evil.com/login", "###### http://evil.example", "###### call +1 900 555 0142", "evil\u3002com ######",
            "no placeholder at all", "###### and ######", "###### \u0000 hidden", "###### ev\u00ADil", "## is short",
            "###### " + new string('x', 300), "###### javascript:alert(1)", "###### 10.1.2.3/x",
        ];
        var taken = await CountTakenAsync(on, "mobile", "smsMessage", bad);
        Need((await on.PostAsync("/v3/verify", on.Beginning("mobile", on.QuietNumber))).Status == 200, "A plain wording was refused.");
        return Finding.Of(
            taken == 0,
            $"Of {bad.Length} wordings with a link, a number to call, what cannot be seen or no single placeholder {taken} were "
                + "taken.",
            "Texts must hold no link, scheme or number but ours (docs/texts.md#wording).");
    }

    /// <summary>L14: the page in a frame of the attacker's.</summary>
    public static async Task<Finding> FrameAsync(Installation on)
    {
        var flow = await on.BeginAsync("desktop");
        var page = await flow.OpenAsync(await flow.LinkAsync());
        Need(page.Status == 200, $"The link's page was answered {page.Brief}.");
        var isHeld = LinkAttacks.Policy(page)?.Contains("frame-ancestors 'none'", StringComparison.Ordinal) == true;
        return Finding.Of(
            isHeld,
            isHeld ? "The page's policy says frame-ancestors 'none'." : "The page's policy does not say frame-ancestors 'none'.",
            "Send the policy with the page (docs/link-page.md#headers); look whether a proxy takes it away.");
    }

    /// <summary>How many of these values of a member are taken by a call that begins a flow.</summary>
    private static async Task<int> CountTakenAsync(Installation on, string type, string member, IEnumerable<string> values)
    {
        var taken = 0;
        foreach (var value in values)
        {
            var body = on.Beginning(type, on.QuietNumber);
            body[member] = value;
            taken += IsTaken(await on.PostAsync("/v3/verify", body)) ? 1 : 0;
        }
        return taken;
    }
}
