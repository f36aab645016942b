using System.Text.Json;

namespace Countersign.Core.Scenarios;

/// <summary>Reads the file of a scenario: what is not there, there twice or something else than it has to be is named.</summary>
public static class ScenarioFile
{
    /// <summary>The most steps: a flow has fifty facts at most.</summary>
    public const int MaxSteps = 500;

    /// <summary>The most seconds that an offset may be: a limit lasts a day.</summary>
    public const int MaxSeconds = 100_000;

    private const long MaxCost = 1_000_000_000_000;

    private const int MaxCharacters = 64;

    private static readonly Shape _texts = new(
        ["gateways"], new(StringComparer.Ordinal)
        {
            ["gateways"] = Kind.Words, ["handover"] = Kind.Words, ["optedOut"] = Kind.Word, ["isLost"] = Kind.Flag,
        });

    private static readonly Shape _flow = new(
        ["product", "type", "life", "codeLife", "linkLife", "mobileAuthLife", "entries", "resends", "numberChanges"],
        new(StringComparer.Ordinal)
        {
            ["product"] = Kind.Word, ["type"] = Kind.Word, ["shape"] = Kind.Word, ["life"] = Kind.Seconds, ["codeLife"] = Kind.Seconds,
            ["linkLife"] = Kind.Seconds, ["mobileAuthLife"] = Kind.Seconds, ["entries"] = Kind.Count, ["resends"] = Kind.Count,
            ["numberChanges"] = Kind.Count, ["mayNotChangeNumber"] = Kind.Flag, ["matchesLinks"] = Kind.Flag,
            ["provesItself"] = Kind.Flag, ["takesNoText"] = Kind.Flag,
            ["isAskedFor"] = Kind.Flag, ["isRemembered"] = Kind.Flag, ["tellsOfDevices"] = Kind.Flag, ["refuses"] = Kind.Words,
            ["refusesUnknown"] = Kind.Flag,
        });

    private static readonly Shape _step = new(
        ["at", "do"], new(StringComparer.Ordinal)
        {
            ["at"] = Kind.Seconds, ["do"] = Kind.Word, ["entry"] = Kind.Word, ["number"] = Kind.Word, ["again"] = Kind.Flag,
            ["silent"] = Kind.Flag, ["answer"] = Kind.Word, ["reason"] = Kind.Word, ["text"] = Kind.Count, ["attempt"] = Kind.Count,
            ["gateway"] = Kind.Word, ["pause"] = Kind.Seconds, ["word"] = Kind.Word, ["rule"] = Kind.Word, ["source"] = Kind.Word,
            ["given"] = Kind.Words, ["unknown"] = Kind.Words, ["limit"] = Kind.Limit,
        });

    private static readonly Shape _fact = new(
        ["at", "code"], new(StringComparer.Ordinal)
        {
            ["at"] = Kind.Seconds, ["code"] = Kind.Word, ["method"] = Kind.Word, ["next"] = Kind.Word, ["reason"] = Kind.Text,
            ["cause"] = Kind.Text, ["gateway"] = Kind.Word, ["operatorWord"] = Kind.Word, ["rule"] = Kind.Word, ["source"] = Kind.Word,
            ["limit"] = Kind.Limit,
        });

    private static readonly Shape _limit = new(
        ["rule", "count", "max", "seconds", "until"], new(StringComparer.Ordinal)
        {
            ["rule"] = Kind.Word, ["count"] = Kind.Cost, ["max"] = Kind.Cost, ["seconds"] = Kind.Seconds, ["until"] = Kind.Seconds,
        });

    private static readonly Shape _expected = new(
        ["timeline", "end", "at", "possession"], new(StringComparer.Ordinal)
        {
            ["timeline"] = Kind.Facts, ["end"] = Kind.Word, ["reason"] = Kind.Text, ["at"] = Kind.Seconds, ["possession"] = Kind.Word,
            ["method"] = Kind.Word,
        });

    private static readonly Shape _whole = new(
        ["version", "flow", "steps", "expected"], new(StringComparer.Ordinal)
        {
            ["version"] = Kind.Count, ["flow"] = Kind.Flow, ["texts"] = Kind.Texts, ["steps"] = Kind.Steps, ["expected"] = Kind.Expected,
        });

