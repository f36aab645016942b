using Countersign.Core.Flows;
using Countersign.Core.Texts;

namespace Countersign.Core.Tests.Flows;

public sealed class DeviceNoticesTests
{
    [Theory]
    [InlineData("Shop", true)]
    [InlineData("Müller & Söhne", true)]
    // Thirty-seven letters twice and what is said are one segment.
    [InlineData("The Very Long Name of a Shop in Town", true)]
    [InlineData("The Very Much Longer Name of a Shop in Town", false)]
    // No letters of the GSM alphabet: a second segment, of 70 characters.
    [InlineData("Магазин", false)]
    // Phones would make a link of it.
    [InlineData("shop.example.com", false)]
    public void The_project_is_named_where_one_segment_holds_it_and_no_phone_makes_a_link_of_it(string name, bool isNamed)
    {
        var text = DeviceNotices.TextFor(name, []);

        Assert.Equal((SmsEncoding.Gsm7, 1), (SmsAlphabet.EncodingOf(text), SmsAlphabet.CountSegments(text)));
        Assert.Equal(isNamed, text.StartsWith(name + ":", StringComparison.Ordinal));
        Assert.Null(Wording.Problem(text, []));
    }

    [Fact]
    public void A_name_that_may_stand_in_the_projects_texts_may_stand_in_this_one() =>
        Assert.StartsWith("shop.com:", DeviceNotices.TextFor("shop.com", ["shop.com"]), StringComparison.Ordinal);
}
