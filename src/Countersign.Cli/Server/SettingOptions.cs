using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Countersign.Cli.Server;

/// <summary>A project's settings as options. The server says what they may be; here they only have names.</summary>
internal sealed class SettingOptions
{
    private const string Name = "name";
    private const string Risk = "risk";
    private const string Caps = "caps";
    private const string GuessProbability = "guessProbability";
    private const string DisclosesSsn = "disclosesSsn";

    private static readonly (string Option, string Member, string Title, bool IsList, string HelpName, string Description)[] _settings =
    [
        ("--error-codes", "errorCodes", "Error codes", false, "standard|legacy", "Family of error codes."),
        ("--link-confirmation", "linkConfirmation", "Links", false, "tap|match",
            "How the phone confirms a link: one button, or six digits shown by the desktop."),
        ("--start-shape", "startShape", "Start", false, "prefill|identity",
            "What follows validate: challenge and complete, or complete alone."),
        ("--passkeys", "passkeys", "Passkeys", false, "off|preferred|required", "Whether browsers of unify flows are asked for a passkey."),
        ("--web-otp-host", "webOtpHost", "WebOTP host", false, "host", "Host of the page that asks for the code."),
        ("--web-origin", "webOrigins", "Web origins", true, "origin", "Origin whose pages may use the browser endpoints. May be repeated."),
        ("--target-url", "targetUrls", "Target URLs", true, "url",
            "https origin, with or without a path, under which finalTargetUrl may be. May be repeated."),
        ("--otp-text", "otpText", "Own text with code", false, "text", "Wording of the text with a code, ###### for the code."),
        ("--link-text", "linkText", "Own text with link", false, "text", "Wording of the text with a link, #### for the link."),
        ("--allowed-word", "allowedWords", "Allowed words", true, "name",
            "Name that may stand in texts although phones make a link of it. May be repeated."),
        ("--country", "countries", "Countries", true, "code", "ISO code of a country whose numbers are admitted. May be repeated."),
        ("--identity-reasons", "identityReasons", "Identity reasons", false, "proven|full",
            "Whether \"no record\" and \"another name\" are told apart where no possession was proven."),
        ("--one-call", "oneCall", "One-call verify", true, "type",
            "verificationType that may be asked by one-call verify. May be repeated."),
        ("--number-change", "numberChange", "Number change", false, "off|on",
            "Whether a person may give another number in the browser."),
        ("--device-notice", "deviceNotice", "Device notice", false, "server|on|off",
            "Whether a person is told by a text that a code has tied a browser's key."),
        ("--name-policy", "namePolicy", "Names", false, "standard|strict|lenient",
            "How much two names may differ and still be one person's."),
    ];

    private readonly (Option Option, string Member, Func<ParseResult, JsonNode?> Read)[] _options =
    [
        .. _settings.Select(setting => setting.IsList
            ? ListOf(setting.Option, setting.Member, setting.HelpName, setting.Description)
            : TextOf(setting.Option, setting.Member, setting.HelpName, setting.Description)),
        FlagOf("--discloses-ssn", DisclosesSsn,
            "Whether one-call verify and fetch tell SSNs whole instead of their last four digits."),
        NumberOf("--guess-probability", GuessProbability, "number",
            "How likely a code of a line may be guessed in a day: 0.0006 permits four digits with three entries, 0.00001 (the default) "
                + "none under six."),
        AmountsOf("--caps", Caps, "perDay=50",
            "How much the project's texts may cost: perDay, perMonth and currency (currency=EUR), all that are to hold. May be repeated."),
        RulesOf("--risk", Risk, "signal=report|refuse",
            "What is made of a risk signal: simSwap, simSwapInWeek, recycled, veryShortTenure, shortTenure; or refusesUnknown=true|false. "
                + "May be repeated."),
    ];

    /// <summary>What each setting is called when it is shown.</summary>
    public static IEnumerable<(string Member, string Title)> Titles =>
    [
        .. _settings.Select(setting => (setting.Member, setting.Title)), (DisclosesSsn, "Whole SSNs"),
        (GuessProbability, "Guess probability"), (Caps, "Caps"), (Risk, "Risk"),
        ("keptSettings", "Kept, not chosen yet"),
    ];

