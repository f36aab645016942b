using System.Text;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Possession.MobileAuth;
using Countersign.Providers.Sandbox;
using Countersign.Providers.Tests.Extending;
using Microsoft.AspNetCore.WebUtilities;

namespace Countersign.Providers.Tests.Contracts;

public sealed class SandboxNumberVerifierTests : NumberVerifierContract
{
    private readonly SandboxNumberVerifier _verifier = new(TestUsers.Load(), new PublicAddress(() => "http://127.0.0.1:8080"));

    protected override INumberVerifier Verifier => _verifier;
    protected override string Passes => "2001009001";
    protected override string OtherNumber => "2001009003";
    protected override string NotAvailable => "2001009002";

    public override ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected override Task<Secret> BrowseAsync(Flow flow, string redirectUrl) =>
        Task.FromResult(new Secret(QueryHelpers.ParseQuery(new Uri(redirectUrl).Query)["testVfp"].ToString()));
}

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
