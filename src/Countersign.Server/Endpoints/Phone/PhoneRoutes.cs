using Countersign.Core.Possession;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Phone;

internal static class PhoneRoutes
{
    // To the end of the path: what is appended to a link may have slashes of its own.
    private const string Link = LinkAddress.Path + "{**token}";

    public static IServiceCollection AddPhone(this IServiceCollection services) => services
        .AddSingleton<CrossSite>()
        .AddSingleton<SeenBrowsers>()
        .AddSingleton<LinkPage>();

    public static void MapPhone(this IEndpointRouteBuilder app)
    {
        var failed = new FailurePage(LinkPage.ShowFailureAsync);
        app.MapMethods(Link, Methods.GetOrHead, app.By<LinkPage>(it => it.Open)).WithMetadata(failed);
        app.MapPost(Link, app.By<LinkPage>(it => it.Press)).WithMetadata(failed);
    }
}
