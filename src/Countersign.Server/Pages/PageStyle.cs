using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Html;

namespace Countersign.Server.Pages;

/// <summary>The link page's style sheet. It stands in the page, so that the page needs no second request over a weak connection.</summary>
internal static class PageStyle
{
    private static readonly string Css = Read();

    public static IHtmlContent Content { get; } = new HtmlString(Css);

    /// <summary>The style sheet's source expression for a Content-Security-Policy.</summary>
    public static string Source { get; } = $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Css)))}'";

    private static string Read()
    {
        using var data = typeof(PageStyle).Assembly.GetManifestResourceStream("Pages/link.css")!;
        using var reader = new StreamReader(data, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
