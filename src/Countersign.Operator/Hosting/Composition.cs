using Countersign.Operator.Camara;
using Countersign.Operator.Control;
using Countersign.Operator.Devices;
using Countersign.Operator.OpenId;
using Countersign.Operator.Radio;
using Countersign.Operator.State;

namespace Countersign.Operator.Hosting;

internal static class Composition
{
    public static void AddOperator(this IServiceCollection services, OperatorSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<Issuer>();
        services.AddSingleton<SelfSignedCertificate>();
        services.AddSingleton<Banner>();

        services.AddSingleton<Clients>();
        services.AddSingleton<Subscribers>();
        services.AddSingleton<RadioNetwork>();
        services.AddSingleton<Faults>();
        services.AddSingleton<CallLog>();
        services.AddSingleton<OperatorTokens>();
        services.AddSingleton<SigningKeys>();
        services.AddSingleton<FaultyStages>();
        services.AddSingleton<DeviceRecognition>();

        services.AddSingleton<ClientKeys>();
        services.AddSingleton<SignedStatements>();
        services.AddSingleton<SeenAssertions>();
        services.AddSingleton<ClientAuthentication>();
        services.AddSingleton<AuthorizationCodes>();
        services.AddSingleton<BackchannelRequests>();
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<IdTokens>();
        services.AddSingleton<LoginHints>();
        services.AddSingleton<RequestObjects>();
        services.AddSingleton<AuthorizeEndpoint>();
        services.AddSingleton<TokenEndpoint>();
        services.AddSingleton<BackchannelEndpoint>();
        services.AddSingleton<MetadataEndpoint>();

        services.AddSingleton<CamaraGate>();
        services.AddSingleton<NumberVerification>();
        services.AddSingleton<KycMatch>();
        services.AddSingleton<SimSwap>();
        services.AddSingleton<NumberRecycling>();
        services.AddSingleton<Tenure>();

        services.AddSingleton<ClientControl>();
        services.AddSingleton<SubscriberControl>();
        services.AddSingleton<NetworkControl>();
        services.AddSingleton<FaultControl>();
        services.AddSingleton<OperatorControl>();

        services.AddSingleton<RadioProxies>();
        services.AddHostedService(provider => provider.GetRequiredService<RadioProxies>());
    }
}
