using System.Security.Cryptography;
using System.Text;
using Countersign.Core;

namespace Countersign.NameMatching.Corpus;

/// <summary>Pairs of names made from the lists by a fixed seed: the same on every machine.</summary>
internal sealed class GeneratedCorpus
{
    private const int PairsInCategory = 1_200;
    private const int Unrelated = 25_000;
    private const int Neighbours = 2_400;

    // Not a word of the lists or of the matcher may be here: they are the generator's own.
    private static readonly Dictionary<string, string[]> _particles = new(StringComparer.Ordinal)
    {
        ["es"] = ["de", "del", "de la", "de los"], ["pt"] = ["da", "dos", "de", "do", "das"], ["it"] = ["di", "de", "della"],
        ["fr"] = ["de", "du", "de la"],
        ["nl"] = ["van", "van der", "van den", "van de", "de"], ["de"] = ["von", "zu", "von der"], ["ar"] = ["al", "el", "bin"],
        ["sv"] = ["af", "von"],
    };

    private static readonly string[] _titles = ["Dr.", "Mr.", "Mrs", "Ms.", "Prof.", "Miss", "Herr", "Frau", "Prof. Dr."];
    private static readonly string[] _suffixes = ["Jr.", "Sr.", "II", "III", "PhD", "Jr", ", M.D."];
    private static readonly string[] _middles = ["Jean", "Marie", "Ann", "Lee", "Maria", "Rose", "Paul", "John", "José", "Anna"];
    private static readonly Dictionary<char, string> _keys = new()
    {
        ['a'] = "qsz", ['b'] = "vgn", ['c'] = "xdv", ['d'] = "sfe", ['e'] = "wrd", ['f'] = "dgr", ['g'] = "fht", ['h'] = "gjn",
        ['i'] = "uok", ['j'] = "hkm", ['k'] = "jli", ['l'] = "kop",
        ['m'] = "nj", ['n'] = "bmh", ['o'] = "ipl", ['p'] = "ol", ['q'] = "wa", ['r'] = "etf", ['s'] = "adw", ['t'] = "ryg", ['u'] = "yij",
        ['v'] = "cbf", ['w'] = "qes", ['x'] = "zcs", ['y'] = "tuh", ['z'] = "xa",
    };

    private readonly NameLists _lists;
    private readonly Chance _chance;
    private readonly List<NamePair> _pairs = [];
    private readonly ILookup<string, NameEntry> _family;
    private readonly ILookup<string, NameEntry> _given;
    private readonly Dictionary<NameEntry, HashSet<string>> _kin = [];

    private GeneratedCorpus(CorpusPart part)
    {
        _lists = NameLists.Of(part);
        _chance = new Chance(part == CorpusPart.Tuning ? 20_261_123UL : 20_261_124UL);
        _given = _lists.Given.ToLookup(entry => entry.Locale, StringComparer.Ordinal);
        _family = _lists.Family.ToLookup(entry => entry.Locale, StringComparer.Ordinal);
    }

    public static IReadOnlyList<NamePair> Of(CorpusPart part)
    {
        var corpus = new GeneratedCorpus(part);
        corpus.Make();
        return corpus._pairs;
    }

    /// <summary>Changes when any pair does.</summary>
    public static string Checksum(IEnumerable<NamePair> pairs) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', pairs.Select(pair => pair.ToLine())))));

