namespace Countersign.Providers.Sms;

/// <summary>A provider's own word for why, fit to be kept: at most 64 visible ASCII characters, or null.</summary>
internal static class ProviderWord
{
    private const int MaxLength = 64;

    public static string? Of(string? text)
    {
        var word = (text ?? "").Trim();
        return word.Length == 0 ? null : new string([.. word.Take(MaxLength).Select(c => c is > ' ' and <= '~' ? c : '_')]);
    }
}
