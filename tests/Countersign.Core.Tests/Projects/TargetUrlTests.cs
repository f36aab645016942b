using Countersign.Core.Projects;

namespace Countersign.Core.Tests.Projects;

public sealed class TargetUrlTests
{
    [Theory]
    [InlineData("https://www.example.com")]
    [InlineData("http://www.example.com:8443/a-b_c.d+e=f/?g:h")]
    [InlineData("HTTPS://www.example.com/")]
    [InlineData("https://www.example.com?next=/app")]
    public void A_web_address_may_be_a_target(string text) => Assert.Null(TargetUrl.Problem(text));

    [Theory]
    [InlineData("www.example.com", "must be an absolute http or https URL")]
    [InlineData("ftp://www.example.com", "must be an absolute http or https URL")]
    [InlineData("https:/www.example.com", "must be an absolute http or https URL")]
    [InlineData("https:www.example.com", "must be an absolute http or https URL")]
    [InlineData("https://", "must be an absolute http or https URL")]
    [InlineData("https://a@example.com", "only letters, digits and -._+=/:? are allowed")]
    [InlineData("https://www.example.com/a b", "only letters, digits and -._+=/:? are allowed")]
    [InlineData("https://www.example.com/#top", "only letters, digits and -._+=/:? are allowed")]
    [InlineData("https://www.example.com//a", "must not contain // after the host")]
    [InlineData("https://www.example.com/?a=//b", "must not contain // after the host")]
    [InlineData("https://www.example.com/../a", "must not contain . or .. as a part of its path")]
    [InlineData("https://www.example.com/a/.", "must not contain . or .. as a part of its path")]
    public void What_is_wrong_with_a_target_is_told(string text, string problem) => Assert.Equal(problem, TargetUrl.Problem(text));

    [Fact]
    public void A_target_has_at_most_128_characters()
    {
        var longest = "https://www.example.com/".PadRight(TargetUrl.MaxCharacters, 'a');

        Assert.Null(TargetUrl.Problem(longest));
        Assert.Equal("longer than 128 characters", TargetUrl.Problem(longest + 'a'));
    }

    [Theory]
    [InlineData("https://www.example.com/app", null)]
    [InlineData("http://www.example.com/app", "must begin with https://")]
    [InlineData("https://www.example.com/app?a", "only letters, digits and -._+=/: are allowed")]
    public void An_entry_of_the_list_is_narrower(string entry, string? problem) => Assert.Equal(problem, TargetUrl.ProblemOfEntry(entry));

    [Theory]
    [Trait("attack", "L11")]
    [InlineData("https://www.example.com/app", "https://www.example.com/app", true)]
    [InlineData("https://www.example.com/app/done", "https://www.example.com/app", true)]
    [InlineData("https://www.example.com/app?a=/b", "https://www.example.com/app/", true)]
    [InlineData("https://www.example.com:443/app", "https://WWW.example.com", true)]
    [InlineData("https://www.example.com", "https://www.example.com/", true)]
    [InlineData("https://www.example.com/apple", "https://www.example.com/app", false)]
    [InlineData("https://www.example.com/", "https://www.example.com/app", false)]
    [InlineData("https://www.example.com/App", "https://www.example.com/app", false)]
    [InlineData("http://www.example.com/app", "https://www.example.com/app", false)]
    [InlineData("https://example.com/app", "https://www.example.com/app", false)]
    [InlineData("https://www.example.com:8443/app", "https://www.example.com/app", false)]
    public void A_target_begins_with_its_entry(string text, string entry, bool isUnder) =>
        Assert.Equal(isUnder, TargetUrl.IsUnder(text, entry));
}
