using System.Security.Cryptography.X509Certificates;
using Countersign.Core;
using Countersign.Core.Clock;
using Countersign.Core.Flows;
using Countersign.Core.Texts;
using Countersign.Providers.Http;
using Countersign.Providers.Sms.Kannel;
using Countersign.Providers.Sms.Outbox;
using Countersign.Providers.Sms.Twilio;
using Countersign.Providers.Sms.Vonage;
using Countersign.Providers.Sms.Webhook;

namespace Countersign.Providers.Sms;

/// <summary>The text gateways that are configured.</summary>
internal static class GatewayServices
{
    /// <summary>Registers each as an <see cref="ISmsGateway"/> of its own.</summary>
    public static IServiceCollection AddSmsGateways(this IServiceCollection services, IEnumerable<GatewayOptions> gateways)
    {
        foreach (var gateway in gateways)
        {
            _ = gateway switch
            {
                KannelOptions kannel => services.AddGateway(kannel, (options, p, address, submission) =>
                    new KannelGateway(options, address, submission, p.GetRequiredService<ILogger<KannelGateway>>())),
                TwilioOptions twilio => services.AddGateway(twilio, (options, p, address, submission) =>
                    new TwilioGateway(options, address, submission, p.GetRequiredService<ILogger<TwilioGateway>>())),
                VonageOptions vonage => services.AddGateway(vonage, (options, p, address, submission) =>
                    new VonageGateway(
                        options, address, submission, new VonageTokens(options), TimeForOthers(p), p.GetRequiredService<ILogger<VonageGateway>>())),
                WebhookOptions webhook => services.AddGateway(
                    webhook,
                    (options, p, address, submission) =>
                        new WebhookGateway(options, address, submission, TimeForOthers(p), p.GetRequiredService<ILogger<WebhookGateway>>()),
                    webhook.LoadCertificate()),
                OutboxOptions outbox => services.AddOutbox(outbox),
                _ => throw new InvalidOperationException($"Nobody makes a {gateway.GetType().Name}."),
            };
        }
        return services;
    }

    /// <summary>Registers a gateway that is reached over HTTP, under both of its ports, with a client of its own.</summary>
    public static IServiceCollection AddGateway<TOptions, TGateway>(
        this IServiceCollection services, TOptions options, Func<TOptions, IServiceProvider, GatewayAddress, Submission, TGateway> create, X509Certificate2? certificate = null)
        where TOptions : GatewayOptions
        where TGateway : class, ISmsGateway, IGatewayCallbacks
    {
        return services
            .AddKeyedSingleton(options.Name, (p, _) => new Submission(
                new ProviderClient(Submission.ConnectionWith(certificate), p.GetRequiredService<TimeProvider>()), options.Name,
                p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<Submission>>()))
            .AddKeyedSingleton(options.Name, (p, _) => create(
                options, p, new GatewayAddress(options, p.GetRequiredService<PublicAddress>()), p.GetRequiredKeyedService<Submission>(options.Name)))
            .AddSingleton<ISmsGateway>(p => p.GetRequiredKeyedService<TGateway>(options.Name))
            .AddSingleton<IGatewayCallbacks>(p => p.GetRequiredKeyedService<TGateway>(options.Name));
    }

    private static TimeProvider TimeForOthers(IServiceProvider services) => DerivedClock.ForOthers(services.GetRequiredService<TimeProvider>());

    private static IServiceCollection AddOutbox(this IServiceCollection services, OutboxOptions options) => services
        .AddSingleton<ISmsGateway>(p =>
            new OutboxGateway(options, Console.Out, p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<OutboxGateway>>()))
        .AddHostedService(p => new OutboxWarning(options.Name, p.GetRequiredService<ILogger<OutboxWarning>>()));

    /// <summary>Nobody shall run an outbox in production without having been told at every start.</summary>
    private sealed class OutboxWarning(GatewayName gateway, ILogger<OutboxWarning> logger) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            Log.OutboxInUse(logger, gateway);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
