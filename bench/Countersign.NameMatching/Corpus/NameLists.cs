namespace Countersign.NameMatching.Corpus;

/// <summary>Which names a corpus is made of. No name is in both parts.</summary>
internal enum CorpusPart
{
    /// <summary>For looking at while rules and table are worked on.</summary>
    Tuning,

    /// <summary>For measuring only.</summary>
    HeldOut,
}

/// <summary>A name and the ways it is written: the first as its owner does.</summary>
internal sealed record NameEntry(string Locale, string[] Ways)
{
    public string Own => Ways[0];

    /// <summary>In Latin letters; the name itself where it has no other way.</summary>
    public string Latin => Array.Find(Ways, way => way[0] < 0x250) ?? Own;

    public bool IsLatin => Latin[0] < 0x250;
}

/// <summary>A name and what its owner is called.</summary>
internal sealed record NicknameEntry(string Locale, string Name, string[] Nicknames);

/// <summary>The names of one part.</summary>
internal sealed class NameLists
{
    private NameLists(
        List<NameEntry> given, List<NameEntry> family, List<NicknameEntry> nicknames, List<(string, string, string)> neighbours) =>
        (Given, Family, Nicknames, Neighbours) = (given, family, nicknames, neighbours);

    public IReadOnlyList<NameEntry> Given { get; }

    public IReadOnlyList<NameEntry> Family { get; }

    public IReadOnlyList<NicknameEntry> Nicknames { get; }

    /// <summary>Names of two people that are one letter apart: given or family, one, other.</summary>
    public IReadOnlyList<(string Kind, string One, string Other)> Neighbours { get; }

    /// <summary>Every spelling, small and without accents.</summary>
    public IEnumerable<string> Keys =>
        Given.Concat(Family).SelectMany(entry => entry.Ways)
            .Concat(Nicknames.SelectMany(entry => (string[])[entry.Name, .. entry.Nicknames]))
            .Concat(Neighbours.SelectMany(pair => (string[])[pair.One, pair.Other])).Select(Spelling.Key);

    public static NameLists Of(CorpusPart part)
    {
        var parts = new Dictionary<string, CorpusPart>(StringComparer.Ordinal);
        List<NicknameEntry> nicknames = [];
        foreach (var line in CorpusText.Lines("nicknames.txt"))
        {
            var words = line.Split(' ');
            var own = Assign(words[1]);
            // A nickname of names in both parts (Al: Albert, Alan) goes where it was met first.
            var kept = words[2..].Where(nickname => AssignTo(nickname, own)).ToArray();
            if (own == part && kept.Length > 0)
            {
                nicknames.Add(new NicknameEntry(words[0], words[1], kept));
            }
        }
        List<NameEntry> given = [], family = [];
        var (locale, list) = ("", given);
        foreach (var line in CorpusText.Lines("names.txt"))
        {
            if (line[0] == '[')
            {
                var head = line.Trim('[', ']').Split(' ');
                (locale, list) = (head[0], head[1] == "given" ? given : family);
                continue;
            }
            foreach (var entry in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                var ways = entry.Split('|');
                var own = Assign(ways[0]);
                var kept = ways.Where(way => AssignTo(way, own)).ToArray();
                if (own == part && !list.Exists(known => known.Locale == locale && known.Own == kept[0]))
                {
                    list.Add(new NameEntry(locale, kept));
                }
            }
        }
        List<(string, string, string)> neighbours = [];
        foreach (var line in CorpusText.Lines("neighbours.txt"))
        {
            var words = line.Split(' ');
            var own = Assign(words[1]);
            if (AssignTo(words[2], own) && own == part)
            {
                neighbours.Add((words[0], words[1], words[2]));
            }
        }
        return new NameLists(given, family, nicknames, neighbours);

        CorpusPart Assign(string name)
        {
            var key = Spelling.Key(name);
            return parts.TryGetValue(key, out var known) ? known : parts[key] = Hash(key) % 2 == 0 ? CorpusPart.Tuning : CorpusPart.HeldOut;
        }

        bool AssignTo(string name, CorpusPart wanted)
        {
            var key = Spelling.Key(name);
            return parts.TryGetValue(key, out var known) ? known == wanted : parts.TryAdd(key, wanted);
        }
    }

    // FNV-1a, with a last stir: string.GetHashCode is another in every process.
    private static uint Hash(string text)
    {
        var hash = 2166136261;
        foreach (var letter in text)
        {
            hash = (hash ^ letter) * 16777619;
        }
        return hash ^ (hash >> 15);
    }
}
