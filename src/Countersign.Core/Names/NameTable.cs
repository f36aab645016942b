using System.Collections.Frozen;

namespace Countersign.Core.Names;

/// <summary>Spellings and short forms that belong together, read from the text files in Data, and the names that are known.</summary>
internal sealed class NameTable
{
    private static readonly Lazy<FrozenSet<string>> _known = new(ReadKnown);

    // A name stands in one group for each line with "=" it is in; a name that is in none is a group of its own.
    private readonly FrozenDictionary<string, int[]> _groups;
    private readonly FrozenSet<(int, int)> _shortForms;

    private NameTable(string resource)
    {
        var groups = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        var heads = new List<(string Head, string[] Forms)>();
        var next = 0;
        foreach (var line in DataLines.Of(resource))
        {
            if (line.Split('>') is [var head, var forms])
            {
                heads.Add((Key(head), Names(forms, ',')));
            }
            else if (line.Split('~') is [var one, var spellings])
            {
                foreach (var spelling in Names(spellings, ','))
                {
                    Group([Key(one), spelling]);
                }
            }
            else
            {
                Group(Names(line, '='));
            }
        }
        var shortForms = new HashSet<(int, int)>();
        foreach (var (head, forms) in heads)
        {
            foreach (var form in forms)
            {
                foreach (var one in OwnOrNew(head))
                {
                    foreach (var other in OwnOrNew(form))
                    {
                        shortForms.Add((Math.Min(one, other), Math.Max(one, other)));
                    }
                }
            }
        }
        _groups = groups.ToFrozenDictionary(pair => pair.Key, pair => (int[])[.. pair.Value], StringComparer.Ordinal);
        _shortForms = shortForms.ToFrozenSet();

        void Group(string[] names)
        {
            foreach (var name in names)
            {
                Groups(name).Add(next);
            }
            next++;
        }

        List<int> Groups(string name) => groups.TryGetValue(name, out var found) ? found : groups[name] = [];

        List<int> OwnOrNew(string name)
        {
            var own = Groups(name);
            if (own.Count == 0)
            {
                own.Add(next++);
            }
            return own;
        }
    }

    public static NameTable Given { get; } = new("given.txt");

    public static NameTable Family { get; } = new("family.txt");

    public static NameTable Of(NameKind kind) => kind == NameKind.Given ? Given : Family;

    /// <summary>Is this a name that people have? What is, is not taken for another name mistyped.</summary>
    public static bool IsKnown(string name) => _known.Value.Contains(name);

    /// <summary>Every name in the table.</summary>
    public IEnumerable<string> All => _groups.Keys;

    /// <returns><see cref="MatchRule.Variant"/>, <see cref="MatchRule.Nickname"/>, or null.</returns>
    public MatchRule? Relation(Word one, Word other)
    {
        MatchRule? best = null;
        foreach (var a in one.Spellings)
        {
            foreach (var b in other.Spellings)
            {
                best = Better(best, Relation(a, b));
            }
        }
        // Another script than the plain spellings are in: Александр, 王.
        if (one.Text != one.Spellings[0])
        {
            foreach (var b in other.Spellings)
            {
                best = Better(best, Relation(one.Text, b));
            }
        }
        if (other.Text != other.Spellings[0])
        {
            foreach (var a in one.Spellings)
            {
                best = Better(best, Relation(a, other.Text));
            }
        }
        return best is null && one.Text != one.Spellings[0] && other.Text != other.Spellings[0] ? Relation(one.Text, other.Text) : best;
    }

    private MatchRule? Relation(string one, string other)
    {
        if (!_groups.TryGetValue(one, out var ones) || !_groups.TryGetValue(other, out var others))
        {
            return null;
        }
        foreach (var a in ones)
        {
            if (Array.IndexOf(others, a) >= 0)
            {
                return MatchRule.Variant;
            }
        }
        foreach (var a in ones)
        {
            foreach (var b in others)
            {
                if (_shortForms.Contains((Math.Min(a, b), Math.Max(a, b))))
                {
                    return MatchRule.Nickname;
                }
            }
        }
        return null;
    }

    private static MatchRule? Better(MatchRule? one, MatchRule? other) =>
        one is null || (other is not null && other.Rank < one.Rank) ? other : one;

    private static string[] Names(string text, char separator) =>
        [.. text.Split(separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Key)];

    /// <summary>As the words of a name are folded, so that a line may be written as people write.</summary>
    private static string Key(string name) => NameReader.Read(name.Trim(), NameKind.Given).Words is [var word] ? word.Text
        : throw new InvalidOperationException($"The table has \"{name}\", which is not one word.");

    private static FrozenSet<string> ReadKnown() =>
        DataLines.Of("known.txt").SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Concat(Given.All).Concat(Family.All).ToFrozenSet(StringComparer.Ordinal);
}