    private void Make()
    {
        Same("exact", () => Pair(Anyone(), person => (person.Own, person.Own)));
        Same("case-space", () => Pair(Anyone(), person => (person.Own, Shape(person.Own))));
        Same("diacritics", Accents);
        Same("transliteration", Transliteration);
        Same("nickname", Nickname);
        Same("initial", () =>
            Pair(Anyone(), person =>
                ScriptIsAlphabet(person.Own.Given)
                    ? (person.Own, person.Own with { Given = $"{person.Own.Given[0]}{(_chance.OnceIn(2) ? "." : "")}" }) : null));
        Same("extra-name", () =>
            Pair(LatinPerson(), person => (person.Latin with { Given = $"{person.Latin.Given} {Middle(person)}" }, person.Latin)));
        Same("middle-initial", () =>
        {
            var person = LatinPerson();
            var middle = Middle(person);
            return Pair(person, _ =>
                (person.Latin with { Given = $"{person.Latin.Given} {middle}" },
                    person.Latin with { Given = $"{person.Latin.Given} {middle[0]}." }));
        });
        Same("particle", Particle);
        Same("double-barrel", () =>
            TwoFamilies((one, two, person) =>
                (person.Latin with { Family = $"{one}{(_chance.OnceIn(2) ? "-" : " ")}{two}" },
                    person.Latin with { Family = _chance.OnceIn(3) ? two : one })));
        Same("joined", Joined);
        Same("reordered", () =>
            TwoFamilies((one, two, person) =>
                (person.Latin with { Family = $"{one} {two}" },
                    person.Latin with { Family = $"{two}{(_chance.OnceIn(3) ? "-" : " ")}{one}" })));
        Same("swapped", () => Pair(Anyone(), person => (person.Own, new PersonName(person.Own.Family, person.Own.Given))));
        Same("title", () => Pair(LatinPerson(), person => (person.Latin, _chance.OnceIn(2)
            ? person.Latin with { Given = $"{_chance.Of(_titles)} {person.Latin.Given}" }
            : person.Latin with { Family = $"{person.Latin.Family} {_chance.Of(_suffixes)}" })));
        Same("typo", Typo);
        Different("unrelated", Unrelated, () =>
        {
            var (one, other) = (Anyone(), Anyone());
            return AreKin(one.GivenName, other.GivenName) || AreKin(one.FamilyName, other.FamilyName) ? null : (one, one.Own, other.Own);
        });
        Different("same-family", PairsInCategory, () =>
        {
            var (one, other) = (LatinPerson(), LatinPerson());
            return AreKin(one.GivenName, other.GivenName) ? null : (one, one.Latin, other.Latin with { Family = one.Latin.Family });
        });
        Different("same-given", PairsInCategory, () =>
        {
            var (one, other) = (LatinPerson(), LatinPerson());
            return AreKin(one.FamilyName, other.FamilyName) ? null : (one, one.Latin, other.Latin with { Given = one.Latin.Given });
        });
        OneLetterApart();
    }

    private void Same(string category, Func<NamePair?> make)
    {
        for (var made = 0; made < PairsInCategory;)
        {
            if (make() is { } pair)
            {
                // Records and people are wrong in both directions.
                _pairs.Add(_chance.OnceIn(2) ? pair with { Category = category }
                    : pair with { Category = category, Recorded = pair.Given, Given = pair.Recorded });
                made++;
            }
        }
    }

    private void Different(string category, int count, Func<(Person, PersonName, PersonName)?> make)
    {
        for (var made = 0; made < count;)
        {
            if (make() is var (person, one, other))
            {
                _pairs.Add(new NamePair(category, false, one, other, person.Locale));
                made++;
            }
        }
    }

    private static NamePair? Pair(Person person, Func<Person, (PersonName, PersonName)?> names) =>
        names(person) is var (one, other) ? new NamePair("", true, one, other, person.Locale) : null;

    private Person Anyone()
    {
        var given = _chance.Of(_lists.Given);
        List<NameEntry> families = [.. _family[given.Locale]];
        return new Person(given, _chance.Of(families));
    }

    private Person LatinPerson()
    {
        while (true)
        {
            var person = Anyone();
            if (person.GivenName.IsLatin && person.FamilyName.IsLatin)
            {
                return person;
            }
        }
    }

    private string Middle(Person person)
    {
        while (true)
        {
            var entry = _chance.OnceIn(3) ? null : _chance.Of([.. _given[person.Locale]]);
            var middle = entry is { IsLatin: true } ? entry.Latin : _chance.Of(_middles);
            if (Spelling.Key(middle) != Spelling.Key(person.Latin.Given))
            {
                return middle;
            }
        }
    }

