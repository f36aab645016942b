using Countersign.Core.Texts;

namespace Countersign.Core.Tests.Texts;

public sealed class RandomCodeGeneratorTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void A_code_has_its_length_in_digits(int length) =>
        Assert.All(Codes(length, 1000), code => Assert.Matches($@"\A[0-9]{{{length}}}\z", code));

    [Fact]
    [Trait("attack", "S07")]
    public void Leading_zeros_are_kept() => Assert.Contains(Codes(4, 1000), code => code[0] == '0');

    [Fact]
    [Trait("attack", "S07")]
    public void Every_digit_stands_at_every_place_about_as_often()
    {
        var codes = Codes(6, 60_000);

        // Chi-square with 9 degrees of freedom: beyond 40 lies less than one in 100,000 of uniform samples.
        for (var place = 0; place < 6; place++)
        {
            var chiSquare = codes.GroupBy(code => code[place]).Sum(digit => Math.Pow(digit.Count() - 6000, 2) / 6000);
            Assert.InRange(chiSquare, 0, 40);
        }
    }

    private static string[] Codes(int length, int count) =>
        [.. Enumerable.Range(0, count)
            .Select(_ => new RandomCodeGenerator().NewCode(PhoneNumber.Parse("+12025550142"), length).Shown.Reveal())];
}
