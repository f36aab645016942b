using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Countersign.Cli.Server;
using Countersign.Core.Projects;
using PhoneNumbers;

namespace Countersign.Cli.Init;

/// <summary><c>countersign init</c>: a configuration file for Live with fresh keys in it, to be read and completed.</summary>
internal static class InitCommand
{
    public static Command Init()
    {
        var file = new Argument<string>("file")
        {
            Description = "The file to write; it must not exist.", DefaultValueFactory = _ => "countersign.json"
        };
        var url = new Option<string>("--public-url")
        {
            Description = "Origin under which browsers and phones reach the server.", HelpName = "url", DefaultValueFactory = _ =>
                "https://id.example.com"
        };
        var countries = new Option<string[]>(
            "--country")
            {
                Description = "ISO code of a country whose numbers are admitted. May be repeated.", HelpName = "code",
                DefaultValueFactory = _ => ["US"]
            };
        var command = new Command("init", "Write a commented configuration file for Live, with fresh keys.") { file, url, countries };
        command.SetAction(parsed =>
        {
            var path = Path.GetFullPath(parsed.GetRequiredValue(file));
            var (publicUrl, codes) = (parsed.GetRequiredValue(url), parsed.GetRequiredValue(countries));
            if (Problems(publicUrl, codes).Distinct(StringComparer.Ordinal).ToList() is { Count: > 0 } problems)
            {
                problems.ForEach(parsed.InvocationConfiguration.Error.WriteLine);
                return 1;
            }
            try
            {
                Write(path, Text(publicUrl, codes));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                parsed.InvocationConfiguration.Error.WriteLine(
                    File.Exists(path) ? $"{path} exists already; it is not overwritten, since its encryption key may open a store."
                        : $"{path} cannot be written: {exception.Message}");
                return 1;
            }
            parsed.InvocationConfiguration.Output.WriteLine(
                $"""
                {path} is written. It holds keys: keep it where only the server reads it, and a copy of its EncryptionKey somewhere safe.
                Next: read it, complete it, and start the server with it: Countersign.Server --config {path}
                """);
            return 0;
        });
        return command;
    }

    /// <summary>What the server would refuse at its start, by the options' names.</summary>
    private static IEnumerable<string> Problems(string url, string[] countries)
    {
        if (!BareOrigin.Is(url) || new Uri(url) is { Scheme: "http", IsLoopback: false })
        {
            yield return "--public-url must be an https origin: a lower-case host, a port if it is not 443, no path and no slash at the "
                + "end (https://id.example.com). "
                + "Only a loopback host may have http (http://127.0.0.1:8080).";
        }
        // Those of the server: whose numbers have a plan.
        var known = PhoneNumberUtil.GetInstance().GetSupportedRegions();
        foreach (var country in countries.Where(country => !known.Contains(country)))
        {
            yield return country.ToUpperInvariant() switch
            {
                "UK" => "--country has UK; the United Kingdom's ISO code is GB.",
                var code when known.Contains(code) => $"--country must be written in capitals: {code}.",
                _ => "--country must be an ISO 3166 code of two letters of a country with telephone numbers (US, GB, DE). May be repeated.",
            };
        }
    }

    private static void Write(string path, string text)
    {
        using var writer = new StreamWriter(path, PrivateFile.Options());
        writer.Write(text);
    }

    // A comment of a configuration file ends with its line.
    private const string StoreHint =
        "The sandbox's store has another key. Or Host=…;Database=…;Username=…;Password=… for PostgreSQL.";

    private const string OutboxHint =
        "Sends nothing, keeps texts readable: for a first try. Then kannel, twilio, vonage or webhook (docs/gateways.md).";

    private const string OneCallHint =
        "--one-call prefill (one for each verificationType): may be asked without the person's phone; off, since it reads whole records.";

    private const string SsnHint =
        "--discloses-ssn true: SSNs whole instead of four digits; off, since a leaked secret would read them all.";

    private const string NumberChangeHint =
        "--number-change on: a person may give another number; off, since who reads success alone would let it pass for the asked one.";

    private const string LinksHint =
        "tap instead of match is one button, less safe; match needs a page that shows six digits (docs/live.md).";

    private const string MoneyHint =
        "Prices and Caps: what texts may cost (docs/limits.md). Pumping: texts that others earn by; told, not refused, until enforced.";

    private const string DevicesHint =
        "DeviceKeys: how long a browser stays known, and whether its person is told by a text: a stolen key would prove for ever.";

    private const string KeysHint =
        "Keys:File: keeps more than one encryption key, so that the key can be changed while the server runs (docs/keys.md).";

    private static string NewAdminKey() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    private static string Text(string url, string[] countries) =>
        $$"""
        // Countersign in Live. Every setting: docs/configuration.md. The environment comes before this file: Countersign__PublicUrl=…
        {
          "Urls": {{Json(ListeningAt(url))}}, // Behind a proxy that speaks https. For https here: Kestrel:Certificates:Default.
          "Countersign": {
            "Mode": "Live",
            "PublicUrl": {{Json(url)}}, // What browsers and phones see.
            "Store": "Data Source=countersign-live.db", // {{StoreHint}}
            "EncryptionKey": {{Json(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)))}}, // Whoever loses it loses the store.
            "Countries": [{{string.Join(", ", countries.Select(Json))}}], // Whose numbers are admitted; no other country's.
            "Gateways": {
              "outbox": { "Type": "outbox", "File": "texts.jsonl" } // {{OutboxHint}}
            },
            // "TrustedProxies": ["10.0.0.0/8"], // Whose X-Forwarded-For is believed.
            "Admin": {
              "Urls": {{Json(AdminAt(url))}}, // The admin API and nothing else: out of reach of the internet.
              "Keys": {
                "ops": {{Json(NewAdminKey())}} // For the countersign command: COUNTERSIGN_ADMIN_KEY.
              }
            }
            // Projects are made by:
            // countersign project create shop --name Shop --target-url https://shop.example/verified --link-confirmation match
            // --link-confirmation: {{LinksHint}}
            // {{OneCallHint}}
            // {{SsnHint}}
            // {{NumberChangeHint}}
            // Without an operator there is no Mobile Auth, and every mobile flow goes by text (docs/mobile-auth.md).
            // Texts, codes and names of a line are limited over all flows: TextLimits and Budget (docs/limits.md) say how much.
            // {{MoneyHint}}
            // {{DevicesHint}}
            // {{KeysHint}}
          }
        }

        """;

    // A first try on this machine is reached where it listens; anything else is a proxy's address.
    private static string ListeningAt(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && address.IsLoopback && address.Scheme == Uri.UriSchemeHttp
            ? $"http://127.0.0.1:{address.Port.ToString(CultureInfo.InvariantCulture)}"
            : "http://127.0.0.1:8080";

    // Where the countersign command looks for it, unless that port is taken.
    private static string AdminAt(string url) =>
        ListeningAt(url) == ServerOptions.DefaultServer ? "http://127.0.0.1:8082" : ServerOptions.DefaultServer;

    private static string Json(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
