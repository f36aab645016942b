namespace Countersign.Core.Names;

/// <summary>The alphabets that letters of names come from.</summary>
[Flags]
internal enum Scripts
{
    None = 0,
    Latin = 1 << 0,
    Cyrillic = 1 << 1,
    Greek = 1 << 2,
    Armenian = 1 << 3,
    Georgian = 1 << 4,
    Hebrew = 1 << 5,
    Arabic = 1 << 6,
    Han = 1 << 7,
    Kana = 1 << 8,
    Hangul = 1 << 9,
    Devanagari = 1 << 10,
    Bengali = 1 << 11,
    Gurmukhi = 1 << 12,
    Gujarati = 1 << 13,
    Tamil = 1 << 14,
    Telugu = 1 << 15,
    Kannada = 1 << 16,
    Malayalam = 1 << 17,
    Sinhala = 1 << 18,
    Thai = 1 << 19,
    Lao = 1 << 20,
    Myanmar = 1 << 21,
    Khmer = 1 << 22,
    Ethiopic = 1 << 23,

    /// <summary>A letter is a sound here, so one letter is an initial, and a typo has a meaning.</summary>
    Alphabets = Latin | Cyrillic | Greek | Armenian | Georgian,

    /// <summary>Marks are vowels that many writers leave out.</summary>
    Consonants = Hebrew | Arabic,

    /// <summary>A syllable is written as a letter with its vowel, and may be a whole name.</summary>
    SouthEastAsian = Thai | Lao | Myanmar | Khmer,
}

/// <summary>Which script a letter belongs to. Own ranges, so that the answer is the same on every machine.</summary>
internal static class ScriptRanges
{
    private static readonly (int First, int Last, Scripts Script)[] _ranges =
    [
        (0x0041, 0x005A, Scripts.Latin), (0x0061, 0x007A, Scripts.Latin), (0x00AA, 0x00AA, Scripts.Latin), (0x00BA, 0x00BA, Scripts.Latin),
        (0x00C0, 0x00D6, Scripts.Latin), (0x00D8, 0x00F6, Scripts.Latin), (0x00F8, 0x024F, Scripts.Latin),
        // Of the phonetic alphabet only what living languages write with: the rest is for disguises.
        (0x0253, 0x0254, Scripts.Latin), (0x0256, 0x0257, Scripts.Latin), (0x0259, 0x0259, Scripts.Latin), (0x025B, 0x025B, Scripts.Latin),
        (0x0263, 0x0263, Scripts.Latin), (0x0268, 0x0269, Scripts.Latin), (0x0272, 0x0272, Scripts.Latin), (0x0289, 0x0289, Scripts.Latin),
        (0x0370, 0x03FF, Scripts.Greek), (0x0400, 0x052F, Scripts.Cyrillic), (0x0531, 0x0587, Scripts.Armenian),
        (0x0591, 0x05F2, Scripts.Hebrew), (0x0610, 0x061A, Scripts.Arabic), (0x0620, 0x065F, Scripts.Arabic),
        (0x066E, 0x06FF, Scripts.Arabic), (0x0750, 0x077F, Scripts.Arabic), (0x08A0, 0x08FF, Scripts.Arabic),
        (0x0900, 0x097F, Scripts.Devanagari), (0x0980, 0x09FF, Scripts.Bengali), (0x0A00, 0x0A7F, Scripts.Gurmukhi),
        (0x0A80, 0x0AFF, Scripts.Gujarati), (0x0B80, 0x0BFF, Scripts.Tamil), (0x0C00, 0x0C7F, Scripts.Telugu),
        (0x0C80, 0x0CFF, Scripts.Kannada), (0x0D00, 0x0D7F, Scripts.Malayalam), (0x0D80, 0x0DFF, Scripts.Sinhala),
        (0x0E00, 0x0E7F, Scripts.Thai), (0x0E80, 0x0EFF, Scripts.Lao), (0x1000, 0x109F, Scripts.Myanmar),
        (0x10A0, 0x10FF, Scripts.Georgian), (0x1100, 0x11FF, Scripts.Hangul), (0x1200, 0x139F, Scripts.Ethiopic),
        (0x1780, 0x17FF, Scripts.Khmer), (0x1C90, 0x1CBF, Scripts.Georgian), (0x1E00, 0x1EFF, Scripts.Latin),
        (0x1F00, 0x1FFF, Scripts.Greek), (0x3005, 0x3007, Scripts.Han), (0x3041, 0x30FF, Scripts.Kana), (0x3400, 0x4DBF, Scripts.Han),
        (0x4E00, 0x9FFF, Scripts.Han), (0xAC00, 0xD7A3, Scripts.Hangul), (0xF900, 0xFAFF, Scripts.Han), (0xFB00, 0xFB06, Scripts.Latin),
        (0xFB1D, 0xFB4F, Scripts.Hebrew), (0xFB50, 0xFDFF, Scripts.Arabic), (0xFE70, 0xFEFC, Scripts.Arabic),
        (0xFF21, 0xFF3A, Scripts.Latin), (0xFF41, 0xFF5A, Scripts.Latin), (0xFF66, 0xFF9F, Scripts.Kana), (0x20000, 0x3FFFF, Scripts.Han),
    ];

    /// <summary>None for what belongs to no script that names are written in.</summary>
    public static Scripts Of(int codePoint)
    {
        if (codePoint < 0x80)
        {
            return (uint)((codePoint | 0x20) - 'a') <= 'z' - 'a' ? Scripts.Latin : Scripts.None;
        }
        var (low, high) = (0, _ranges.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var (first, last, script) = _ranges[middle];
            if (codePoint < first)
            {
                high = middle - 1;
            }
            else if (codePoint > last)
            {
                low = middle + 1;
            }
            else
            {
                return script;
            }
        }
        return Scripts.None;
    }
}
