using System.Buffers.Binary;
using Countersign.Core.Keys;
using Countersign.Core.Limits;

namespace Countersign.Core.Tests.Limits;

/// <summary>Counters are found by hashes of these words: another word, and all that was counted is forgotten.</summary>
public sealed class CounterKeysTests
{
    private static readonly PhoneNumber _line = PhoneNumber.Parse("+12025550142");
    private static readonly SecretHasher _hasher = new(new byte[32]);
    private static readonly CounterKeys _keys = new(_hasher);

    [Fact]
    public void What_is_counted_is_found_by_its_words_for_ever() => Assert.Equal(
        [
            Of("counter.guesses", "+12025550142"), Of("counter.texts", "+12025550142"), Of("counter.names", "+12025550142"),
            Of("counter.entries-project", "shop"), Of("counter.texts-address", "203.0.113.7"), Of("counter.texts-client", "client"),
            Of("counter.texts-prefix", "+1202555"), Of("counter.texts-country", "US"),
        ],
        [
            _keys.OfGuesses(_line), _keys.OfTexts(_line), _keys.OfNames(_line), _keys.OfEntries(ProjectId.Parse("shop")),
            _keys.OfAddress("203.0.113.7"), _keys.OfClient(ClientId.Parse("client")), _keys.OfPrefix(_line), _keys.OfCountry("US"),
        ]);

    [Fact]
    public void Numbers_that_differ_in_their_last_four_digits_are_counted_together()
    {
        Assert.Equal(_keys.OfPrefix(_line), _keys.OfPrefix(PhoneNumber.Parse("+12025559999")));
        Assert.NotEqual(_keys.OfPrefix(_line), _keys.OfPrefix(PhoneNumber.Parse("+12025560142")));
    }

    [Fact]
    public void The_tag_of_a_project_is_made_of_its_name_and_never_nothing()
    {
        var first = BinaryPrimitives.ReadInt64BigEndian(_hasher.Hash("counter-project", new Secret("shop")).ToBytes());

        Assert.Equal(first | 1, _keys.TagOf(ProjectId.Parse("shop")));
        Assert.All(Enumerable.Range(0, 64), i => Assert.Equal(1, _keys.TagOf("name", $"{i}") & 1));
    }

    [Fact]
    public void In_Live_what_nobody_has_set_is_limited()
    {
        var (budget, texts) = (BudgetOptions.InLive, TextLimitOptions.InLive);

        Assert.Equal(
            (0.00001m, 500, LimitMode.Shadow, 5, 10),
            (budget.GuessProbability, budget.WrongCodesPerProject, budget.WrongCodes, budget.NamesPerProject, budget.NamesPerLine));
        Assert.Equal(
            (6, 12, 60, 100, 20, 1000),
            (texts.PerHour, texts.PerDay, texts.PerAddress, texts.PerClient, texts.PerPrefix, texts.PerCountry));
        Assert.Equal(
            (LimitMode.Shadow, LimitMode.Enforce, LimitMode.Shadow, LimitMode.Shadow),
            (texts.Address, texts.Client, texts.Prefix, texts.Country));
    }

    private static CounterKey Of(string what, string whose) => new(_hasher.Hash(what, new Secret(whose)));
}
