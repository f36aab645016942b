namespace Countersign.Operator.Camara;

/// <summary>Jaro-Winkler similarity, which CAMARA KYC Match takes for its scores where an operator says nothing else.</summary>
internal static class JaroWinkler
{
    private const double PrefixWeight = 0.1;
    private const int MaxPrefix = 4;

    /// <summary>0 for nothing in common to 1 for the same.</summary>
    public static double Similarity(string one, string other)
    {
        if (one == other)
        {
            return 1;
        }
        if (one.Length == 0 || other.Length == 0)
        {
            return 0;
        }
        var jaro = Jaro(one, other);
        var prefix = 0;
        while (prefix < Math.Min(MaxPrefix, Math.Min(one.Length, other.Length)) && one[prefix] == other[prefix])
        {
            prefix++;
        }
        return jaro + prefix * PrefixWeight * (1 - jaro);
    }

    private static double Jaro(string one, string other)
    {
        var reach = Math.Max(0, Math.Max(one.Length, other.Length) / 2 - 1);
        var (oneTaken, otherTaken) = (new bool[one.Length], new bool[other.Length]);
        var matches = 0;
        for (var i = 0; i < one.Length; i++)
        {
            for (var j = Math.Max(0, i - reach); j < Math.Min(other.Length, i + reach + 1); j++)
            {
                if (!otherTaken[j] && one[i] == other[j])
                {
                    (oneTaken[i], otherTaken[j]) = (true, true);
                    matches++;
                    break;
                }
            }
        }
        if (matches == 0)
        {
            return 0;
        }
        var swapped = 0;
        for (int i = 0, j = 0; i < one.Length; i++)
        {
            if (!oneTaken[i])
            {
                continue;
            }
            while (!otherTaken[j])
            {
                j++;
            }
            swapped += one[i] == other[j++] ? 0 : 1;
        }
        return ((double)matches / one.Length + (double)matches / other.Length + (matches - swapped / 2.0) / matches) / 3;
    }
}
