using Countersign.Core.Names;
using CsCheck;

namespace Countersign.Core.Tests.Names;

/// <summary>What holds for every name, and for every text that is none.</summary>
public sealed class PropertyTests
{
    private static readonly string[] _words =
    [
        "Anna", "ANNA", "Ann", "Bob", "Robert", "José", "Jose", "María", "Maria", "Mario", "Jean-Paul", "Jeanpaul", "J.", "F", "de", "la",
        "van", "der", "Cruz", "Delacruz", "García", "López", "Müller", "Mueller", "Muller", "Сергей", "Sergei", "Сергеи\u0306", "Саша",
        "Aleksandr", "Γιώργος", "Giorgos", "王", "Wang", "Wong", "王小明", "やまだ", "김", "Kim", "محمد", "Mohamed", "Muhammad", "דוד", "David",
        "Dr.", "Jr", "Gonzalez", "Gonzlaez", "Fernandez", "Hernandez", "O'Brien", "St", "John", "Le", "Roux", "\u200B", "\uD800", "A*",
        "\u0301", "राजेश", "al", "Sayed",
    ];

    // Sentences of names first of all: texts of pure chance hardly ever reach a rule.
    private static readonly Gen<string> _text = Gen.Frequency(
        (5, OneOf(_words).Array[0, 4].Select(words => string.Join(' ', words))),
        (2, Gen.Char.Array[0, 30].Select(chars => new string(chars))),
        (1, Gen.Char["aAéß\u0301\u0308 -.'дЯωק山ア각\u200D"].Array[0, 160].Select(chars => new string(chars))));

    private static readonly Gen<PersonName> _name = Gen.Select(_text, _text, (given, family) => new PersonName(given, family));

    private static readonly Gen<MatchPolicy> _policy = OneOf([.. MatchPolicy.All]);

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    [Fact]
    public void The_order_of_the_names_does_not_count_but_for_initials() =>
        Gen.Select(_name, _name, _policy).Sample((one, other, policy) =>
        {
            var (there, back) = (NameMatcher.Compare(one, other, policy), NameMatcher.Compare(other, one, policy));

            Assert.True(
                there == back
                    || (policy == MatchPolicy.Standard && (there.Given.Rule == MatchRule.Initial || back.Given.Rule == MatchRule.Initial)));
        }, iter: 20_000);

    [Fact]
    public void A_policy_that_takes_more_matches_whatever_a_stricter_one_does() =>
        Gen.Select(_name, _name).Sample((one, other) =>
        {
            var matches = MatchPolicy.All.Select(policy => NameMatcher.Compare(one, other, policy).Match == IdentityMatch.Matched)
                .ToArray();

            Assert.True((!matches[0] || matches[1]) && (!matches[1] || matches[2]));
        }, iter: 10_000);

    [Fact]
    [Trait("attack", "I01")]
    public void No_text_makes_it_throw_and_scores_stay_in_their_bounds() =>
        Gen.Select(_name, _name, _policy).Sample((one, other, policy) =>
        {
            var comparison = NameMatcher.Compare(one, other, policy);

            Assert.All((FieldComparison[])[comparison.Given, comparison.Family], field =>
            {
                Assert.InRange(field.Score, 0, 100);
                Assert.Equal(field.Match == IdentityMatch.Matched, field.Score >= 80);
            });
            Assert.InRange(comparison.JaroWinkler, 0, 99);
        }, iter: 20_000);

    [Fact]
    public void What_is_readable_matches_itself_under_every_policy_that_allows_its_initials() =>
        Gen.Select(_name, _policy).Sample((name, policy) =>
        {
            var comparison = NameMatcher.Compare(name, name with { }, policy);

            Assert.True(comparison.Match != IdentityMatch.Differs || comparison.Given.Rule == MatchRule.Initial,
                comparison.Given.Rule + " " + comparison.Family.Rule);
        }, iter: 10_000);

    [Fact]
    public void Capitals_and_spaces_do_not_count() =>
        Gen.Select(_name, _name, _policy).Sample((one, other, policy) =>
        {
            var shaped = new PersonName(
                $"  {one.Given.ToUpperInvariant()} ", one.Family.ToUpperInvariant().Replace(" ", "   ", StringComparison.Ordinal));

            Assert.Equal(NameMatcher.Compare(one, other, policy).Match, NameMatcher.Compare(shaped, other, policy).Match);
        }, iter: 10_000);

