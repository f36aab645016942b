using Countersign.Core.Names;

namespace Countersign.Core.Tests.Names;

/// <summary>One table for the rules: given names, then family names.</summary>
public sealed class RuleTests
{
    public static TheoryData<string, string, string, int> GivenNames => new()
    {
        { "Anna", "Anna", "exact", 100 },
        { "Dr. Anna", "Anna", "exact", 100 },
        { "ANNA", "anna", "folded", 100 },
        { "José", "Jose", "folded", 100 },
        { "Jürgen", "Juergen", "folded", 100 },
        { "Ju\u0308rgen", "Jürgen", "folded", 100 },
        { "Андреи\u0306", "Андрей", "folded", 100 },
        { "Jean-Paul", "Jeanpaul", "joined", 98 },
        { "Xiao Ming", "Xiaoming", "joined", 98 },
        { "Сергей", "Sergey", "transliterated", 95 },
        { "Щукин", "Schtschukin", "transliterated", 95 },
        { "Γεώργιος", "Georgios", "transliterated", 95 },
        { "Արմեն", "Armen", "transliterated", 95 },
        { "Mohammed", "Muhammad", "variant", 94 },
        { "Aleksandr", "Alexander", "variant", 94 },
        { "محمد", "Mohammed", "variant", 94 },
        { "민준", "Min-jun", "variant", 94 },
        { "Anna Maria", "Anna", "extra-name", 94 },
        { "Anna Maria", "Maria", "extra-name", 90 },
        { "John F.", "John Fitzgerald", "middle-initial", 93 },
        { "Robert", "Bob", "nickname", 92 },
        { "Francisco", "Paco", "nickname", 92 },
        { "Александра", "Sasha", "nickname", 92 },
        { "José María", "Chema", "nickname", 92 },
        { "J.", "John", "initial", 82 },
        { "Я.", "Yakov", "initial", 82 },
        { "Y.", "Яков", "initial", 82 },
        { "Ö.", "Oezgur", "initial", 82 },
        { "Micheal", "Michelangelo", "differs", 0 },
        { "Maria", "Mario", "other-name", 0 },
        { "Kathrine", "Katherine", "typo", 75 },
        { "José María", "María José", "differs", 0 },
        { "John F.", "John Robert", "differs", 0 },
        { "Alan", "Albert", "differs", 0 },
        { "山田", "Yamada", "script-not-comparable", 0 },
        { "राजेश", "Rajesh", "script-not-comparable", 0 },
        { "山田", "やまだ", "script-not-comparable", 0 },
        { "Аnna", "Anna", "unreadable", 0 },
        { "An\u200Bna", "Anna", "unreadable", 0 },
        { "A*", "Anna", "unreadable", 0 },
        { "", "Anna", "no-name", 0 },
        { "FNU", "FNU", "no-name", 0 },
        { "N/A", "Nancy", "no-name", 0 },
        { " n.a. ", "Nancy", "no-name", 0 },
        { "n/k", "Nikolas", "no-name", 0 },
        { "None", "None", "no-name", 0 },
        { "NULL", "Null", "no-name", 0 },
        { "TBD", "TBD", "no-name", 0 },
        { "Unknown Unknown", "Unknown Unknown", "no-name", 0 },
        { "No Name", "No Name", "no-name", 0 },
        { "Paul A.", "Paula", "differs", 0 },
        { "Robert A.", "Roberta", "differs", 0 },
        { "Eric A.", "Erica", "differs", 0 },
        { "Горбачев", "Gorbachov", "transliterated", 95 },
        { "Татьяна", "Tatyana", "transliterated", 95 },
        { "Джен", "Jon", "differs", 0 },
        { "Тед", "Tod", "differs", 0 },
        { "Яна", "Ana", "differs", 0 },
        { "Kai", "Kay", "differs", 0 },
        { "Jonathan", "Nathan", "differs", 0 },
        { "Bogusław", "Bogdan", "differs", 0 },
        { "\u1112\u1161\u11AB", "\uD55C", "folded", 100 },
        { "\u09B0\u09DF", "\u09B0\u09AF\u09BC", "folded", 100 },
        { "\u095B\u0930", "\u091C\u093C\u0930", "folded", 100 },
        { "\u0A36\u0A30", "\u0A38\u0A3C\u0A30", "folded", 100 },
    };

