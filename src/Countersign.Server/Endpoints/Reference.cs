using System.Security.Cryptography;
using Countersign.Server.Endpoints.Admin;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;
using Scalar.AspNetCore;

namespace Countersign.Server.Endpoints;

/// <summary>GET /openapi/….json: the documents. GET /reference: a page that shows them, which asks no other host for anything.</summary>
internal static class Reference
{
    /// <summary>The page.</summary>
    public const string Path = "/reference";

    public static void MapReference(this WebApplication app)
    {
        var documents = Documents.Of(
            app.Services.GetRequiredService<ServerOptions>().Mode, app.Services.GetRequiredService<AdminOptions>().IsOn);
        foreach (var document in documents)
        {
            app.MapMethods(document.Path, [HttpMethods.Get, HttpMethods.Head], ToEndpoint(document, app));
        }
        app.MapScalarApiReference(Path, (options, context) => Configure(options, context, documents));
    }

    private static RequestDelegate ToEndpoint(Document document, WebApplication app)
    {
        // The endpoints cannot change while the server runs.
        var written = new Lazy<byte[]>(() => document.Write(app.Services.GetRequiredService<EndpointDataSource>()));
        return context => new Answer(StatusCodes.Status200OK, written.Value).WriteAsync(context);
    }

    private static void Configure(ScalarOptions options, HttpContext context, IReadOnlyList<Document> documents)
    {
        // Scalar writes styles into the page and has fonts in its style sheet; everything else stays forbidden, other hosts above all.
        var nonce = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        context.Response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; "
            + "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        options
            .WithTitle("Countersign API reference")
            .WithNonce(nonce)
            .DisableDefaultFonts()
            .DisableTelemetry()
            .DisableAgent()
            .DisableMcp()
            .HideDeveloperTools()
            .HideClientButton()
            .DisableRequiredPropertiesFirst()
            .PreserveSchemaPropertyOrder();
        // Each address shows what can be called there.
        foreach (var document in documents.Where(document => document == Documents.Admin == AdminConnection.IsOf(context)))
        {
            options.AddDocument(document.Name, document.Title, document.Path, isDefault: document == Documents.V3);
        }
    }
}
