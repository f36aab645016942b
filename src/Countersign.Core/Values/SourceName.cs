using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Countersign.Core;

/// <summary>The name of who knows whose a number is: of who gave records, or of what is asked. It stands in timelines.</summary>
[JsonConverter(typeof(IdentifierConverter<SourceName>))]
public readonly record struct SourceName : IIdentifier<SourceName>
{
    public const int MaxCharacters = 64;

    private readonly string? _text;

    private SourceName(string text) => _text = text;

    public static string? ProblemOf(string text) =>
        text.Length is >= 1 and <= MaxCharacters
            && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '_' or '-')
            ? null
            : $"must be 1 to {MaxCharacters} of a-z0-9._-";

    public static bool TryParse([NotNullWhen(true)] string? text, out SourceName name)
    {
        var isOne = text is not null && ProblemOf(text) is null;
        name = isOne ? new SourceName(text!) : default;
        return isOne;
    }

    public static SourceName Parse(string text) => TryParse(text, out var name) ? name : throw new FormatException("Not a source's name.");

    public override string ToString() => _text ?? "";
}
