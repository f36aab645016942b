using Countersign.Core.Tests.Fakes;
using Countersign.Core.Texts;

namespace Countersign.Core.Tests.Texts;

public sealed class WrittenNumberTests
{
    [Theory]
    [InlineData("+12025550142", "+12025550142")]
    [InlineData(" +12025550142 ", "+12025550142")]
    [InlineData("0012025550142", "+12025550142")]
    [InlineData("12025550142", "+12025550142")]
    [InlineData("491701234567", "+491701234567")]
    [InlineData("2025550142", "+2025550142,+12025550142")]
    [InlineData("+2025550142", "+2025550142")]
    [InlineData("002025550142", "+2025550142")]
    [InlineData("SHOP", "")]
    [InlineData("", "")]
    [InlineData(null, "")]
    public void A_provider_writes_a_number_in_one_of_several_ways(string? text, string readings) =>
        Assert.Equal(readings, string.Join(',', WrittenNumber.ReadingsOf(text).Select(number => number.E164)));

    [Theory]
    [InlineData("Shop", "SHOP ", true)]
    [InlineData("+12025550142", "0012025550142", true)]
    [InlineData("2025550142", "+12025550142", true)]
    [InlineData("12345", "12345", true)]
    [InlineData("Shop", "Shops", false)]
    [InlineData("+12025550142", "+12025550143", false)]
    public void Two_senders_are_one_however_they_are_written(string one, string other, bool areOne) =>
        Assert.Equal(areOne, SenderId.AreOne(one, other, new TenDigits()));

    [Fact]
    public void Who_was_answered_on_help_is_answered_again_after_an_hour_and_for_each_sender()
    {
        var clock = new StillClock();
        var limiter = new HelpReplyLimiter(clock);
        var person = PhoneNumber.Parse("+12025550142");

        Assert.True(limiter.MayAnswer(person, "Shop"));
        Assert.False(limiter.MayAnswer(person, "+SHOP "));
        Assert.True(limiter.MayAnswer(person, sender: null));
        Assert.True(limiter.MayAnswer(PhoneNumber.Parse("+12025550143"), "Shop"));
        clock.Now += TimeSpan.FromMinutes(59);
        Assert.False(limiter.MayAnswer(person, "Shop"));
        clock.Now += TimeSpan.FromMinutes(1);
        Assert.True(limiter.MayAnswer(person, "Shop"));
    }

    [Fact]
    public void When_very_many_were_answered_nobody_else_is_until_their_hour_is_over()
    {
        var clock = new StillClock();
        var limiter = new HelpReplyLimiter(clock);
        Assert.All(Enumerable.Range(0, HelpReplyLimiter.MaxAnswered), one => Assert.True(limiter.MayAnswer(Number(one), null)));

        Assert.False(limiter.MayAnswer(Number(10_000), null));
        clock.Now += TimeSpan.FromHours(1);
        Assert.True(limiter.MayAnswer(Number(0), null));
        Assert.True(limiter.MayAnswer(Number(10_000), null));

        static PhoneNumber Number(int one) => PhoneNumber.Parse($"+1202555{one:D5}");
    }
}
