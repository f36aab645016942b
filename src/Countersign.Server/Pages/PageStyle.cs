using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Html;

namespace Countersign.Server.Pages;

/// <summary>The link page's style sheet. It stands in the page, so that the page needs no second request over a weak connection.</summary>
internal static class PageStyle
{
    private static readonly byte[] _css = PageFile.Read("link.css");

    public static IHtmlContent Content { get; } = new HtmlString(Encoding.UTF8.GetString(_css));

    /// <summary>The style sheet's source expression for a Content-Security-Policy.</summary>
    public static string Source { get; } = $"'sha256-{Convert.ToBase64String(SHA256.HashData(_css))}'";
}
