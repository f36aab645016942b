using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Names;
using Countersign.Providers.Camara;
using Countersign.Providers.Tests.Fakes;
using Countersign.Providers.Tests.Identity;
using Microsoft.Extensions.Logging.Abstractions;

namespace Countersign.Providers.Tests.Camara;

public sealed class KycMatchTests : IdentitySourceContract
{
    private SimulatedNetwork _network = null!;
    private MobileOperator _operator = null!;

    protected override PhoneNumber Known => PhoneNumber.Parse(SimulatedNetwork.Number);
    protected override PersonName KnownName => new("Ada", "Lovelace");
    protected override PhoneNumber Unknown => PhoneNumber.Parse("+12025550199");
    private protected override IIdentitySource Source => new CamaraIdentitySource(_operator, Version, NullLogger.Instance);

    private string Version { get; set; } = "v0.4";

    public override async ValueTask InitializeAsync() => (_network, _operator) = await OperatorOf.StartAsync();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _operator.Dispose();
        await _network.DisposeAsync();
    }

    protected override async Task<bool> BreakAsync()
    {
        await _network.SetFaultAsync(new JsonObject { ["status"] = new JsonObject { ["verify"] = 503 } });
        return true;
    }

    [Fact]
    public async Task The_older_path_is_asked_alike()
    {
        Version = "v0.3";

        await The_name_on_record_is_matched();

        Assert.Contains(await _network.CallsAsync(), call => call.Contains("/kyc-match/v0.3/match 200", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_operators_score_is_told_and_decides_nothing()
    {
        var answer = await Source.MatchAsync(
            new IdentityQuestion(Known, Shop, new PersonName("Ada", "Lovelase"), true, MatchPolicy.Lenient), Test);

        Assert.Equal((IdentityMatch.Differs, "family-differs", "sim"), (answer.Match, answer.Rule, answer.Source?.ToString()));
        Assert.InRange(answer.Score!.Value, 80, 99);
    }

    [Fact]
    public async Task One_token_is_good_for_many_questions()
    {
        await The_name_on_record_is_matched();
        await The_name_on_record_is_matched();

        Assert.Single(await _network.CallsAsync(), call => call.StartsWith("POST /token", StringComparison.Ordinal));
    }
}
