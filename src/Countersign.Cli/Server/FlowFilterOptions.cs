using System.CommandLine;

namespace Countersign.Cli.Server;

/// <summary>What narrows a list of flows.</summary>
internal sealed class FlowFilterOptions
{
    private static readonly string[] _languages = ["en", "de", "es", "fr"];

    private readonly (Option<string> Option, string Parameter)[] _all =
    [
        (New("--project", "id", "Of this project alone."), "projectId"),
        (New("--from", "time", "Begun at this moment or later: 2026-01-31, or 2026-01-31T12:00:00Z."), "from"),
        (New("--to", "time", "Begun before this moment."), "to"),
        (New("--end", "code", "Ended so: a code of docs/flow-events.md, such as possession.expired."), "end"),
        (New("--reason", "code", "With this reason: a code of docs/flow-events.md, such as no-gateway."), "reason"),
        (New("--product", "word", "verified-users, pre-fill, unify or one-call."), "product"),
    ];

    private readonly Option<string> _language = NewLanguage();

    public static Option<string> NewLanguage()
    {
        var language = New("--language", "word", "Of the sentences about the end: en, de, es or fr.");
        language.DefaultValueFactory = _ => "en";
        language.AcceptOnlyFromAmong(_languages);
        return language;
    }

    public void AddTo(Command command)
    {
        foreach (var (option, _) in _all)
        {
            command.Add(option);
        }
        command.Add(_language);
    }

    /// <summary>Asks for the sentences in the language that was wanted.</summary>
    public void Speak(ServerCall call) => call.Client.SpeakIn(call.Parsed.GetValue(_language));

    /// <param name="more">What the command asks for beside them.</param>
    public string QueryOf(ParseResult parsed, params (string Parameter, string? Value)[] more) => string.Join('&', _all
        .Select(one => (one.Parameter, Value: parsed.GetValue(one.Option))).Concat(more)
        .Where(one => one.Value is { Length: > 0 })
        .Select(one => $"{one.Parameter}={Uri.EscapeDataString(one.Value!)}"));

    private static Option<string> New(string name, string help, string description) =>
        new(name) { Description = description, HelpName = help };
}
