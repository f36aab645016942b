using System.Security.Cryptography;

namespace Countersign.Server.Pages;

/// <summary>Files that browsers fetch. They are part of the program, so there is no folder to lose or to look into.</summary>
internal static class PageFile
{
    /// <summary>A file by the name it has in the program.</summary>
    public static RequestDelegate Of(string name, string contentType, Action<HttpContext>? addHeaders = null)
    {
        var body = Read(name);
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(body))[..16]}\"";
        return async context =>
        {
            var (request, response) = (context.Request, context.Response);
            response.Headers.ETag = tag;
            response.Headers.CacheControl = "no-cache";
            addHeaders?.Invoke(context);
            if (request.Headers.IfNoneMatch.Contains(tag, StringComparer.Ordinal))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }

            response.ContentType = contentType + "; charset=utf-8";
            response.ContentLength = body.Length;
            if (!HttpMethods.IsHead(request.Method))
            {
                await response.Body.WriteAsync(body, context.RequestAborted);
            }
        };
    }

    /// <summary>A script that pages of any origin may import.</summary>
    public static RequestDelegate Module(string name) => Of(name, "text/javascript", context =>
    {
        context.Response.Headers.AccessControlAllowOrigin = "*";
        context.Response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
    });

    internal static byte[] Read(string name)
    {
        using var data = typeof(PageFile).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The program has no file {name}.");
        var body = new byte[data.Length];
        data.ReadExactly(body);
        return body;
    }
}
