namespace Countersign.Server.Pages;

/// <summary>The languages in which this server speaks to people.</summary>
public enum Language
{
    English,
    German,
    Spanish,
    French,
}

internal static class Languages
{
    /// <summary>The tag for <c>lang</c> (BCP 47).</summary>
    public static string Tag(this Language language) => language switch
    {
        Language.German => "de",
        Language.Spanish => "es",
        Language.French => "fr",
        _ => "en",
    };

    /// <summary>The language the browser likes best of those there are; English when it likes none.</summary>
    public static Language Of(HttpRequest request)
    {
        var liked = request.GetTypedHeaders().AcceptLanguage
            .Where(entry => entry.Quality is null or > 0)
            .OrderByDescending(entry => entry.Quality ?? 1)
            .Select(entry => Find(entry.Value.AsSpan()))
            .FirstOrDefault(language => language is not null);
        return liked ?? Language.English;
    }

    /// <summary>The same, and says on the answer which it was: caches must not give it to others.</summary>
    public static Language Answer(HttpContext context)
    {
        var language = Of(context.Request);
        context.Response.Headers.ContentLanguage = language.Tag();
        context.Response.Headers.Vary = "Accept-Language";
        return language;
    }

    private static Language? Find(ReadOnlySpan<char> tag)
    {
        var end = tag.IndexOf('-');
        var primary = end < 0 ? tag : tag[..end];
        foreach (var language in Enum.GetValues<Language>())
        {
            if (primary.Equals(language.Tag(), StringComparison.OrdinalIgnoreCase))
            {
                return language;
            }
        }
        return null;
    }
}
