namespace Countersign.Client.Wire;

/// <summary>Lists on the wire: an empty one is left out, and one that was left out is empty.</summary>
internal static class WireLists
{
    public static List<TBody>? From<T, TBody>(IReadOnlyList<T>? values, Func<T, TBody> toBody) =>
        values is null or { Count: 0 } ? null : [.. values.Select(toBody)];

    public static IReadOnlyList<T> Read<TBody, T>(IReadOnlyList<TBody>? values, Func<TBody, T> read) =>
        values is null ? [] : [.. values.Where(value => value is not null).Select(read)];
}
