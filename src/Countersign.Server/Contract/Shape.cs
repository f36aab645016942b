using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Core;

namespace Countersign.Server.Contract;

/// <summary>What a value may be: the same object describes it in the documents and reads it out of requests.</summary>
/// <typeparam name="T">What reading gives.</typeparam>
internal abstract record Shape<T>
{
    public abstract JsonObject Describe(string description);

    /// <summary>The value of a body's member, or what is wrong with it.</summary>
    public abstract (T? Value, string? Problem) Read(JsonElement element);

    /// <summary>The value of a path or a query, where all is text, or what is wrong with it.</summary>
    public abstract (T? Value, string? Problem) Parse(string text);

    /// <summary>True when a value that is there counts as absent: null and "" do.</summary>
    public virtual bool IsNone(JsonElement element) => JsonText.IsNone(element);
}

/// <summary>The shapes that are not of one product.</summary>
internal static class Shape
{
    /// <summary>A text that is taken as it stands.</summary>
    /// <param name="check">Says what is wrong with a text, or null.</param>
    public static TextShape<string> Text(Func<string, string?>? check = null) =>
        new(text => check?.Invoke(text) is { } problem ? (null, problem) : (text, null));

    /// <summary>An id of a type of its own.</summary>
    public static TextShape<T> Id<T>() where T : struct, IIdentifier<T> =>
        new(text => T.TryParse(text, out var id) ? (id, null) : (default, T.ProblemOf(text)));

    /// <summary>One of some words, each with its value.</summary>
    public static TextShape<T> Word<T>(params (string Word, T Value)[] words) => Word(words, OneOf(words.Select(pair => pair.Word)));

    /// <param name="rule">What a text is told that is none of the words.</param>
    public static TextShape<T> Word<T>((string Word, T Value)[] words, string rule) => new(text =>
    {
        foreach (var (word, value) in words)
        {
            if (word == text)
            {
                return (value, null);
            }
        }
        return (default, rule);
    })
    {
        Words = [.. words.Select(pair => pair.Word)],
    };

    /// <summary>One of some words that stand for themselves.</summary>
    public static TextShape<string> Word(params string[] words) => Word(words.Select(word => (word, word)).ToArray());

    /// <summary>A truth value.</summary>
    /// <param name="standard">What an absent one means, for the documents.</param>
    public static FlagShape Flag(bool? standard = null) => new(standard);

    /// <summary>A whole number.</summary>
    /// <param name="unit">In the plural; null for what is only counted.</param>
    public static NumberShape Number(int min, int max, string? unit = null) => new(min, max, unit);

    /// <summary>What a text is told that is none of the words.</summary>
    public static string OneOf(IEnumerable<string> words)
    {
        var all = words.ToArray();
        return all.Length == 1 ? $"must be {all[0]}" : $"must be {string.Join(", ", all.SkipLast(1))} or {all[^1]}";
    }
}

/// <summary>A text.</summary>
/// <param name="Reader">Makes a value of it, or says what is wrong. It keeps the bounds; those below tell the documents of them.</param>
internal sealed record TextShape<T>(Func<string, (T? Value, string? Problem)> Reader) : Shape<T>
{
    public int? Min { get; init; }

    public int? Max { get; init; }

    public string? Pattern { get; init; }

    public string? Format { get; init; }

    /// <summary>All that it may be; null where that is no list of words.</summary>
    public IReadOnlyList<string>? Words { get; init; }

    /// <summary>"" is a value too, and only null counts as absent.</summary>
    public bool TakesEmpty { get; init; }

    public override JsonObject Describe(string description) =>
        Words is null ? Schema.Text(description, Min, Max, Pattern, Format) : Schema.Word(description, Words);

    public override (T? Value, string? Problem) Read(JsonElement element) =>
        JsonText.TryRead(element, out var text) ? Parse(text) : (default, "must be text");

    public override (T? Value, string? Problem) Parse(string text) => Reader(text);

    public override bool IsNone(JsonElement element) => TakesEmpty ? element.ValueKind == JsonValueKind.Null : base.IsNone(element);
}

/// <summary>A truth value.</summary>
internal sealed record FlagShape(bool? Standard) : Shape<bool>
{
    private const string Rule = "must be true or false";

    public override JsonObject Describe(string description) => Schema.Flag(description, Standard);

    public override (bool Value, string? Problem) Read(JsonElement element) =>
        element.ValueKind is JsonValueKind.True or JsonValueKind.False ? (element.ValueKind == JsonValueKind.True, null) : (false, Rule);

    public override (bool Value, string? Problem) Parse(string text) => text is "true" or "false" ? (text == "true", null) : (false, Rule);
}

/// <summary>A whole number within bounds.</summary>
internal sealed record NumberShape(int Min, int Max, string? Unit) : Shape<int>
{
    public override JsonObject Describe(string description) => Schema.Number(description, Min, Max == int.MaxValue ? null : Max);

    public override (int Value, string? Problem) Read(JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var number) ? Check(number) : (0, Rule);

    public override (int Value, string? Problem) Parse(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Check(number) : (0, Rule);

    private (int, string?) Check(int number) => number >= Min && number <= Max ? (number, null) : (0, Rule);

    private string Rule => string.Create(
        CultureInfo.InvariantCulture, $"must be a whole number{(Unit is null ? "" : $" of {Unit}")} from {Min} to {Max}");
}

/// <summary>A number that need not be whole. Its bounds are told to the documents; the rules of what it is for keep them.</summary>
internal sealed record FractionShape(decimal Min, decimal Max) : Shape<decimal>
{
    private const string Rule = "must be a number";

    public override JsonObject Describe(string description) => Schema.Fraction(description, Min, Max);

    public override (decimal Value, string? Problem) Read(JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDecimal(out var number) ? (number, null) : (0, Rule);

    public override (decimal Value, string? Problem) Parse(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? (number, null) : (0, Rule);

    // "" is no number here, and nobody who writes it has asked for the default.
    public override bool IsNone(JsonElement element) => element.ValueKind == JsonValueKind.Null;
}

/// <summary>A value that may be lacking.</summary>
internal sealed record OrNull<T>(Shape<T> Shape) : Shape<T?> where T : struct
{
    public override JsonObject Describe(string description) => Shape.Describe(description);

    public override (T? Value, string? Problem) Read(JsonElement element) => Lift(Shape.Read(element));

    public override (T? Value, string? Problem) Parse(string text) => Lift(Shape.Parse(text));

    public override bool IsNone(JsonElement element) => Shape.IsNone(element);

    private static (T? Value, string? Problem) Lift((T Value, string? Problem) read) =>
        (read.Problem is null ? read.Value : null, read.Problem);
}