    public static TheoryData<string, string, string, int> FamilyNames => new()
    {
        { "O'Brien", "OBrien", "folded", 100 },
        { "Le Roux", "Leroux", "joined", 98 },
        { "van den Berg", "Vandenberg", "joined", 98 },
        { "van Beethoven", "Beethoven", "particle", 96 },
        { "v. Bismarck", "von Bismarck", "particle", 96 },
        { "Al-Sayed", "El Sayed", "particle", 96 },
        { "García López", "López García", "reordered", 96 },
        { "陈", "Chan", "variant", 94 },
        { "張", "张", "folded", 100 },
        { "García López", "García", "double-barrel-part", 88 },
        { "Smith-Jones", "Jones", "double-barrel-part", 88 },
        { "Gonzlaez", "Gonzalez", "typo", 75 },
        { "Fernandez", "Hernandez", "other-name", 0 },
        { "Kowalski", "Kowalska", "other-name", 0 },
        { "van den Berg", "van der Berg", "differs", 0 },
        { "St John", "John", "differs", 0 },
        { "O Brien", "OBrien", "joined", 98 },
        { "Robert S.", "Roberts", "differs", 0 },
        { "Керн", "Korn", "differs", 0 },
        { "Белл", "Boll", "differs", 0 },
        { "Le Roux", "Roux", "differs", 0 },
        { "García López", "García Pérez", "differs", 0 },
        { "S.", "Smith", "too-short", 0 },
        { "S", "S", "too-short", 0 },
        { "de la", "de la Cruz", "no-name", 0 },
    };

    [Theory]
    [MemberData(nameof(GivenNames))]
    public void Given_names_are_compared_by_the_rule(string one, string other, string rule, int score)
    {
        var comparison = NameMatcher.Compare(new PersonName(one, "Rossi"), new PersonName(other, "Rossi"), MatchPolicy.Standard);

        Assert.Equal((rule, score, "exact"), (comparison.Given.Rule.Name, comparison.Given.Score, comparison.Family.Rule.Name));
    }

    [Theory]
    [MemberData(nameof(FamilyNames))]
    public void Family_names_are_compared_by_the_rule(string one, string other, string rule, int score)
    {
        var comparison = NameMatcher.Compare(new PersonName("Anna", one), new PersonName("Anna", other), MatchPolicy.Standard);

        Assert.Equal((rule, score, "exact"), (comparison.Family.Rule.Name, comparison.Family.Score, comparison.Given.Rule.Name));
    }

    [Theory]
    [InlineData("Smith", "Anna", 98)]
    [InlineData("SMITH", "ANNA", 98)]
    [InlineData("Smith", "Dr. Anna", 98)]
    public void Exchanged_fields_are_one_name(string given, string family, int score)
    {
        var comparison = NameMatcher.Compare(new PersonName("Anna", "Smith"), new PersonName(given, family), MatchPolicy.Standard);

        Assert.Equal((IdentityMatch.Matched, MatchRule.Swapped, score), (comparison.Match, comparison.Given.Rule, comparison.Score));
    }

    [Theory]
    [InlineData("Smith", "A.")]
    [InlineData("Smiht", "Anna")]
    public void Exchanged_fields_with_an_initial_or_a_typo_are_not(string given, string family)
    {
        var comparison = NameMatcher.Compare(new PersonName("Anna", "Smith"), new PersonName(given, family), MatchPolicy.Lenient);

        Assert.NotEqual(IdentityMatch.Matched, comparison.Match);
    }

