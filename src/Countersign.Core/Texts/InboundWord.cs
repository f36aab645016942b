using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Countersign.Core.Texts;

/// <summary>What a person who writes to a sender of texts wants, by the words that carriers have agreed on.</summary>
public enum InboundWord
{
    /// <summary>Something else: nobody here reads it.</summary>
    None,

    /// <summary>No more texts of this sender.</summary>
    Stop,

    /// <summary>Texts are welcome again.</summary>
    Start,

    Help,
}

/// <summary>
/// The words: those of US rules (47 CFR 64.1200(a)(10), since April 2025, and the carriers' own), and of the other languages that our pages
/// speak. Written without accents, spaces and hyphens.
/// </summary>
public static partial class InboundWords
{
    // An inbound text may be long; the longest word, spaced out and with a please, is not.
    private const int MaxCharacters = 160;

    private const string Pleases = "PLEASE|PLS|PLZ|BITTE|POR ?FAVOR|SVP|STP|S ?IL ?(?:VOUS|TE) ?PLAIT";

    private static readonly FrozenDictionary<string, InboundWord> _words = Words(
        (InboundWord.Stop, "STOP STOPALL QUIT REVOKE OPTOUT UNSUBSCRIBE"),
        (InboundWord.Stop, "STOPP ABMELDEN ABMELDUNG ABBESTELLEN AUSTRAGEN WIDERRUF WIDERRUFEN"),
        (InboundWord.Stop,
            "ALTO PARAR PARE DETENER BAJA DARDEBAJA DARSEDEBAJA DARMEDEBAJA REVOCAR DESUSCRIBIR DESUSCRIBIRME DESUSCRIBIRSE"),
        (InboundWord.Stop, "ARRET ARRETER ARRETEZ DESABONNER DESABONNEMENT DESINSCRIRE DESINSCRIPTION MEDESABONNER REVOQUER RESILIER"),
        (InboundWord.Start, "START UNSTOP OPTIN SUBSCRIBE RESUBSCRIBE"),
        (InboundWord.Start, "STARTEN ANMELDEN INICIAR ALTA SUSCRIBIR DEMARRER REPRENDRE ABONNER"),
        (InboundWord.Help, "HELP INFO HILFE AYUDA AIDE"));

    // These end and cancel other things too: with anything beside them it is not known what.
    private static readonly FrozenDictionary<string, InboundWord> _wordsAlone = Words(
        (InboundWord.Stop, "END CANCEL ENDE BEENDEN KUNDIGEN KUENDIGEN FIN CANCELAR TERMINAR ANNULER TERMINER"));

    /// <summary>
    /// The word that a text consists of, in any case and however it is set apart (OPT OUT, opt-out, S.T.O.P.), said several times, or with
    /// a please before or behind it, run together with it too. Other words beside it do not count.
    /// </summary>
    public static InboundWord Of(string text)
    {
        if (text.Trim() is not { Length: <= MaxCharacters } written)
        {
            return InboundWord.None;
        }
        var words = Join(Spell(written));
        return Find(words, _wordsAlone) is var alone && alone != InboundWord.None ? alone
            : Find(words, _words) is var word && word != InboundWord.None ? word
            : Find(Please().Replace(words, " "), _words);
    }

    private static InboundWord Find(string words, FrozenDictionary<string, InboundWord> known)
    {
        var parts = words.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0)
        {
            return InboundWord.None;
        }
        var one = Array.TrueForAll(parts, part => part == parts[0]) ? parts[0] : string.Concat(parts);
        return known.GetValueOrDefault(one);
    }

    /// <summary>Runs of letters and digits, without accents and in capitals, with single spaces between them.</summary>
    private static string Spell(string text)
    {
        var words = new StringBuilder(text.Length);
        var isApart = false;
        foreach (var rune in Characters.Normalize(Characters.Fold(text), NormalizationForm.FormD).EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
            {
                words.Append(isApart && words.Length > 0 ? " " : "").Append(Rune.ToUpperInvariant(rune));
                isApart = false;
            }
            else if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark)
            {
                isApart = true;
            }
        }
        return words.ToString();
    }

    /// <summary>Single letters are one word that was spaced out; other spaces stay.</summary>
    private static string Join(string words) =>
        Array.TrueForAll(words.Split(' '), part => part.Length == 1) ? words.Replace(" ", "", StringComparison.Ordinal) : words;

    private static FrozenDictionary<string, InboundWord> Words(params (InboundWord Meaning, string Words)[] rows) => rows
        .SelectMany(row => row.Words.Split(' '), (row, word) => KeyValuePair.Create(word, row.Meaning))
        .ToFrozenDictionary(StringComparer.Ordinal);

    // People run it together with the word that they mean. No word of the tables begins or ends with one of these, so none is cut.
    [GeneratedRegex($@"\b(?:{Pleases})+|(?:{Pleases})+\b", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Please();
}
