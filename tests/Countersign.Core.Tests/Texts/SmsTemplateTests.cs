using Countersign.Core.Texts;
using CsCheck;

namespace Countersign.Core.Tests.Texts;

public sealed class SmsTemplateTests
{
    private static readonly Brand _nobody = new("", []);

    private const int LinkLength = 45;

    [Theory]
    [InlineData(FlowType.Desktop, "####", 4)]
    [InlineData(FlowType.Desktop, "Confirm: ####", 4)]
    [InlineData(FlowType.Mobile, "#### is your code", 4)]
    [InlineData(FlowType.Mobile, "##### is your code", 5)]
    [InlineData(FlowType.Mobile, "###### is your code", 6)]
    [InlineData(FlowType.Mobile, "Grüße: ####", 4)]
    [InlineData(FlowType.Mobile, "代码 ####", 4)]
    [InlineData(FlowType.Mobile, "Line one\r\nline two ####", 4)]
    [InlineData(FlowType.Mobile, "👩‍👧 ####", 4)]
    [InlineData(FlowType.Mobile, "می‌خواهم ####", 4)]
    [InlineData(FlowType.Mobile, "e.g. 3.5 at 10:30, version 1.2. Code ####", 4)]
    public void A_wording_with_one_placeholder_is_taken(FlowType type, string text, int placeholder)
    {
        var template = Parse(text, type, out var problem);

        Assert.Equal("", problem);
        Assert.Equal(placeholder, template!.Placeholder);
    }

    [Theory]
    [Trait("attack", "L13")]
    [InlineData(FlowType.Desktop, "no placeholder", "must contain exactly one placeholder of # characters")]
    [InlineData(FlowType.Desktop, "two #### ####", "must contain exactly one placeholder of # characters")]
    [InlineData(FlowType.Desktop, "other # and ####", "must contain exactly one placeholder of # characters")]
    [InlineData(FlowType.Desktop, "###", "the placeholder for the link is ####")]
    [InlineData(FlowType.Desktop, "#####", "the placeholder for the link is ####")]
    [InlineData(FlowType.Mobile, "###", "the placeholder for the code is ####, ##### or ######")]
    [InlineData(FlowType.Mobile, "#######", "the placeholder for the code is ####, ##### or ######")]
    [InlineData(FlowType.Mobile, "############", "the placeholder for the code is ####, ##### or ######")]
    [InlineData(FlowType.Mobile, "see https://evil.example #### ", "contains a link of its own")]
    [InlineData(FlowType.Mobile, "see HTTP://EVIL.example ####", "contains a link of its own")]
    [InlineData(FlowType.Mobile, "see www.evil.example ####", "contains a link of its own")]
    [InlineData(FlowType.Mobile, "see evil.example/x ####", "contains a link of its own")]
    [InlineData(FlowType.Desktop, "app://x ####", "contains a link of its own")]
    [InlineData(FlowType.Mobile, "tel:+12025550142 ####", "contains a link of its own")]
    [InlineData(FlowType.Mobile, "bell \u0007 ####", "contains control characters")]
    [InlineData(FlowType.Mobile, "nul \0 ####", "contains control characters")]
    [InlineData(FlowType.Mobile, "tab\t####", "contains control characters")]
    [InlineData(FlowType.Mobile, "delete \u007f ####", "contains control characters")]
    [InlineData(FlowType.Mobile, "c1 \u0085 ####", "contains control characters")]
    [InlineData(FlowType.Mobile, "reversed \u202e ####", "contains control characters")]
    [InlineData(FlowType.Mobile, "isolate \u2066 ####", "contains control characters")]
    [InlineData(FlowType.Mobile, "hidden \u200b ####", "contains control characters")]
    [InlineData(FlowType.Mobile, "mark \ufeff ####", "contains control characters")]
    [InlineData(FlowType.Mobile, "soft\u00adhyphen ####", "contains control characters")]
    [InlineData(FlowType.Mobile, "line \u2028 ####", "contains control characters")]
    [InlineData(FlowType.Mobile, "paragraph \u2029 ####", "contains control characters")]
    [InlineData(FlowType.Mobile, "tag \U000e0041 ####", "contains control characters")]
    public void A_wording_that_could_deceive_or_does_not_fit_is_refused(FlowType type, string text, string expected)
    {
        Assert.Null(Parse(text, type, out var problem));
        Assert.Equal(expected, problem);
    }

