using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using AnyAscii;

namespace Countersign.Core.Names;

/// <summary>
/// Folds letters within their script: capitals, accents, compatibility forms. Own tables and AnyAscii, so ICU has no say.
/// </summary>
internal static class Letters
{
    /// <summary>Letters that have a second, longer spelling: ü is u or ue.</summary>
    private static readonly FrozenDictionary<int, string> _longSpellings = new Dictionary<int, string>
    {
        ['ä'] = "ae", ['Ä'] = "ae", ['ö'] = "oe", ['Ö'] = "oe", ['ü'] = "ue", ['Ü'] = "ue", ['ø'] = "oe", ['Ø'] = "oe", ['å'] = "aa",
        ['Å'] = "aa",
        ['đ'] = "dj", ['Đ'] = "dj", ['ə'] = "a", ['Ə'] = "a", ['ð'] = "dh", ['Ð'] = "dh",
    }.ToFrozenDictionary();

    /// <summary>A letter and a mark that together are another letter, not an accented one.</summary>
    private static readonly FrozenDictionary<(int Letter, int Mark), int> _composed = new Dictionary<(int, int), int>
    {
        [('a', 0x308)] = 'ä', [('A', 0x308)] = 'Ä', [('o', 0x308)] = 'ö', [('O', 0x308)] = 'Ö', [('u', 0x308)] = 'ü', [('U', 0x308)] = 'Ü',
        [('a', 0x30A)] = 'å', [('A', 0x30A)] = 'Å', [('и', 0x306)] = 'й', [('И', 0x306)] = 'Й', [('і', 0x308)] = 'ї', [('І', 0x308)] = 'Ї',
        [('у', 0x306)] = 'ў', [('У', 0x306)] = 'Ў',
    }.ToFrozenDictionary();

    /// <summary>One character, two shapes: the shape on the right stands for both.</summary>
    private static readonly FrozenDictionary<int, int> _sameLetter = Pairs(
        // Cyrillic: е with dots is written without them. Greek: accents, and sigma at the end.
        "ёе Ёе ѐе ѝи ґг Ґг άα έε ήη ίι ϊι ΐι όο ύυ ϋυ ΰυ ώω ςσ Άα Έε Ήη Ίι Ϊι Όο Ύυ Ϋυ Ώω " +
        // Arabic and Persian.
        "أا إا آا ٱا ىي یي ئي ؤو ةه ۀه كک ھه ہه ەه " +
        // Hebrew: a letter at the end of a word.
        "ךכ םמ ןנ ףפ ץצ " +
        // Kana, small.
        "ァア ィイ ゥウ ェエ ォオ ャヤ ュユ ョヨ ヮワ ヶケ ヵカ " +
        // Chinese and Japanese: old and new shape of characters that names are written with.
        "張张 陳陈 黃黄 劉刘 楊杨 趙赵 吳吴 孫孙 馬马 羅罗 鄭郑 謝谢 許许 鄧邓 馮冯 蕭萧 蔣蒋 蔡蔡 葉叶 蘇苏 呂吕 盧卢 譚谭 賈贾 鄒邹 陸陆 鐘钟 鍾钟 韓韩 " +
        "龍龙 龔龚 嚴严 賴赖 莊庄 顧顾 錢钱 湯汤 陶陶 賀贺 閻阎 華华 國国 偉伟 麗丽 強强 軍军 鳳凤 蘭兰 紅红 龐庞 東东 寶宝 靜静 穎颖 勝胜 學学 義义 榮荣 " +
        "慶庆 輝辉 傑杰 銘铭 鵬鹏 飛飞 曉晓 穎颖 媽妈 嬌娇 婭娅 倫伦 俠侠 雲云 齊齐 齋斎 齊斉 澤沢 濱浜 邊辺 邉辺 櫻桜 廣広 惠恵 眞真 澁渋 嶋島 嶌島 髙高 﨑崎 德徳 圓円 榮栄 實実").ToFrozenDictionary();

    private static readonly FrozenDictionary<int, (int Letter, int Nukta)> _nukta = new Dictionary<int, (int, int)>
    {
        // Devanagari, Bengali, Gurmukhi.
        [0x0929] = (0x0928, 0x093C), [0x0931] = (0x0930, 0x093C), [0x0934] = (0x0933, 0x093C), [0x0958] = (0x0915, 0x093C),
        [0x0959] = (0x0916, 0x093C),
        [0x095A] = (0x0917, 0x093C), [0x095B] = (0x091C, 0x093C), [0x095C] = (0x0921, 0x093C), [0x095D] = (0x0922, 0x093C),
        [0x095E] = (0x092B, 0x093C),
        [0x095F] = (0x092F, 0x093C),
        [0x09DC] = (0x09A1, 0x09BC), [0x09DD] = (0x09A2, 0x09BC), [0x09DF] = (0x09AF, 0x09BC),
        [0x0A33] = (0x0A32, 0x0A3C), [0x0A36] = (0x0A38, 0x0A3C), [0x0A59] = (0x0A16, 0x0A3C), [0x0A5A] = (0x0A17, 0x0A3C),
        [0x0A5B] = (0x0A1C, 0x0A3C),
        [0x0A5E] = (0x0A2B, 0x0A3C),
    }.ToFrozenDictionary();

