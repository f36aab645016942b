using System.Collections.Frozen;
using System.Numerics;
using System.Text;
using AnyAscii;

namespace Countersign.Core.Names;

/// <summary>
/// How letters of other alphabets are written in Latin ones. Every letter has several ways, after the habits of passports, libraries, and
/// English, German and French newspapers; a Latin word spells another when it can be read letter by letter in any of them.
/// </summary>
internal static class Romanisation
{
    private const Scripts Romanised = Scripts.Cyrillic | Scripts.Greek | Scripts.Armenian | Scripts.Georgian;

    // Letter or pair of letters: its ways, the plainest first. "-" writes nothing.
    private static readonly FrozenDictionary<string, string[]> _ways = Parse("""
        а:a б:b в:v,w,ff г:g,h,gu,gh д:d е:e,ye,ie,je,yo,io,jo з:z,s
        ж:zh,j,z,g,sch,sh,dj и:i,y,ii,ee і:i,y ї:i,yi,ii,ji й:y,i,j,- к:k,c,ck,q л:l,ll
        м:m н:n,nn
        о:o п:p,pp р:r с:s,ss,sz,c т:t,tt,th у:u,ou,oo,w ф:f,ph х:kh,h,ch,x,j ц:ts,c,tz,z,cz
        ч:ch,tch,c,cz,tsch,tj ш:sh,ch,s,sch,sz щ:shch,sch,sht,sc,schtsch,chtch,s,szcz
        ъ:-,a,ie,u,y,i ы:y,i,ui ь:-,y,i,j э:e,ae ю:yu,iu,ju,u,you,iou я:ya,ia,ja,ea,iya є:ye,ie,je,e
        ў:u,w ј:j,y,i љ:lj,ly,l њ:nj,ny,n ћ:c,ch,tj ђ:dj,d,dz џ:dz,dzh,dj,j ѓ:gj,g ќ:kj,k ѕ:dz
        қ:q,k,kh ғ:gh,g ә:a,ae,e ө:o,oe ү:u,ue ұ:u ң:ng,n һ:h
        ий:y,i,iy,ij,ii,yi,yy,ie,iei ый:y,i,yy,yi,yj,iy,ij ій:iy,y,i,ii,ij кс:x,ks дж:j,dj,dzh,g ай:ai,ay,aj,ei ей:ei,ey,ej,ai,ay,y
        эй:ei,ey,ay ия:ia,iya,ija,ya,ja,iia ія:ia,iya,iia,ija ье:ie,ye,ye,ie,je,e ью:iu,yu,ju,u ья:ia,ya,ja,iya,a ьё:yo,io,ie,e
        α:a β:v γ:g,y,gh δ:d,dh ε:e ζ:z η:i,e,h,y θ:th,t ι:i,y κ:k,c λ:l μ:m ν:n
        ξ:x,ks ο:o π:p ρ:r,rh σ:s,ss τ:t υ:y,i,u φ:f,ph χ:ch,h,x,kh ψ:ps ω:o
        ου:ou,u,oy αυ:av,af,au ευ:ev,ef,eu γγ:ng,gg,g γκ:g,gk,ng,gg,nk μπ:b,mp,mb ντ:d,nt,nd αι:ai,e,ae
        ει:i,ei,e οι:i,oi,oe τζ:tz,j,dj γχ:nch,nh,nkh λλ:l,ll σσ:s,ss νν:n,nn κκ:k,kk ττ:t,tt
        """);

    private static readonly string[] _hardE = [.. _ways["е"], "o"];

    /// <summary>True where romanisation is good enough to say yes; whether also to say no is <see cref="CanDeny"/>.</summary>
    public static bool IsRomanised(Scripts scripts) => scripts != Scripts.None && (scripts & ~Romanised) == Scripts.None;