    [Theory]
    [InlineData(156, true)]
    [InlineData(157, false)]
    public void A_wording_has_at_most_160_characters(int before, bool isTaken)
    {
        Assert.Equal(isTaken, Parse(new string('a', before) + "####", FlowType.Mobile, out _) is not null);
    }

    [Theory]
    [InlineData(60, true)]
    [InlineData(66, false)]
    public void A_character_is_a_unicode_scalar_value_and_two_segments_are_the_most(int emoji, bool isTaken)
    {
        // 2 UTF-16 units each: 66 and the code are 136 units, and two segments hold 134.
        var text = string.Concat(Enumerable.Repeat("😀", emoji)) + "####";

        Assert.Equal(isTaken, Parse(text, FlowType.Mobile, out var problem) is not null);
        Assert.True(isTaken || problem == "longer than 2 text segments when filled", problem);
    }

    [Fact]
    public void The_longest_link_is_counted_not_the_placeholder()
    {
        var text = new string('é', 99) + "ж####";

        Assert.NotNull(SmsTemplate.TryParse(text, FlowType.Mobile, 0, 0, out _));
        Assert.Null(SmsTemplate.TryParse(text, FlowType.Desktop, LinkLength, 0, out _));
    }

    [Theory]
    [InlineData("Tap ####", "Tap http://x/l/abc")]
    [InlineData("Tap #### now", "Tap http://x/l/abc now")]
    [InlineData("Tap ####\nnow", "Tap http://x/l/abc\nnow")]
    [InlineData("Tap ####. Now", "Tap http://x/l/abc . Now")]
    [InlineData("Tap ####!", "Tap http://x/l/abc !")]
    [InlineData("Go####go", "Go http://x/l/abc go")]
    [InlineData("Go24####", "Go24 http://x/l/abc")]
    [InlineData("Go:####", "Go: http://x/l/abc")]
    [InlineData("(####)", "( http://x/l/abc )")]
    [InlineData("Tap\n####", "Tap\nhttp://x/l/abc")]
    [InlineData("点\u3000####", "点\u3000http://x/l/abc")]
    [InlineData("点####点", "点 http://x/l/abc 点")]
    [InlineData("👉####👈", "👉 http://x/l/abc 👈")]
    [InlineData("####", "http://x/l/abc")]
    public void Before_and_behind_a_link_is_white_space_or_nothing(string text, string filled)
    {
        Assert.Equal(filled, Parse(text, FlowType.Desktop, out _)!.Fill("http://x/l/abc", isLink: true));
    }