    private static bool ScriptIsAlphabet(string name) => name[0] < 0x530;

    private PersonName Shape(PersonName name) => _chance.Next(4) switch
    {
        0 => new PersonName(name.Given.ToUpperInvariant(), name.Family.ToUpperInvariant()),
        1 => new PersonName(name.Given.ToLowerInvariant(), name.Family.ToLowerInvariant()),
        2 => new PersonName($" {name.Given}  ", $"{name.Family.ToUpperInvariant()} "),
        _ => new PersonName(name.Given.ToLowerInvariant(), $"  {name.Family}"),
    };

    private NamePair? Accents()
    {
        var person = LatinPerson();
        var own = person.Latin;
        var other = person.Locale is "de" or "sv" && _chance.OnceIn(2)
            ? new PersonName(Spelling.Long(own.Given), Spelling.Long(own.Family))
            : new PersonName(Spelling.Plain(own.Given), Spelling.Plain(own.Family));
        return other == own ? null : new NamePair("", true, own, other, person.Locale);
    }

    private NamePair? Transliteration()
    {
        var person = Anyone();
        if (person.GivenName.Ways.Length + person.FamilyName.Ways.Length < 3
            || (person.GivenName.Own[0] > 0x24F) != (person.FamilyName.Own[0] > 0x24F))
        {
            return null;
        }
        if (person.GivenName.Own[0] > 0x24F && (person.GivenName.Ways.Length < 2 || person.FamilyName.Ways.Length < 2))
        {
            return null;
        }
        var other = new PersonName(Way(person.GivenName), Way(person.FamilyName));
        return other == person.Own ? null : new NamePair("", true, person.Own, other, person.Locale);

        string Way(NameEntry entry) => entry.Ways.Length > 1 ? entry.Ways[1 + _chance.Next(entry.Ways.Length - 1)] : entry.Own;
    }

    private NamePair Nickname()
    {
        var entry = _chance.Of(_lists.Nicknames);
        List<NameEntry> families = [.. _family[_family.Contains(entry.Locale) ? entry.Locale : "en"]];
        var family = _chance.Of(families);
        var written = entry.Locale == "el" ? family.Latin : family.Own;
        return new NamePair(
            "", true, new PersonName(entry.Name, written), new PersonName(_chance.Of(entry.Nicknames), written), entry.Locale);
    }

    private NamePair? Particle()
    {
        var person = LatinPerson();
        if (!_particles.TryGetValue(person.Locale, out var particles))
        {
            return null;
        }
        var particle = _chance.Of(particles);
        var shown = _chance.OnceIn(4) ? particle.ToUpperInvariant() : particle;
        return new NamePair(
            "", true, person.Latin with { Family =
                $"{shown}{(person.Locale == "ar" && _chance.OnceIn(2) ? "-" : " ")}{person.Latin.Family}" }, person.Latin, person.Locale);
    }

    private NamePair? TwoFamilies(Func<string, string, Person, (PersonName, PersonName)> names)
    {
        var (person, second) = (LatinPerson(), LatinPerson());
        var (one, two) = (person.Latin.Family, second.Latin.Family);
        return Spelling.Key(one) == Spelling.Key(two) ? null : Pair(person, _ => names(one, two, person));
    }

    private NamePair? Joined()
    {
        var person = LatinPerson();
        var second = _chance.Of(_given[person.Locale].Where(entry => entry.IsLatin).ToList()).Latin;
        if (Spelling.Key(second) == Spelling.Key(person.Latin.Given))
        {
            return null;
        }
        var (hyphen, space, one) = ($"{person.Latin.Given}-{second}", $"{person.Latin.Given} {second}",
            person.Latin.Given + second.ToLowerInvariant());
        var (a, b) = _chance.Next(3) switch { 0 => (hyphen, one), 1 => (space, one), _ => (hyphen, space) };
        return new NamePair("", true, person.Latin with { Given = a }, person.Latin with { Given = b }, person.Locale);
    }