    [Theory]
    [InlineData("José María", "García Núñez", "Jose Maria", "Garcia Nunez")]
    [InlineData("Łukasz", "Żółć", "Lukasz", "Zolc")]
    [InlineData("Zoë", "Brontë", "Zoe", "Bronte")]
    public void Accents_do_not_count(string given, string family, string plainGiven, string plainFamily)
    {
        (string Given, string Family)[] others = [("Jose", "Garcia"), ("Lukas", "Zolc"), ("Zoe", "Bronte"), ("J.", "García"),
            ("Anna", "Smith")];

        Assert.All(others, other => Assert.Equal(
            NameMatcher.Compare(new PersonName(given, family), new PersonName(other.Given, other.Family), MatchPolicy.Lenient).Match,
            NameMatcher.Compare(
                new PersonName(plainGiven, plainFamily), new PersonName(other.Given, other.Family), MatchPolicy.Lenient).Match));
    }

    [Fact]
    public void A_title_or_suffix_never_changes_the_answer()
    {
        var titles = OneOf("Dr.", "Mr", "Prof. Dr.", "Mrs.", "Herr", "Sra.");
        var suffixes = OneOf("Jr.", "III", ", PhD", "Sr", "2nd");
        var plain = OneOf("Anna", "Robert", "José María", "Сергей", "王", "J.", "Gonzalez", "van der Berg", "García López");

        Gen.Select(plain, plain, plain, plain, titles, suffixes, _policy)
            .Sample((given, family, otherGiven, otherFamily, title, suffix, policy) =>
        {
            var other = new PersonName(otherGiven, otherFamily);

            var without = NameMatcher.Compare(new PersonName(given, family), other, policy);
            var with = NameMatcher.Compare(new PersonName($"{title} {given}", $"{family} {suffix}"), other, policy);

            Assert.Equal(without with { JaroWinkler = 0 }, with with { JaroWinkler = 0 });
        }, iter: 5_000);
    }

    [Fact]
    [Trait("attack", "I01")]
    public void A_longer_text_than_any_name_is_not_read()
    {
        var longest = new PersonName(new string('a', 150), "Smith");
        var longer = new PersonName(new string('a', 151), "Smith");
        var endless = new PersonName("Anna", string.Concat(Enumerable.Repeat("a ", 1_000_000)));

        Assert.Equal(IdentityMatch.Matched, NameMatcher.Compare(longest, longest, MatchPolicy.Standard).Match);
        Assert.Equal(MatchRule.TooLong, NameMatcher.Compare(longer, longer, MatchPolicy.Standard).Given.Rule);
        Assert.Equal(MatchRule.TooLong, NameMatcher.Compare(endless, endless, MatchPolicy.Standard).Family.Rule);
    }

    public static TheoryData<string, string, string> Disguises => new()
    {
        { "Cyrillic А", "Аnna", "Smith" },
        { "Cyrillic Ѕ", "Anna", "Ѕmith" },
        { "Greek Β", "ΒΟΒ", "Smith" },
        { "mathematical letters", "𝐀𝐧𝐧𝐚", "Smith" },
        { "small capitals", "ᴀɴɴᴀ", "Smith" },
        { "zero width", "An\u200Dna", "Smith" },
        { "soft hyphen", "An\u00ADna", "Smith" },
        { "right to left override", "\u202EannA", "Smith" },
        { "flood of marks", "A\u0301\u0301\u0301\u0301\u0301\u0301nna", "Smith" },
        { "lone surrogate", "Anna\uD800", "Smith" },
        { "wildcard", "A*", "S%" },
        { "empty", "", "" },
        { "one letter each", "A", "S" },
        { "titles", "Dr", "Mr" },
        { "a list of names", "Anna Bob Carl Dora Emil Fritz", "Smith" },
        { "a list of family names", "Anna", "Smith Jones Brown Miller Clark" },
        { "small words", "de", "de la" },
    };

    [Theory]
    [Trait("attack", "I01")]
    [Trait("attack", "I02")]
    [MemberData(nameof(Disguises))]
    public void A_disguise_matches_nothing(string what, string given, string family)
    {
        (string, string)[] records = [("Anna", "Smith"), ("Bob", "Smith"), ("Annabel", "Smythe"), ("Anna", "de la Cruz")];

        Assert.All(records, record =>
            Assert.True(
                NameMatcher.Compare(new PersonName(record.Item1, record.Item2), new PersonName(given, family), MatchPolicy.Lenient).Match
                    != IdentityMatch.Matched, what));
    }
}
