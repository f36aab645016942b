using Countersign.Server.Contract;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>The words of enumerations as the admin API writes and reads them.</summary>
internal static class AdminWords
{
    public static string Of<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    public static TextShape<T> Shape<T>() where T : struct, Enum
    {
        (string Word, T Value)[] words = [.. Enum.GetValues<T>().Select(value => (Of(value), value))];
        return Contract.Shape.Word(words, $"must be {string.Join(" or ", words.Select(pair => pair.Word))}");
    }
}
