namespace Countersign.Server.Endpoints.Http;

/// <summary>
/// A class that answers the calls of an address. What it needs stands in its constructor: nothing is looked up for a call.
/// </summary>
internal interface IEndpoint
{
    RequestDelegate Endpoint { get; }
}

internal static class Handlers
{
    /// <summary>The endpoint of a class that is registered as a singleton.</summary>
    public static RequestDelegate By<T>(this IEndpointRouteBuilder app) where T : class, IEndpoint => app.By<T>(it => it.Endpoint);

    /// <summary>One endpoint of a class that has several. It is made at the first call: before, what it needs may not be ready.</summary>
    public static RequestDelegate By<T>(this IEndpointRouteBuilder app, Func<T, RequestDelegate> endpoint) where T : class
    {
        var services = app.ServiceProvider;
        RequestDelegate? made = null;
        return context => (made ??= endpoint(services.GetRequiredService<T>()))(context);
    }
}
