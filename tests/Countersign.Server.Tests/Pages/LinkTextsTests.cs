using System.Reflection;
using Countersign.Server.Pages;

namespace Countersign.Server.Tests.Pages;

public sealed class LinkTextsTests
{
    private static readonly Phrase[] _all =
        [.. typeof(LinkTexts).GetProperties(BindingFlags.Public | BindingFlags.Static).Select(property => property.GetValue(null))
            .OfType<Phrase>()];

    [Fact]
    public void Every_text_is_there_in_every_language()
    {
        Assert.True(_all.Length > 15);
        Assert.All(_all, phrase => Assert.All(Of(phrase), text => Assert.False(string.IsNullOrWhiteSpace(text))));
    }

    [Fact]
    public void No_text_was_left_in_another_language() =>
        Assert.All(_all, phrase => Assert.Equal(4, Of(phrase).Distinct(StringComparer.Ordinal).Count()));

    [Fact]
    public void All_translations_name_what_the_original_names() =>
        Assert.All(_all, phrase => Assert.Single(Of(phrase).Select(text => text.Contains("{0}", StringComparison.Ordinal)).Distinct()));

    [Fact]
    public void No_text_needs_escaping() =>
        Assert.All(_all.SelectMany(Of), text => Assert.DoesNotMatch("[<>&\"']", text));

    private static string[] Of(Phrase phrase) => [.. Enum.GetValues<Language>().Select(language => phrase.In(language, "{0}"))];
}
