namespace Countersign.Core.Names;

/// <summary>How many slips of the finger lie between two words: one letter more, less, other, or two neighbours exchanged.</summary>
public static class EditDistance
{
    /// <summary>Optimal string alignment distance, as far as it is at most <paramref name="max"/>.</summary>
    /// <returns><paramref name="max"/> + 1 when it is more.</returns>
    public static int Between(string one, string other, int max)
    {
        if (Math.Abs(one.Length - other.Length) > max)
        {
            return max + 1;
        }
        var width = other.Length + 1;
        // Three rows: the one before the last is for exchanged neighbours.
        Span<int> rows = width <= 128 ? stackalloc int[3 * width] : new int[3 * width];
        var before = rows[..width];
        var above = rows.Slice(width, width);
        var row = rows[(2 * width)..];
        for (var j = 0; j < width; j++)
        {
            above[j] = j;
        }
        for (var i = 1; i <= one.Length; i++)
        {
            row[0] = i;
            var min = i;
            for (var j = 1; j < width; j++)
            {
                var isSame = one[i - 1] == other[j - 1];
                var distance = Math.Min(Math.Min(above[j] + 1, row[j - 1] + 1), above[j - 1] + (isSame ? 0 : 1));
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                {
                    distance = Math.Min(distance, before[j - 2] + 1);
                }
                row[j] = distance;
                min = Math.Min(min, distance);
            }
            if (min > max)
            {
                return max + 1;
            }
            var free = before;
            before = above;
            above = row;
            row = free;
        }
        return Math.Min(above[^1], max + 1);
    }

    /// <summary>
    /// The known name that a written one was probably meant for, whatever their cases and what stands between their words
    /// (<c>clientRequestId</c>, <c>client-request-id</c>); null when none is like it.
    /// </summary>
    public static string? Nearest(string written, IEnumerable<string> known)
    {
        // Nobody names anything like it; and the time grows with the length.
        if (written.Length > 128)
        {
            return null;
        }
        var plain = Plain(written);
        var max = Math.Max(1, plain.Length / 3);
        return known.Select(name => (Name: name, Slips: Between(plain, Plain(name), max)))
            .Where(one => one.Slips <= max)
            .OrderBy(one => one.Slips)
            .Select(one => one.Name)
            .FirstOrDefault();
    }

    private static string Plain(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToUpperInvariant();
}
