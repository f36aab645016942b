using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty;

internal static class RelyingPartyServices
{
    /// <summary>What the groups of a relying party's addresses share.</summary>
    public static IServiceCollection AddRelyingParty(this IServiceCollection services) => services
        .AddBearer<AccessTokenAuthentication>(AccessTokenAuthentication.Scheme)
        .AddSingleton<AccessTokens>()
        .AddSingleton<V3Endpoint>()
        .AddSingleton<DisclosureAudit>()
        .AddSingleton<StartAnswers>()
        .AddSingleton<Assurances>()
        .AddSingleton<FlowStartMembers>();
}