    private enum Kind
    {
        Word, Text, Words, Flag, Count, Cost, Seconds, Flow, Texts, Steps, Facts, Limit, Expected,
    }

    /// <param name="json">UTF-8.</param>
    /// <param name="problem">Names the member and says what it has to be; null when the file is well formed.</param>
    public static Scenario? Read(ReadOnlyMemory<byte> json, out string? problem)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            problem = Problem(document.RootElement, _whole, "");
            var scenario = problem is null ? document.RootElement.Deserialize(ScenarioJson.Default.Scenario) : null;
            problem ??= ScenarioCheck.Problem(scenario!);
            return problem is null ? scenario : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: half of a surrogate pair, which only a text that is looked at tells.
            problem = "is no JSON";
            return null;
        }
    }

    private static string? Problem(JsonElement value, Shape shape, string path)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return $"{Name(path)} must be an object";
        }
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            var name = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            if (!shape.Members.TryGetValue(member.Name, out var kind))
            {
                return $"{Name(path)} has no member of this name: there are {string.Join(", ", shape.Members.Keys)}";
            }
            if (!seen.Add(member.Name))
            {
                return $"{name} is there twice";
            }
            if (Problem(member.Value, kind, name) is { } problem)
            {
                return problem;
            }
        }
        return shape.Needs.FirstOrDefault(needed => !seen.Contains(needed)) is { } missing
            ? $"{(path.Length == 0 ? missing : $"{path}.{missing}")} is missing" : null;
    }

    private static string? Problem(JsonElement value, Kind kind, string name) => kind switch
    {
        Kind.Word when value.ValueKind != JsonValueKind.String || !IsWord(value.GetString()!) =>
            $"{name} must be a word of 1 to {MaxCharacters} of A-Z, a-z, 0-9, _, ., : and -",
        Kind.Text when value.ValueKind != JsonValueKind.String || !value.GetString()!.Split(',').All(IsWord) =>
            $"{name} must be a word, or several with commas between them",
        Kind.Words => List(value, name, (item, place) => Problem(item, Kind.Word, place)),
        Kind.Flag when value.ValueKind is not (JsonValueKind.True or JsonValueKind.False) => $"{name} must be true or false",
        Kind.Count when value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out var count) || count is < 0 or > 1000 =>
            $"{name} must be a whole number from 0 to 1000",
        Kind.Seconds when value.ValueKind != JsonValueKind.Number || !value.TryGetDecimal(out var at) || at is < 0 or > MaxSeconds
            || at * 1000 % 1 != 0 => $"{name} must be a number of seconds from 0 to {MaxSeconds}, with three decimals at most",
        Kind.Cost when value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out var cost) || cost is < 1 or > MaxCost =>
            $"{name} must be a whole number from 1 to {MaxCost}",
        Kind.Flow => Problem(value, _flow, name),
        Kind.Limit => Problem(value, _limit, name),
        Kind.Expected => Problem(value, _expected, name),
        Kind.Texts => List(value, name, (item, place) => Problem(item, _texts, place)),
        Kind.Steps => List(value, name, (item, place) => Problem(item, _step, place)),
        Kind.Facts => List(value, name, (item, place) => Problem(item, _fact, place)),
        _ => null,
    };

    private static string? List(JsonElement value, string name, Func<JsonElement, string, string?> judge) =>
        value.ValueKind != JsonValueKind.Array ? $"{name} must be a list"
        : value.GetArrayLength() > MaxSteps ? $"{name} may have {MaxSteps} entries"
        : value.EnumerateArray().Index().Select(item => judge(item.Item, $"{name}[{item.Index}]")).FirstOrDefault(one => one is not null);

    private static bool IsWord(string text) => text.Length is >= 1 and <= MaxCharacters
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or ':' or '-');

    private static string Name(string path) => path.Length == 0 ? "the file" : path;

    private sealed record Shape(string[] Needs, Dictionary<string, Kind> Members);
}
