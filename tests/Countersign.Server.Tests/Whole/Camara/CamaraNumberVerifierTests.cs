using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Possession.MobileAuth;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Whole.Camara;

public sealed class CamaraNumberVerifierTests : NumberVerifierContract
{
    private OperatorStage _stage = null!;

    protected override INumberVerifier Verifier => _stage.Server.Services.GetRequiredService<INumberVerifier>();
    protected override string Passes => SimulatedNetwork.Number;
    protected override string OtherNumber => "+12025550199";
    protected override string NotAvailable => "+491512345678";

    public override async ValueTask InitializeAsync() =>
        _stage = await OperatorStage.SetAsync(new Dictionary<string, string?> { ["Prefixes:0"] = "+1" });

    public override ValueTask DisposeAsync() => _stage.DisposeAsync();

    protected override async Task<Secret> BrowseAsync(Flow flow, string redirectUrl)
    {
        using var phone = _stage.Phone();
        return new Secret((await phone.OpenAsync(redirectUrl)).Text("vfp"));
    }
}