    /// <summary>May "differs" be said of two fields of these scripts?</summary>
    /// <remarks>Han with kana is one name in two hands (山田, やまだ), and neither tells the other.</remarks>
    public static bool CanDeny(Scripts one, Scripts other)
    {
        var both = one | other;
        return one == other ? BitOperations.IsPow2((int)one)
            : (both & ~(Scripts.Latin | Scripts.Cyrillic)) == Scripts.None || (both & ~(Scripts.Latin | Scripts.Greek)) == Scripts.None;
    }

    /// <summary>Does the Latin word spell the other one?</summary>
    /// <param name="text">Folded, of a romanised script.</param>
    public static bool Spells(string latin, string text)
    {
        var width = latin.Length + 1;
        // Words of ninety letters in both scripts: longer ones are not names, and the stack is not for them.
        const int MaxPositions = 8192;
        var positions = width * (text.Length + 1);
        if (positions > MaxPositions)
        {
            return false;
        }
        Span<bool> reached = stackalloc bool[positions];
        reached[0] = true;
        for (var i = 0; i < text.Length; i++)
        {
            for (var length = 1; length <= 2 && i + length <= text.Length; length++)
            {
                foreach (var way in Ways(text, i, length))
                {
                    for (var j = 0; j + way.Length <= latin.Length; j++)
                    {
                        if (reached[i * width + j] && latin.AsSpan(j).StartsWith(way, StringComparison.Ordinal))
                        {
                            reached[(i + length) * width + j + way.Length] = true;
                        }
                    }
                }
            }
        }
        return reached[text.Length * width + latin.Length];
    }

    /// <summary>May the Latin initial stand for the word?</summary>
    public static bool Begins(string latinInitial, string text) =>
        Ways(text, 0, 1).Any(way => way.StartsWith(latinInitial, StringComparison.Ordinal))
        || (text.Length > 1 && Ways(text, 0, 2).Any(way => way.StartsWith(latinInitial, StringComparison.Ordinal)));

    /// <summary>May the initial of another script stand for the Latin word?</summary>
    public static bool IsBegunBy(string latin, string initial) =>
        Ways(initial, 0, 1).Any(way => way.Length > 0 && latin.StartsWith(way, StringComparison.Ordinal));

    /// <summary>The plainest ways to write it: for looking it up in the table.</summary>
    public static string[] Spellings(string text)
    {
        var plain = new StringBuilder(text.Length + 4);
        var ukrainian = new StringBuilder(text.Length + 4);
        for (var i = 0; i < text.Length; i++)
        {
            var way = Ways(text, i, 1) is [var first, ..] ? first : "";
            plain.Append(way);
            ukrainian.Append(text[i] switch { 'г' => "h", 'и' => "y", 'є' => "ye", _ => way });
        }
        var (one, other) = (plain.ToString(), ukrainian.ToString());
        return one == other ? [one] : [one, other];
    }

    private static string[] Ways(string text, int start, int length)
    {
        var lookup = _ways.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(text.AsSpan(start, length), out var ways))
        {
            return length == 1 && IsHardE(text, start) ? _hardE : ways;
        }
        if (length > 1 || char.IsSurrogate(text[start]))
        {
            return [];
        }
        return [new string(
            [.. Transliteration.Transliterate(new Rune(text[start])).ToArray().Select(b => (char)(b | 0x20))
                .Where(char.IsAsciiLetterLower)])];
    }

    /// <summary>
    /// Is it an е that may be ё and sound as o (Горбачев, Gorbachov)? Not in дж, which foreign names are written with: Джен is not Jon.
    /// </summary>
    private static bool IsHardE(string text, int at) =>
        text[at] == 'е' && at > 0 && "жчшщц".Contains(text[at - 1], StringComparison.Ordinal)
            && !(text[at - 1] == 'ж' && at > 1 && text[at - 2] == 'д');

    private static FrozenDictionary<string, string[]> Parse(string table) => table
        .Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries)
        .Select(entry => entry.Split(':'))
        .ToFrozenDictionary(parts => parts[0], parts =>
            (string[])[.. parts[1].Split(',').Select(way => way == "-" ? "" : way).Distinct(StringComparer.Ordinal)],
            StringComparer.Ordinal);
}
