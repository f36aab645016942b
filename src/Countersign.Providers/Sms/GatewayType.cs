using System.Security.Cryptography.X509Certificates;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Texts;
using Countersign.Providers.Http;

namespace Countersign.Providers.Sms;

/// <summary>A type of gateway: all that the server knows of it. It stands with its gateway; <see cref="GatewayTypes"/> lists all.</summary>
/// <param name="name">As in <c>Countersign:Gateways:&lt;name&gt;:Type</c>.</param>
/// <param name="bind">Reads its options; what is wrong with them they say themselves (<see cref="GatewayOptions.Check"/>).</param>
/// <param name="register">Registers a gateway with these options.</param>
internal sealed class GatewayType(
    string name, Func<IConfigurationSection, GatewayOptions> bind, Action<IServiceCollection, GatewayOptions> register)
{
    public string Name => name;

    /// <summary>One that is reached over HTTP, by a client of its own.</summary>
    /// <param name="bind">Its code is generated for the type of options that it names.</param>
    /// <param name="certificate">What this server shows the provider, if that asks for one.</param>
    public static GatewayType OverHttp<TOptions>(
        string name, Func<IConfigurationSection, TOptions?> bind, Func<TOptions, GatewayParts, IHttpGateway> create,
        Func<TOptions, X509Certificate2?>? certificate = null)
        where TOptions : GatewayOptions, new() => new(
            name,
            section => bind(section) ?? new TOptions(),
            (services, options) => services
                .AddKeyedSingleton(options.Name, (provider, _) => NewSubmission(provider, options, certificate?.Invoke((TOptions)options)))
                .AddKeyedSingleton(options.Name, (provider, _) => create((TOptions)options, PartsOf(provider, options)))
                .AddSingleton<ISmsGateway>(provider => provider.GetRequiredKeyedService<IHttpGateway>(options.Name))
                .AddSingleton<IGatewayCallbacks>(provider => provider.GetRequiredKeyedService<IHttpGateway>(options.Name)));

    public GatewayOptions Bind(IConfigurationSection section) => bind(section);

    public void Register(IServiceCollection services, GatewayOptions options) => register(services, options);

    public override string ToString() => name;

    private static Submission NewSubmission(IServiceProvider provider, GatewayOptions options, X509Certificate2? certificate)
    {
        var time = provider.GetRequiredService<TimeProvider>();
        var client = new ProviderClient(Submission.ConnectionWith(certificate), time);
        return new Submission(client, options.Name, time, provider.GetRequiredService<ILogger<Submission>>());
    }

    private static GatewayParts PartsOf(IServiceProvider provider, GatewayOptions options) => new(
        new GatewayAddress(options, provider.GetRequiredService<PublicAddress>()),
        provider.GetRequiredKeyedService<Submission>(options.Name),
        DerivedClock.ForOthers(provider.GetRequiredService<TimeProvider>()),
        provider.GetRequiredService<ILoggerFactory>());
}

/// <summary>What a gateway that is reached over HTTP is made with, beside its options.</summary>
/// <param name="time">The provider's time too: what is signed for it and by it is judged by it.</param>
internal sealed class GatewayParts(GatewayAddress address, Submission submission, TimeProvider time, ILoggerFactory loggers)
{
    public GatewayAddress Address => address;

    public Submission Submission => submission;

    public TimeProvider Time => time;

    public ILogger<T> LoggerOf<T>() => loggers.CreateLogger<T>();
}

/// <summary>A gateway that is reached over HTTP, and whose provider sends receipts and what persons write.</summary>
internal interface IHttpGateway : ISmsGateway, IGatewayCallbacks
{
    CallbackReading IGatewayCallbacks.Read(GatewayCallback callback) =>
        IsGenuine(callback) ? ReadGenuine(callback) : new CallbackReading.Forged();

    /// <summary>
    /// Whether the provider has signed this request, compared in constant time. A provider that signs no receipts proves itself by the
    /// token in their address; one that does not sign what persons write has to be given a secret for it.
    /// </summary>
    bool IsGenuine(GatewayCallback callback);

    CallbackReading ReadGenuine(GatewayCallback callback);
}
