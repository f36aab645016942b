using System.Security.Cryptography;
using Countersign.Core;
using Countersign.Server.Tests.Fixtures;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Server.Tests.Whole.Camara;

public sealed class SeveralOperatorsTests
{
    [Fact]
    public async Task A_number_of_no_operator_gets_a_code_with_the_reason()
    {
        await using var stage = await OperatorStage.SetAsync(new Dictionary<string, string?> { ["Prefixes:0"] = "+1999" });
        var check = await stage.BeginAsync();

        Assert.Null(await check.StartAsync());
        Assert.Equal(
            "mobile-auth not available (no operator is responsible for this number and connection), otp follows", await check.LastAsync());
    }

    [Fact]
    public async Task The_callback_of_one_operator_takes_no_answer_of_another()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero));
        await using var evil = await SimulatedNetwork.StartAsync(clock);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var stage = await OperatorStage.SetAsync(
            new Dictionary<string, string?>
            {
                ["evil:Issuer"] = evil.Origin,
                ["evil:ClientId"] = "countersign",
                ["evil:PrivateKey"] = key.ExportPkcs8PrivateKeyPem(),
                ["evil:Purpose"] = "FraudPreventionAndDetection",
                ["evil:Prefixes:0"] = "+1999",
            },
            clock);
        var check = await stage.BeginAsync();
        using var phone = stage.Phone();
        var url = (await check.StartAsync())!;

        // An honest operator's state at the callback of one that would like its code.
        var atTheOther = await phone.OpenAsync(url, next => next.Replace("/operators/sim/", "/operators/evil/", StringComparison.Ordinal));
        // The other operator's word at the honest one's callback.
        var query = QueryHelpers.ParseQuery(new Uri(url).Query);
        using var http = new HttpClient { BaseAddress = new Uri(stage.Server.Origin) };
        var mixed = await Reply.ReadAsync(await http.GetAsync(
            $"/operators/sim/callback?code=stolen&state={query["state"]}&iss={Uri.EscapeDataString(evil.Origin)}",
            TestContext.Current.CancellationToken));

        Assert.Equal(400, atTheOther.Status);
        Assert.Equal(Check.OtpFollows, await check.FinishAsync(mixed.Text("vfp")));
        Assert.Equal("mobile-auth not available (the operator's answer does not hold (issuer)), otp follows", await check.LastAsync());
        Assert.DoesNotContain(await evil.CallsAsync(), call => call.Contains("/token", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_operator_may_offer_the_older_path()
    {
        await using var stage = await OperatorStage.SetAsync(new Dictionary<string, string?> { ["ApiVersion"] = "v1" });
        var check = await stage.BeginAsync();

        Assert.Equal(Check.Done, await check.RunAsync());
        Assert.Contains(await stage.Network.CallsAsync(), call => call == "POST /number-verification/v1/verify 200");
    }
}
