using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Countersign.Core;

/// <summary>The name of a text gateway, as the configuration has it. It stands in the addresses of receipts.</summary>
[JsonConverter(typeof(IdentifierConverter<GatewayName>))]
public readonly record struct GatewayName : IIdentifier<GatewayName>
{
    public const int MaxCharacters = 64;

    private readonly string? _text;

    private GatewayName(string text) => _text = text;

    public static string? ProblemOf(string text) =>
        text.Length is >= 1 and <= MaxCharacters && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
            ? null
            : $"must be 1 to {MaxCharacters} of a-z, 0-9 and -";

    public static bool TryParse([NotNullWhen(true)] string? text, out GatewayName name)
    {
        var isOne = text is not null && ProblemOf(text) is null;
        name = isOne ? new GatewayName(text!) : default;
        return isOne;
    }

    public static GatewayName Parse(string text) =>
        TryParse(text, out var name) ? name : throw new FormatException("Not a gateway's name.");

    public override string ToString() => _text ?? "";
}
