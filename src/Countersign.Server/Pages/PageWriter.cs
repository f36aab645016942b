using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using RazorSlices;

namespace Countersign.Server.Pages;

/// <summary>Sends pages whole: a page that fails in the middle is an error then, not half a page with status 200.</summary>
internal static class PageWriter
{
    // Letters of all languages as they are; what has a meaning in HTML is escaped all the same.
    private static readonly HtmlEncoder _encoder = HtmlEncoder.Create(UnicodeRanges.All);

    public static async Task WriteAsync(HttpContext context, int status, RazorSlice page)
    {
        await using var text = new StringWriter();
        using (page)
        {
            await page.RenderAsync(text, _encoder, context.RequestAborted);
        }
        var body = Encoding.UTF8.GetBytes(text.ToString());

        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        }
    }
}
