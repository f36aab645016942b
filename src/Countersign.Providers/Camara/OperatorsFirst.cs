using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Possession.MobileAuth;

namespace Countersign.Providers.Camara;

/// <summary>The operators where one is responsible, and where none is, whoever answers otherwise: the sandbox's test users.</summary>
internal sealed class OperatorsFirst(CamaraNumberVerifier operators, PendingAuthorizations checks, INumberVerifier otherwise)
    : INumberVerifier
{
    public bool MayVerify(PhoneNumber number) => operators.MayVerify(number) || otherwise.MayVerify(number);

    public Task<NumberCheck> BeginAsync(Flow flow, Secret proof, BrowserConnection browser, CancellationToken cancellationToken) =>
        (operators.IsResponsible(flow, browser) ? operators : otherwise).BeginAsync(flow, proof, browser, cancellationToken);

    public Secret? ReadProof(Flow flow, Secret returned) => Of(returned).ReadProof(flow, returned);

    public BrowserPath? PathOf(Flow flow, Secret returned) => Of(returned).PathOf(flow, returned);

    public Task<NumberAnswer> CompleteAsync(Flow flow, Secret returned, CancellationToken cancellationToken) =>
        Of(returned).CompleteAsync(flow, returned, cancellationToken);

    private INumberVerifier Of(Secret returned) => checks.OfReturn(returned) is not null ? operators : otherwise;
}
