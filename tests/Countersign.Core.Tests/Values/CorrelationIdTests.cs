using CsCheck;

namespace Countersign.Core.Tests.Values;

public sealed class CorrelationIdTests
{
    private const string Good = "0199d5a4-1b2c-7d3e-8f40-5a6b7c8d9e0f";

    [Fact]
    public void An_id_reads_as_it_prints()
    {
        Assert.True(CorrelationId.TryParse(Good, out var id));
        Assert.Equal(Good, id.ToString());
        Assert.Equal(id, CorrelationId.FromBytes(id.ToBytes()));
    }

    [Theory]
    [Trait("attack", "T04")]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0199D5A4-1B2C-7D3E-8F40-5A6B7C8D9E0F")]
    [InlineData("0199d5a4-1b2c-7d3e-8f40-5a6b7c8d9e0F")]
    [InlineData("0199d5a41b2c7d3e8f405a6b7c8d9e0f")]
    [InlineData("{0199d5a4-1b2c-7d3e-8f40-5a6b7c8d9e0f}")]
    [InlineData("(0199d5a4-1b2c-7d3e-8f40-5a6b7c8d9e0f)")]
    [InlineData("0199d5a4-1b2c-7d3e-8f40-5a6b7c8d9e0")]
    [InlineData("0199d5a4-1b2c-7d3e-8f40-5a6b7c8d9e0f0")]
    [InlineData(" 0199d5a4-1b2c-7d3e-8f40-5a6b7c8d9e0f")]
    [InlineData("0199d5a4-1b2c-7d3e-8f40-5a6b7c8d9e0f ")]
    [InlineData("0199d5a4-1b2c-7d3e-8f40-5a6b7c8d9e0g")]
    [InlineData("0199d5a41-b2c-7d3e-8f40-5a6b7c8d9e0f")]
    [InlineData("0x99d5a4-1b2c-7d3e-8f40-5a6b7c8d9e0f")]
    [InlineData("+199d5a4-1b2c-7d3e-8f40-5a6b7c8d9e0f")]
    [InlineData("0199d5a4-1b2c-7d3e-8f40-5a6b7c8d9e٠f")]
    public void What_is_not_exactly_of_the_form_is_not_read(string? text) => Assert.False(CorrelationId.TryParse(text, out _));

    [Fact]
    public void Only_what_the_contracts_pattern_matches_is_read()
    {
        // Mutations of a good id by one character, which find more than texts made of nothing.
        Gen.Select(Gen.Int[0, Good.Length - 1], Gen.Char).Sample((place, character) =>
        {
            var text = Good[..place] + character + Good[(place + 1)..];

            var isGood = System.Text.RegularExpressions.Regex.IsMatch(
                text, @"\A[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\z");

            Assert.Equal(isGood, CorrelationId.TryParse(text, out _));
        });
    }

    [Fact]
    public void Ids_sort_as_their_moments_do()
    {
        var moments = Enumerable.Range(0, 1000).Select(i => Sample.Now.AddMilliseconds(i * 37)).ToArray();

        var ids = moments.Select(CorrelationId.New).ToArray();

        Assert.Equal(ids, ids.Order());
        Assert.Equal(ids.Select(id => id.ToString()), ids.Select(id => id.ToString()).Order(StringComparer.Ordinal));
        Assert.True(ids[0] < ids[1] && ids[1] > ids[0] && ids[0] <= ids[0] && ids[0] >= ids[0]);
    }

    [Fact]
    [Trait("attack", "T07")]
    public void Two_ids_of_one_moment_differ() =>
        Assert.Equal(1000, Enumerable.Range(0, 1000).Select(_ => CorrelationId.New(Sample.Now)).Distinct().Count());

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public void Ids_compare_as_their_moments_do(int one, int other)
    {
        CorrelationId[] ids = [CorrelationId.New(Sample.Now), CorrelationId.New(Sample.Now.AddSeconds(1))];
        var (left, right) = (ids[one], ids[other]);

        Assert.Equal(one < other, left < right);
        Assert.Equal(one <= other, left <= right);
        Assert.Equal(one > other, left > right);
        Assert.Equal(one >= other, left >= right);
    }

    [Fact]
    public void Parse_throws_at_what_is_no_id() => Assert.Throws<FormatException>(() => CorrelationId.Parse("4711"));
}
