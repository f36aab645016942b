using System.Globalization;
using System.Numerics;
using System.Text;

namespace Countersign.Core.Names;

/// <summary>Collects the letters of one word.</summary>
internal sealed class WordBuilder
{
    private readonly List<Rune> _letters = [];
    private readonly StringBuilder _written = new();
    private Scripts _scripts;
    private int _marks;
    private bool _hasDigits;

    /// <returns>False for what cannot stand in a name.</returns>
    public bool TryAdd(Rune rune, int maxMarks)
    {
        var script = Letters.ScriptOf(rune.Value);
        if (rune.IsAscii)
        {
            // Digits are let through here for "2nd"; elsewhere they are refused after the suffixes are gone.
            _hasDigits |= Rune.IsDigit(rune);
            return (script != Scripts.None || Rune.IsDigit(rune)) && Append(rune, script);
        }
        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark => TryAddMark(rune, maxMarks),
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.OtherLetter
                or UnicodeCategory.ModifierLetter or UnicodeCategory.LetterNumber => script != Scripts.None && Append(rune, script),
            _ => false,
        };
    }

    /// <summary>Apostrophes are written and not compared: O'Brien is OBrien.</summary>
    public void AddApostrophe(Rune rune) => Write(rune);

    /// <summary>Ends the word, if there is one, and begins the next.</summary>
    /// <returns>False when its letters are of two alphabets: one of them pretends to be the other.</returns>
    public bool TryEnd(List<Word> words, ref Scripts scripts)
    {
        if (_letters.Count == 0)
        {
            _written.Clear();
            return true;
        }
        var isOneScript = BitOperations.PopCount((uint)_scripts) <= 1 || _scripts == (Scripts.Han | Scripts.Kana);
        if (!isOneScript || (_hasDigits && _scripts != Scripts.Latin))
        {
            return false;
        }
        var built = Build();
        if (built.Text.Length == 0)
        {
            return false;
        }
        words.Add(built);
        scripts |= _scripts;
        _letters.Clear();
        _written.Clear();
        (_scripts, _marks, _hasDigits) = (Scripts.None, 0, false);
        return true;
    }

    private bool Append(Rune rune, Scripts script)
    {
        Write(rune);
        if (_letters.Count > 0 && Letters.ComposeHangul(_letters[^1].Value, rune.Value) is { } syllable)
        {
            _letters[^1] = new Rune(syllable);
            return true;
        }
        if (Letters.PartNukta(rune.Value) is var (letter, nukta))
        {
            _letters.Add(new Rune(letter));
            rune = new Rune(nukta);
        }
        _letters.Add(rune);
        _scripts |= script;
        _marks = 0;
        return true;
    }

    private void Write(Rune rune)
    {
        Span<char> units = stackalloc char[2];
        _written.Append(units[..rune.EncodeToUtf16(units)]);
    }

    private bool TryAddMark(Rune mark, int maxMarks)
    {
        if (_letters.Count == 0 || ++_marks > maxMarks)
        {
            return false;
        }
        var letter = _letters[^1].Value;
        var script = Letters.ScriptOf(letter);
        if (mark.Value is 0x3099 or 0x309A && script == Scripts.Kana)
        {
            // Voiced kana in two characters: the voiced ones stand one or two places behind the plain ones.
            _letters[^1] = new Rune(letter + mark.Value - 0x3098);
            return true;
        }
        if (!Letters.Fits(mark.Value, script))
        {
            return false;
        }
        Write(mark);
        if (Letters.Compose(letter, mark.Value) is { } composed)
        {
            _letters[^1] = new Rune(composed);
        }
        else if (!Letters.DropsMarks(script))
        {
            _letters.Add(mark);
        }
        return true;
    }

    private Word Build()
    {
        var text = new StringBuilder(_letters.Count + 4);
        if (_scripts == Scripts.Latin)
        {
            var full = new StringBuilder(_letters.Count + 4);
            var hasTwoSpellings = false;
            foreach (var letter in _letters)
            {
                hasTwoSpellings |= Letters.AppendLatin(letter, text, full);
            }
            var latin = text.ToString();
            return hasTwoSpellings
                ? new Word(_written.ToString(), latin, _scripts, latin, full.ToString())
                : new Word(_written.ToString(), latin, _scripts, latin);
        }
        foreach (var letter in _letters)
        {
            Letters.AppendFolded(letter, _scripts, text);
        }
        var folded = text.ToString();
        return new Word(
            _written.ToString(), folded, _scripts, Romanisation.IsRomanised(_scripts) ? Romanisation.Spellings(folded) : [folded]);
    }
}
