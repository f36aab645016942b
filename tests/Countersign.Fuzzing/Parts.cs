namespace Countersign.Fuzzing;

/// <summary>Of an input that is several.</summary>
internal static class Parts
{
    /// <summary>What stands between lines of "%%".</summary>
    public static List<byte[]> Of(byte[] input)
    {
        var parts = new List<byte[]>();
        var rest = input.AsSpan();
        while (rest.IndexOf("\n%%\n"u8) is >= 0 and var end)
        {
            parts.Add(rest[..end].ToArray());
            rest = rest[(end + 4)..];
        }
        parts.Add(rest.ToArray());
        return parts;
    }
}