    private NamePair? Typo()
    {
        var person = LatinPerson();
        var isInGiven = _chance.OnceIn(2);
        var name = isInGiven ? person.Latin.Given : person.Latin.Family;
        if (name.Length < 4)
        {
            return null;
        }
        var at = _chance.OnceIn(10) ? 0 : 1 + _chance.Next(name.Length - 1);
        var letters = name.ToCharArray();
        var wrong = _chance.Next(4) switch
        {
            0 when at > 0 => new string([.. letters[..(at - 1)], letters[at], letters[at - 1], .. letters[(at + 1)..]]),
            1 => name.Remove(at, 1),
            2 => name.Insert(at, letters[at].ToString()),
            _ when _keys.TryGetValue(char.ToLowerInvariant(letters[at]), out var near) =>
                new string([.. letters[..at], _chance.Of(near.ToCharArray()), .. letters[(at + 1)..]]),
            _ => name,
        };
        return Spelling.Key(wrong) == Spelling.Key(name) ? null
            : new NamePair("", true, person.Latin, isInGiven ? person.Latin with { Given = wrong } : person.Latin with { Family = wrong },
                person.Locale);
    }

    /// <summary>All names of the part that are one letter apart, one after the other, with chance for the rest of the name.</summary>
    private void OneLetterApart()
    {
        var given = NeighboursIn("given", _given);
        var family = NeighboursIn("family", _family);
        for (var i = 0; i < Neighbours / 2; i++)
        {
            var person = LatinPerson();
            var (one, other) = given[i % given.Count];
            _pairs.Add(new NamePair(
                "one-letter", false, person.Latin with { Given = one }, person.Latin with { Given = other }, person.Locale));
            (one, other) = family[i % family.Count];
            _pairs.Add(new NamePair(
                "one-letter", false, person.Latin with { Family = one }, person.Latin with { Family = other }, person.Locale));
        }
    }

    /// <summary>Those of the list, and those of one locale: across locales it is often one name in two languages (Thomas, Tomás).</summary>
    private List<(string, string)> NeighboursIn(string kind, ILookup<string, NameEntry> locales)
    {
        List<(string One, string Other)> found = [.. _lists.Neighbours.Where(pair => pair.Kind == kind)
            .Select(pair => (pair.One, pair.Other))];
        foreach (var locale in locales)
        {
            var latin = locale.Where(entry => entry.IsLatin && entry.Latin.Length >= 3).ToList();
            for (var i = 0; i < latin.Count; i++)
            {
                for (var j = i + 1; j < latin.Count; j++)
                {
                    if (Spelling.AreNeighbours(Spelling.Key(latin[i].Latin), Spelling.Key(latin[j].Latin)) && !AreKin(latin[i], latin[j]))
                    {
                        found.Add((latin[i].Latin, latin[j].Latin));
                    }
                }
            }
        }
        return [.. found.DistinctBy(pair => (Spelling.Key(pair.One), Spelling.Key(pair.Other)))];
    }

    /// <summary>One name, by the corpus's own lists: equal spellings, or a name and its nickname.</summary>
    private bool AreKin(NameEntry one, NameEntry other) => Kin(one).Overlaps(Kin(other));

    private HashSet<string> Kin(NameEntry entry)
    {
        if (!_kin.TryGetValue(entry, out var kin))
        {
            var keys = entry.Ways.Select(Spelling.Key).ToHashSet(StringComparer.Ordinal);
            var groups = _lists.Nicknames.Where(nickname =>
                keys.Overlaps(((string[])[nickname.Name, .. nickname.Nicknames]).Select(Spelling.Key)));
            kin = _kin[entry] = [.. keys, .. groups.Select(group => $"as {group.Locale} {group.Name}")];
        }
        return kin;
    }

    private sealed record Person(NameEntry GivenName, NameEntry FamilyName)
    {
        public string Locale => GivenName.Locale;

        public PersonName Own => new(GivenName.Own, FamilyName.Own);

        public PersonName Latin => new(GivenName.Latin, FamilyName.Latin);
    }
}