    public static Scripts ScriptOf(int letter) => ScriptRanges.Of(letter);

    /// <summary>The letter that a letter and a mark make; null where the mark is an accent that may be dropped.</summary>
    public static int? Compose(int letter, int mark) => _composed.TryGetValue((letter, mark), out var composed) ? composed : null;

    /// <summary>The syllable that a lead and a vowel make, or a syllable and a final consonant; null for all else.</summary>
    /// <remarks>By the arithmetic of the Unicode standard, section 3.12.</remarks>
    public static int? ComposeHangul(int before, int next) => (before, next) switch
    {
        (>= 0x1100 and <= 0x1112, >= 0x1161 and <= 0x1175) => 0xAC00 + (((before - 0x1100) * 21 + next - 0x1161) * 28),
        (>= 0xAC00 and <= 0xD7A3, >= 0x11A8 and <= 0x11C2) when (before - 0xAC00) % 28 == 0 => before + next - 0x11A7,
        _ => null,
    };

    /// <summary>An Indian letter with a dot in one character: the letter, and the dot.</summary>
    public static (int Letter, int Nukta)? PartNukta(int letter) => _nukta.TryGetValue(letter, out var parts) ? parts : null;

    /// <summary>True for marks that carry no sound of their own in this script, or one that writers leave out.</summary>
    public static bool DropsMarks(Scripts script) => (script & (Scripts.Alphabets | Scripts.Consonants)) != Scripts.None;

    /// <summary>May this mark stand on a letter of this script?</summary>
    public static bool Fits(int mark, Scripts script) =>
        mark is >= 0x0300 and <= 0x036F ? (script & Scripts.Alphabets) != Scripts.None : ScriptRanges.Of(mark) == script;

    /// <summary>Writes a Latin letter in a to z: briefly, and in its longer spelling.</summary>
    /// <returns>True when the two differ.</returns>
    public static bool AppendLatin(Rune letter, StringBuilder brief, StringBuilder full)
    {
        if (letter.IsAscii)
        {
            var small = (char)(letter.Value | 0x20);
            brief.Append(small);
            full.Append(small);
            return false;
        }
        var start = brief.Length;
        foreach (var ascii in Transliteration.Transliterate(letter))
        {
            var small = (char)(ascii | 0x20);
            if (small is >= 'a' and <= 'z')
            {
                brief.Append(small);
            }
        }
        if (_longSpellings.TryGetValue(letter.Value, out var spelling))
        {
            full.Append(spelling);
            return true;
        }
        full.Append(brief, start, brief.Length - start);
        return false;
    }

    /// <summary>Writes a letter of another script as itself, folded.</summary>
    public static void AppendFolded(Rune letter, Scripts script, StringBuilder text)
    {
        var value = letter.Value;
        if (script == Scripts.Kana && value is >= 0x3041 and <= 0x3096)
        {
            // Hiragana and katakana are two hands for one syllable.
            value += 0x60;
        }
        if (value is >= 0xFB50 and <= 0xFDFF or >= 0xFE70 and <= 0xFEFC or >= 0xFF66 and <= 0xFF9F or >= 0x1F00 and <= 0x1FFF)
        {
            // Presentation forms and ancient accents: rare in names; where the platform cannot fold them they stay as they are.
            foreach (var plain in letter.ToString().Normalize(NormalizationForm.FormKD).EnumerateRunes())
            {
                if (Rune.GetUnicodeCategory(plain) != UnicodeCategory.NonSpacingMark)
                {
                    text.Append(Fold(plain.Value));
                }
            }
            return;
        }
        text.Append(Fold(value));
    }

    private static string Fold(int value)
    {
        if (_sameLetter.TryGetValue(value, out var same))
        {
            value = same;
        }
        return new Rune(value) is var rune && Rune.IsUpper(rune) ? Rune.ToLowerInvariant(rune).ToString() : rune.ToString();
    }

    private static Dictionary<int, int> Pairs(string pairs)
    {
        var table = new Dictionary<int, int>();
        foreach (var pair in pairs.Split(' '))
        {
            var runes = pair.EnumerateRunes().ToArray();
            if (runes[0] != runes[1])
            {
                table.TryAdd(runes[0].Value, runes[1].Value);
            }
        }
        return table;
    }
}
