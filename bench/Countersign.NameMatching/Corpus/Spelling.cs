using System.Globalization;
using System.Text;

namespace Countersign.NameMatching.Corpus;

/// <summary>Plain spellings for the generator: on purpose not those of the matcher.</summary>
internal static class Spelling
{
    /// <summary>Without accents, in the case it has.</summary>
    public static string Plain(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (var letter in name.Normalize(NormalizationForm.FormD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark)
            {
                text.Append(letter switch
                {
                    'ł' => "l", 'Ł' => "L", 'ø' => "o", 'Ø' => "O", 'đ' => "d", 'Đ' => "D", 'ß' => "ss", 'æ' => "ae", 'Æ' => "Ae",
                    'ı' => "i",
                    _ => letter.ToString(),
                });
            }
        }
        return text.ToString().Normalize(NormalizationForm.FormC);
    }

    /// <summary>As in German and Nordic telegrams.</summary>
    public static string Long(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        foreach (var letter in name)
        {
            text.Append(letter switch
            {
                'ä' => "ae", 'Ä' => "Ae", 'ö' or 'ø' => "oe", 'Ö' or 'Ø' => "Oe", 'ü' => "ue", 'Ü' => "Ue", 'å' => "aa", 'Å' => "Aa",
                'ß' => "ss", 'æ' => "ae", 'Æ' => "Ae",
                _ => letter.ToString(),
            });
        }
        return text.ToString();
    }

    public static string Key(string name) => Plain(name).ToLowerInvariant();

    /// <summary>One letter more, less or other, or two neighbours exchanged.</summary>
    public static bool AreNeighbours(string one, string other)
    {
        var (shorter, longer) = one.Length <= other.Length ? (one, other) : (other, one);
        if (longer.Length - shorter.Length > 1)
        {
            return false;
        }
        var start = 0;
        while (start < shorter.Length && shorter[start] == longer[start])
        {
            start++;
        }
        if (longer.Length > shorter.Length)
        {
            return shorter.AsSpan(start).SequenceEqual(longer.AsSpan(start + 1));
        }
        if (start >= shorter.Length)
        {
            return false;
        }
        return shorter.AsSpan(start + 1).SequenceEqual(longer.AsSpan(start + 1))
            || (start + 1 < shorter.Length && shorter[start] == longer[start + 1] && shorter[start + 1] == longer[start]
                && shorter.AsSpan(start + 2).SequenceEqual(longer.AsSpan(start + 2)));
    }
}
