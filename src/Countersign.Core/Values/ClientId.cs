using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Countersign.Core;

/// <summary>The id of an API client (OAuth 2.0, <c>client_id</c>). It is no secret.</summary>
/// <remarks>
/// Wider than what a client may be named today (<see cref="Projects.ProjectRules.ProblemOfClientId"/>): the sandbox's own client is named
/// by its settings, which take any word.
/// </remarks>
[JsonConverter(typeof(IdentifierConverter<ClientId>))]
public readonly record struct ClientId : IIdentifier<ClientId>
{
    public const int MaxCharacters = 256;

    private readonly string? _text;

    private ClientId(string text) => _text = text;

    public static string? ProblemOf(string text) =>
        text.Length is >= 1 and <= MaxCharacters && !text.Any(char.IsControl) ? null
            : $"must be 1 to {MaxCharacters} characters without control characters";

    public static bool TryParse([NotNullWhen(true)] string? text, out ClientId id)
    {
        var isOne = text is not null && ProblemOf(text) is null;
        id = isOne ? new ClientId(text!) : default;
        return isOne;
    }

    public static ClientId Parse(string text) => TryParse(text, out var id) ? id : throw new FormatException("Not a client's id.");

    public override string ToString() => _text ?? "";
}