    public Command AddTo(Command command)
    {
        foreach (var (option, _, _) in _options)
        {
            command.Add(option);
        }
        return command;
    }

    /// <summary>The settings that are given, as a request's members.</summary>
    public JsonObject Read(ParseResult parsed)
    {
        var body = new JsonObject();
        foreach (var (_, member, read) in _options)
        {
            if (read(parsed) is { } value)
            {
                body[member] = value;
            }
        }
        return body;
    }

    private static (Option Option, string Member, Func<ParseResult, JsonNode?> Read) TextOf(
        string name, string member, string helpName, string description)
    {
        var option = new Option<string>(name) { Description = description, HelpName = helpName };
        return (option, member, parsed => parsed.GetValue(option));
    }

    private static (Option Option, string Member, Func<ParseResult, JsonNode?> Read) ListOf(
        string name, string member, string helpName, string description)
    {
        var option = new Option<string[]>(name) { Description = description, HelpName = helpName };
        return (option, member, parsed =>
            parsed.GetValue(option) is { Length: > 0 } values ? JsonLists.Of(values) : null);
    }

    private static (Option Option, string Member, Func<ParseResult, JsonNode?> Read) FlagOf(string name, string member, string description)
    {
        var option = new Option<string>(name) { Description = description, HelpName = "true|false" };
        return (option, member, parsed =>
            parsed.GetValue(option) is not { } text ? null
            : bool.TryParse(text, out var flag) ? JsonValue.Create(flag)
            : throw new CommandFailure($"{name} must be true or false."));
    }

    private static (Option Option, string Member, Func<ParseResult, JsonNode?> Read) NumberOf(
        string name, string member, string helpName, string description)
    {
        var option = new Option<string>(name) { Description = description, HelpName = helpName };
        return (option, member, parsed =>
            parsed.GetValue(option) is not { } text ? null
            : decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number)
            : throw new CommandFailure($"{name} must be a number: {name} 0.0006."));
    }

    private static (Option Option, string Member, Func<ParseResult, JsonNode?> Read) RulesOf(
        string name, string member, string helpName, string description)
    {
        var option = new Option<string[]>(name) { Description = description, HelpName = helpName };
        return (option, member, parsed => parsed.GetValue(option) is { Length: > 0 } rules ? Rules(name, rules) : null);
    }

    private static (Option Option, string Member, Func<ParseResult, JsonNode?> Read) AmountsOf(
        string name, string member, string helpName, string description)
    {
        var option = new Option<string[]>(name) { Description = description, HelpName = helpName };
        return (option, member, parsed => parsed.GetValue(option) is { Length: > 0 } caps ? Amounts(name, caps) : null);
    }

    private static JsonObject Amounts(string option, string[] caps)
    {
        var members = new JsonObject();
        foreach (var cap in caps)
        {
            var (name, value) = cap.Split('=', 2) is [{ Length: > 0 } left, { Length: > 0 } right]
                ? (left, right)
                : throw new CommandFailure($"{option} must be a window and an amount, or the currency: {option} perDay=50.");
            JsonNode node = decimal.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
                ? JsonValue.Create(amount) : JsonValue.Create(value);
            if (!members.TryAdd(name, node))
            {
                throw new CommandFailure($"{option} names {name} twice.");
            }
        }
        return members;
    }

    private static JsonObject Rules(string option, string[] rules)
    {
        var members = new JsonObject();
        foreach (var rule in rules)
        {
            var (name, value) = rule.Split('=', 2) is [{ Length: > 0 } left, { Length: > 0 } right]
                ? (left, right)
                : throw new CommandFailure($"{option} must be a signal and what is made of it: {option} simSwap=refuse.");
            if (!members.TryAdd(name, bool.TryParse(value, out var flag) ? JsonValue.Create(flag) : JsonValue.Create(value)))
            {
                throw new CommandFailure($"{option} names {name} twice.");
            }
        }
        return members;
    }

    /// <summary>The member that is named as its option is: a setting, or the project's name.</summary>
    public string MemberOf(string setting) =>
        setting == Name ? Name
        : Array.Find(_options, option => option.Option.Name == "--" + setting) is { Member: { } member } ? member
        : throw new CommandFailure(
            $"There is no setting {setting}. There are: "
                + $"{string.Join(", ", _options.Select(option => option.Option.Name[2..]).Append(Name))}.");
}
