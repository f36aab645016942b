using System.Text;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Possession.MobileAuth;
using Microsoft.AspNetCore.WebUtilities;

namespace Countersign.Providers.Tests.Extending;

public sealed class HomeNetworkVerifierTests : NumberVerifierContract
{
    private static readonly byte[] _key = Encoding.UTF8.GetBytes("shared with the home network's service");

    private readonly HomeNetworkVerifier _verifier = new(new Uri("https://whoami.home.example/"), _key);

    protected override INumberVerifier Verifier => _verifier;
    protected override string Passes => "+12025550142";
    protected override string OtherNumber => "+12025550143";
    protected override string NotAvailable => "+12025550144";

    public override ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected override Task<Secret> BrowseAsync(Flow flow, string redirectUrl)
    {
        var proof = QueryHelpers.ParseQuery(new Uri(redirectUrl).Query)["proof"].ToString();
        var signature = flow.Number.E164 == NotAvailable ? "an outage" : HomeNetworkVerifier.Sign(_key, Passes, proof);
        return Task.FromResult(new Secret($"{Passes}.{proof}.{signature}"));
    }
}