    [Theory]
    [InlineData("Anna", "Rossi", true, true, true)]
    [InlineData("Anny", "ROSSI", true, true, true)]
    [InlineData("A.", "Rossi", false, false, true)]
    [InlineData("Anna", "Rosssi", false, false, true)]
    [InlineData("A.", "Rosssi", false, false, false)]
    [InlineData("Maria", "Rossi", false, false, false)]
    public void A_policy_says_what_counts(string given, string family, bool isStrict, bool isStandard, bool isLenient)
    {
        var record = new PersonName(given == "Anny" ? "Annie" : "Anna", "Rossi");

        var matches = MatchPolicy.All.Select(policy =>
            NameMatcher.Compare(record, new PersonName(given, family), policy).Match == IdentityMatch.Matched);

        Assert.Equal([isStrict, isStandard, isLenient], matches);
    }

    // Record, asked for, and what the three policies say.
    [Theory]
    [InlineData("L.", "Lori", false, true, true)]
    [InlineData("L", "lori", false, true, true)]
    [InlineData("Lori", "L", false, false, true)]
    [InlineData("Lori", "L.", false, false, true)]
    [InlineData("Lori", "L .", false, false, true)]
    [InlineData("Lori", " l ", false, false, true)]
    [InlineData("Lori", "Ｌ", false, false, true)]
    [InlineData("Lori", "Ｌ．", false, false, true)]
    [InlineData("Lori", "Л", false, false, true)]
    [InlineData("Lori", "Λ", false, false, true)]
    [InlineData("Лори", "L", false, false, true)]
    [InlineData("Lori Anne", "L", false, false, true)]
    [InlineData("Lori Anne", "L A", false, false, true)]
    [InlineData("Lori-Anne", "L.-A.", false, false, true)]
    [InlineData("Lori Anne", "L. Anne", false, false, true)]
    [InlineData("John Ronald", "J.R.", false, false, true)]
    [InlineData("John Ronald", "JR", false, false, false)]
    [InlineData("J. R.", "J.R.", false, true, true)]
    [InlineData("J. R.", "John Ronald", false, true, true)]
    [InlineData("J. R.", "J", false, true, true)]
    [InlineData("L", "L.", false, true, true)]
    [InlineData("L", "M", false, false, false)]
    [InlineData("Lori", "M", false, false, false)]
    [InlineData("Anne Lori", "L", false, false, false)]
    [InlineData("Lori", "Lori A.", true, true, true)]
    [InlineData("Lori Anne", "Lori A.", true, true, true)]
    public void An_initial_counts_where_the_record_has_it_and_hardly_where_it_is_asked_for(
        string recorded, string asked, bool isStrict, bool isStandard, bool isLenient)
    {
        var matches = MatchPolicy.All.Select(policy =>
            NameMatcher.Compare(new PersonName(recorded, "Montgomery"), new PersonName(asked, "Montgomery"), policy).Match
                == IdentityMatch.Matched);

        Assert.Equal([isStrict, isStandard, isLenient], matches);
    }

    [Theory]
    [Trait("attack", "I02")]
    [InlineData("Montgomery", "L")]
    [InlineData("L", "M")]
    [InlineData("Lori", "M")]
    [InlineData("Lori", "M.")]
    public void One_letter_is_no_family_name(string given, string family) => Assert.All(MatchPolicy.All, policy => Assert.NotEqual(
        IdentityMatch.Matched, NameMatcher.Compare(new PersonName("Lori", "Montgomery"), new PersonName(given, family), policy).Match));

