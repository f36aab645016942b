namespace Countersign.Client.Wire;

internal static class WireText
{
    /// <summary>What some servers write empty is what others leave out.</summary>
    public static string? OrNull(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