    [Fact]
    public void A_code_stands_where_its_placeholder_stood()
    {
        Assert.Equal("Code 12345.", Parse("Code #####.", FlowType.Mobile, out _)!.Fill("12345", isLink: false));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Our_own_code_text_is_one_segment(int length)
    {
        var text = SmsTemplate.DefaultOtp(_nobody, length, TimeSpan.FromMinutes(2)).Fill("123456"[..length], isLink: false);

        Assert.Equal(1, SmsAlphabet.CountSegments(text));
        Assert.StartsWith("123456"[..length] + " ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Our_own_link_text_is_one_segment_with_a_link_of_64_characters()
    {
        var link = "https://id.example.com/l/".PadRight(64, 'a');

        var text = SmsTemplate.DefaultLink(_nobody, link.Length, TimeSpan.FromMinutes(3)).Fill(link, isLink: true);

        Assert.Equal(1, SmsAlphabet.CountSegments(text));
    }

    [Theory]
    [InlineData("Shop", "Shop")]
    [InlineData("Ĳssel", null)]
    [InlineData("Lori’s Bank", "Lori's Bank")]
    [InlineData("Ćevapi", null)]
    [InlineData("חנות", null)]
    [InlineData("evil.com", null)]
    [InlineData("Booking.com", "Booking.com")]
    [InlineData("Call 0900 123 456", null)]
    [InlineData("Shop #1", null)]
    [InlineData(
        "A name of sixty-four characters, which is as long as one may be.",
        "A name of sixty-four characters, which is as long as one may be.")]
    public void Our_own_texts_name_who_sends_them_where_that_costs_and_harms_nothing(string name, string? told)
    {
        var brand = new Brand(name, ["Booking.com"]);

        var code = SmsTemplate.DefaultOtp(brand, 6, TimeSpan.FromMinutes(2)).Fill("123456", isLink: false);
        var link = SmsTemplate.DefaultLink(brand, 40, TimeSpan.FromMinutes(3)).Fill(new string('l', 40), isLink: true);

        Assert.Equal((1, 1), (SmsAlphabet.CountSegments(code), SmsAlphabet.CountSegments(link)));
        Assert.StartsWith(
            told is null ? "123456 is your verification code," : $"123456 is your {told} verification code,", code,
            StringComparison.Ordinal);
        Assert.StartsWith(told is null || told.Length > 45 ? "Tap to confirm" : $"{told}: tap to confirm", link, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, false)]
    public void A_name_for_which_one_segment_has_no_room_is_left_out(int suffix, bool isNamed)
    {
        // With this name the text has 97 characters.
        var brand = new Brand("Shop of Springfie", []);

        var text = SmsTemplate.DefaultOtp(brand, 6, TimeSpan.FromMinutes(2), new string('x', suffix)).Fill("123456", isLink: false);

        Assert.Equal(isNamed, text.Contains("Shop", StringComparison.Ordinal));
    }

    [Fact]
    public void A_problem_does_not_repeat_the_text()
    {
        Gen.String[0, 200].Sample(text =>
        {
            if (SmsTemplate.TryParse(text + "Lori", FlowType.Mobile, 0, 0, out var problem) is null)
            {
                Assert.DoesNotContain("Lori", problem, StringComparison.Ordinal);
                Assert.NotEqual("", problem);
            }
        });
    }

    [Fact]
    public void Whatever_is_taken_fits_two_segments_and_holds_the_code_once()
    {
        Gen.Select(Gen.String[Gen.Char["abc é€ж\n .!"], 0, 80], Gen.Int[1, 8], Gen.String[Gen.Char["abc é€ж\n .!"], 0, 80])
            .Sample((before, run, after) =>
        {
            if (SmsTemplate.TryParse(before + new string('#', run) + after, FlowType.Mobile, 0, 0, out _) is { } template)
            {
                var filled = template.Fill("123456"[..template.Placeholder], isLink: false);

                Assert.InRange(SmsAlphabet.CountSegments(filled), 1, 2);
                Assert.DoesNotContain("#", filled, StringComparison.Ordinal);
                Assert.Equal(before + "123456"[..run] + after, filled);
            }
        });
    }

    private static SmsTemplate? Parse(string text, FlowType type, out string problem) =>
        SmsTemplate.TryParse(text, type, type == FlowType.Desktop ? LinkLength : 0, 0, out problem);

    [Fact]
    public void Typographic_quotes_and_dashes_do_not_make_a_text_dear()
    {
        var template = SmsTemplate.TryParse("Don’t share ###### – it’s yours", FlowType.Mobile, maxProofLength: 0, suffix: 0, out _)!;

        Assert.Equal("Don't share 123456 - it's yours", template.Fill("123456", isLink: false));
    }
}
