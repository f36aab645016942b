using Countersign.Client;
using Countersign.Client.DependencyInjection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the Countersign client.</summary>
public static class CountersignServiceCollectionExtensions
{
    /// <summary>The name of the client's <see cref="HttpClient"/> with <see cref="IHttpClientFactory"/>.</summary>
    public const string HttpClientName = "Countersign";

    /// <summary>
    /// Registers one <see cref="ICountersignClient"/> for the application. All who resolve it share its access token, while
    /// <see cref="IHttpClientFactory"/> renews the connections beneath it.
    /// </summary>
    /// <remarks>Wrong or missing settings fail the start of the host, not the first call.</remarks>
    /// <param name="services">Where to register. All settings come from environment variables.</param>
    /// <returns>The builder of the HTTP client, for a proxy, handlers and the like.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    public static IHttpClientBuilder AddCountersign(this IServiceCollection services) => services.AddCountersign(_ => { });

    /// <summary>As <see cref="AddCountersign(IServiceCollection)"/>, with options set in code.</summary>
    /// <param name="services">Where to register.</param>
    /// <param name="configure">Sets options; what it leaves out comes from environment variables.</param>
    /// <returns>The builder of the HTTP client, for a proxy, handlers and the like.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IHttpClientBuilder AddCountersign(this IServiceCollection services, Action<CountersignClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);

        services.AddOptions<CountersignClientOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CountersignClientOptions>, ClientOptionsValidation>());
        services.TryAddSingleton<ICountersignClient>(CreateClient);

        return services.AddHttpClient(HttpClientName, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(CreateHandler)
            // The factory's own log writes each URL, and the URL of a look-up holds a number. Who wants it back adds AddDefaultLogger().
            .RemoveAllLoggers()
            .RedactLoggedHeaders(["Authorization", "Idempotency-Key"]);
    }

    /// <summary>As <see cref="AddCountersign(IServiceCollection)"/>, with a section of the configuration.</summary>
    /// <param name="services">Where to register.</param>
    /// <param name="configuration">
    /// Read: <c>ClientId</c>, <c>ClientSecret</c>, <c>Environment</c>, <c>BaseUrl</c>, <c>RequestTimeout</c> (<c>hh:mm:ss</c>) and
    /// <c>MaxTries</c>. What is absent comes from environment variables.
    /// </param>
    /// <returns>The builder of the HTTP client, for a proxy, handlers and the like.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IHttpClientBuilder AddCountersign(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        return services.AddCountersign(options => ClientOptionsSection.Apply(configuration, options));
    }

    private static CountersignClient CreateClient(IServiceProvider services)
    {
        var factory = services.GetRequiredService<IHttpClientFactory>();
        var options = services.GetRequiredService<IOptions<CountersignClientOptions>>().Value;
        return new CountersignClient(() => factory.CreateClient(HttpClientName), options);
    }

    // No redirects and no cookies: the secret and the person's data go to the configured server and nowhere else.
    private static SocketsHttpHandler CreateHandler() => new() { AllowAutoRedirect = false, UseCookies = false };
}
