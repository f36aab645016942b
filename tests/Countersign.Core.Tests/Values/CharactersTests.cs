using System.Text;

namespace Countersign.Core.Tests.Values;

public sealed class CharactersTests
{
    [Theory]
    [InlineData("Jose\u0301", "José")]
    [InlineData("A\ufffeda", "Ada")]
    [InlineData("\ufffe", "")]
    [InlineData("", "")]
    public void A_text_is_normalised_without_what_is_no_character(string text, string expected) =>
        Assert.Equal(expected, Characters.Normalize(text, NormalizationForm.FormC));

    [Theory]
    [InlineData("A\ud800da")]
    [InlineData("\udc00")]
    public void A_broken_text_is_normalised_too(string text) =>
        Assert.Contains('\ufffd', Characters.Normalize(text, NormalizationForm.FormD));
}
