using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Possession.MobileAuth;
using Countersign.Providers.Sandbox;
using Microsoft.AspNetCore.WebUtilities;

namespace Countersign.Providers.Tests.Sandbox;

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
