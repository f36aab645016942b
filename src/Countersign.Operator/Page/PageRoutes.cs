using System.Net.Mime;

namespace Countersign.Operator.Page;

/// <summary>The page at <c>/</c>: the control API with a face.</summary>
internal static class PageRoutes
{
    public static void MapPage(this WebApplication app)
    {
        Map(app, "/", "index.html", MediaTypeNames.Text.Html);
        Map(app, "/page.js", "page.js", MediaTypeNames.Text.JavaScript);
        Map(app, "/page.css", "page.css", MediaTypeNames.Text.Css);
    }

    /// <summary>Whether this path is of the page, which is no call to an operator.</summary>
    public static bool Has(string path) => path is "/" or "/page.js" or "/page.css" or "/favicon.ico";

    private static void Map(WebApplication app, string path, string file, string type)
    {
        var bytes = Read(file);
        app.MapGet(path, async context =>
        {
            var headers = context.Response.Headers;
            headers.ContentType = type + "; charset=utf-8";
            headers.ContentSecurityPolicy =
                "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
                    + "frame-ancestors 'none'";
            headers.XContentTypeOptions = "nosniff";
            headers.CacheControl = "no-store";
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        });
    }

    private static byte[] Read(string file)
    {
        using var stream = typeof(PageRoutes).Assembly.GetManifestResourceStream("Page." + file)
            ?? throw new InvalidOperationException($"{file} is not in the program.");
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
