using Countersign.Core.Names;

namespace Countersign.Core.Tests.Names;

public sealed class EditDistanceTests
{
    private static readonly string[] _known = ["id", "risk", "targetUrls", "webOrigins", "otpText"];

    [Theory]
    [InlineData("targetURLs", "targetUrls")]
    [InlineData("target-urls", "targetUrls")]
    [InlineData("target_url", "targetUrls")]
    [InlineData("traget_urls", "targetUrls")]
    [InlineData("risks", "risk")]
    [InlineData("ID", "id")]
    [InlineData("otptxt", "otpText")]
    [InlineData("urls", null)]
    [InlineData("surprise", null)]
    [InlineData("", null)]
    public void What_was_probably_meant_is_told_whatever_the_spelling_and_else_nothing(string written, string? meant) =>
        Assert.Equal(meant, EditDistance.Nearest(written, _known));

    [Fact]
    public void A_name_that_is_far_too_long_is_like_none() =>
        Assert.Null(EditDistance.Nearest(new string('a', 129), [new string('a', 128)]));
}
