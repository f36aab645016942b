using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Countersign.Core;

/// <summary>The id of a project. It names its rows, and stays.</summary>
[JsonConverter(typeof(IdentifierConverter<ProjectId>))]
public readonly record struct ProjectId : IIdentifier<ProjectId>
{
    public const int MaxCharacters = 64;

    private readonly string? _text;

    private ProjectId(string text) => _text = text;

    public static string? ProblemOf(string text) =>
        text.Length is >= 1 and <= MaxCharacters && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
            && text[0] != '-'
            ? null
            : $"must be 1 to {MaxCharacters} of a-z, 0-9 and -, and not begin with -";

    public static bool TryParse([NotNullWhen(true)] string? text, out ProjectId id)
    {
        var isOne = text is not null && ProblemOf(text) is null;
        id = isOne ? new ProjectId(text!) : default;
        return isOne;
    }

    public static ProjectId Parse(string text) => TryParse(text, out var id) ? id : throw new FormatException("Not a project's id.");

    public override string ToString() => _text ?? "";
}