    [Theory]
    [InlineData("Lori", true)]
    [InlineData("Jo", true)]
    [InlineData("Lori A.", true)]
    [InlineData("Dr. Lori", true)]
    [InlineData("O'Brien", true)]
    [InlineData("D’Souza", true)]
    [InlineData("Þóra", true)]
    [InlineData("王", true)]
    [InlineData("김", true)]
    [InlineData("\u1100\u1161", true)]
    [InlineData("श्री", true)]
    [InlineData("ดี", true)]
    [InlineData("စု", true)]
    [InlineData("アイ", true)]
    [InlineData("L", false)]
    [InlineData("L.", false)]
    [InlineData("L .", false)]
    [InlineData("Ｌ", false)]
    [InlineData("Л", false)]
    [InlineData("م", false)]
    [InlineData("Ł", false)]
    [InlineData("L\u0301", false)]
    [InlineData("Þ", false)]
    [InlineData("Æ.", false)]
    [InlineData("Ǆ", false)]
    [InlineData("म", false)]
    [InlineData("मी.", false)]
    [InlineData("மு", false)]
    [InlineData("ด", false)]
    [InlineData("ሊ", false)]
    [InlineData("ア", false)]
    [InlineData("ｶﾞ", false)]
    [InlineData("\u1100", false)]
    [InlineData("O'B", false)]
    [InlineData("L’", false)]
    [InlineData("J.R.", false)]
    [InlineData("J. Edgar", false)]
    [InlineData("Dr. L", false)]
    [InlineData("L*", false)]
    [InlineData("L​", false)]
    [InlineData("FNU", false)]
    [InlineData("", false)]
    public void A_full_name_is_more_than_a_letter_on_either_side(string name, bool isFull) => Assert.Equal(
        (isFull, isFull),
        (NameMatcher.HasFullNames(new PersonName(name, "Montgomery")), NameMatcher.HasFullNames(new PersonName("Lori", name))));

    [Theory]
    [InlineData("Abdul R", "Karim", false)]
    [InlineData("Abd al R.", "Karim", false)]
    [InlineData("Abd al Rahman", "Karim", true)]
    [InlineData("Lori", "Mc D", false)]
    [InlineData("Lori", "O B", false)]
    [InlineData("Lori", "O Brien", true)]
    [InlineData("Lori", "Mc Donald", true)]
    [InlineData("Lori", "van M", false)]
    [InlineData("Lori", "de la M.", false)]
    [InlineData("Lori", "de la Cruz", true)]
    [InlineData("Lori", "García L.", true)]
    [InlineData("Lori", "Do", true)]
    [InlineData("Hoover", "J. Edgar", false)]
    [InlineData("L", "M", false)]
    public void What_a_small_word_clings_to_is_the_name(string given, string family, bool isFull) =>
        Assert.Equal(isFull, NameMatcher.HasFullNames(new PersonName(given, family)));

    [Fact]
    public void A_typo_in_each_name_is_too_much()
    {
        var comparison = NameMatcher.Compare(
            new PersonName("Katherine", "Gonzalez"), new PersonName("Kathrine", "Gonzlaez"), MatchPolicy.Lenient);

        Assert.Equal(IdentityMatch.Differs, comparison.Match);
    }

    [Theory]
    [InlineData("山田", "Smith", "Yamada", "Jones", IdentityMatch.Differs)]
    [InlineData("山田", "Smith", "Yamada", "Smith", IdentityMatch.NotAvailable)]
    [InlineData("Anna", "", "Anna", "Smith", IdentityMatch.NotAvailable)]
    [InlineData("Anna", "Smith", "Anna", "Smith", IdentityMatch.Matched)]
    public void One_field_that_differs_decides_and_one_without_answer_never_matches(
        string given, string family, string otherGiven, string otherFamily, IdentityMatch expected)
    {
        var comparison = NameMatcher.Compare(new PersonName(given, family), new PersonName(otherGiven, otherFamily), MatchPolicy.Standard);

        Assert.Equal(expected, comparison.Match);
    }

    [Fact]
    public void Policies_are_read_by_name()
    {
        Assert.All(MatchPolicy.All, policy => Assert.True(MatchPolicy.TryParse(policy.Name, out var read) && read == policy));
        Assert.False(MatchPolicy.TryParse("Strict", out _));
        Assert.False(MatchPolicy.TryParse(null, out _));
    }

    [Fact]
    public void Rules_have_names_of_their_own_and_explain_themselves()
    {
        Assert.Distinct(MatchRule.All.Select(rule => rule.Name));
        Assert.All(MatchRule.All, rule => Assert.EndsWith(".", rule.Explanation, StringComparison.Ordinal));
    }
}
