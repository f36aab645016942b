namespace Countersign.Core.Names;

/// <summary>
/// The similarity that CAMARA KYC Match reports. Here it is told and decides nothing: it takes one person in six for another.
/// </summary>
internal static class JaroWinkler
{
    /// <returns>0 to 99.</returns>
    public static int Score(string one, string other)
    {
        if (one.Length == 0 || other.Length == 0)
        {
            return 0;
        }
        // The search takes the first free letter, so the result could depend on who is asked first.
        if (one.Length > other.Length || (one.Length == other.Length && string.CompareOrdinal(one, other) > 0))
        {
            (one, other) = (other, one);
        }
        var window = Math.Max(0, other.Length / 2 - 1);
        Span<bool> isUsed = stackalloc bool[other.Length];
        Span<char> inOne = stackalloc char[one.Length];
        var matches = 0;
        for (var i = 0; i < one.Length; i++)
        {
            for (var j = Math.Max(0, i - window); j <= Math.Min(other.Length - 1, i + window); j++)
            {
                if (!isUsed[j] && one[i] == other[j])
                {
                    isUsed[j] = true;
                    inOne[matches++] = one[i];
                    break;
                }
            }
        }
        if (matches == 0)
        {
            return 0;
        }
        var (exchanged, next) = (0, 0);
        for (var j = 0; j < other.Length; j++)
        {
            if (isUsed[j] && other[j] != inOne[next++])
            {
                exchanged++;
            }
        }
        double m = matches;
        var jaro = (m / one.Length + m / other.Length + (m - exchanged / 2.0) / m) / 3;
        const int MaxPrefix = 4;
        var prefix = 0;
        while (prefix < Math.Min(MaxPrefix, one.Length) && one[prefix] == other[prefix])
        {
            prefix++;
        }
        return Math.Min(99, (int)(100 * (jaro + prefix * 0.1 * (1 - jaro))));
    }
}
