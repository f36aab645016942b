using System.Net;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Possession.MobileAuth;

namespace Countersign.Testing;

/// <summary>What is true of every <see cref="INumberVerifier"/>, whoever is behind it.</summary>
public abstract class NumberVerifierContract : IAsyncLifetime
{
    private static readonly Secret _proof = new("0123456789abcdef0123456789abcdef");

    public abstract ValueTask InitializeAsync();

    public abstract ValueTask DisposeAsync();

    [Fact]
    public async Task The_browser_brings_back_the_proof_it_was_sent_with_and_the_number_is_confirmed()
    {
        var flow = NewFlow(Passes);

        var returned = await BrowseAsync(flow, await OpenAsync(flow, _proof));

        Assert.Equal(_proof, Verifier.ReadProof(flow, returned));
        Assert.IsType<NumberAnswer.SameNumber>(await Verifier.CompleteAsync(flow, returned, Stop));
    }

    [Fact]
    public async Task Another_number_is_told_as_such()
    {
        var flow = NewFlow(OtherNumber);

        var returned = await BrowseAsync(flow, await OpenAsync(flow, _proof));

        Assert.IsType<NumberAnswer.OtherNumber>(await Verifier.CompleteAsync(flow, returned, Stop));
    }

    [Fact]
    public async Task A_network_that_cannot_be_asked_says_why_and_says_no_number()
    {
        var flow = NewFlow(NotAvailable);

        var check = await Verifier.BeginAsync(flow, _proof, Connection, Stop);
        var reason = check switch
        {
            NumberCheck.NotAvailable refused => refused.Reason,
            NumberCheck.Open open =>
                ((NumberAnswer.NotAvailable)await Verifier.CompleteAsync(flow, await BrowseAsync(flow, open.RedirectUrl), Stop)).Reason,
            _ => "",
        };

        Assert.InRange(reason.Length, 5, 100);
        Assert.DoesNotContain(reason, char.IsDigit);
    }

    [Fact]
    public async Task The_address_names_no_number()
    {
        var flow = NewFlow(Passes);

        Assert.DoesNotContain(flow.Number.E164[2..], await OpenAsync(flow, _proof), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_checks_have_two_addresses()
    {
        var flow = NewFlow(Passes);

        Assert.NotEqual(await OpenAsync(flow, _proof), await OpenAsync(flow, new Secret("fedcba9876543210fedcba9876543210")));
    }

    [Fact]
    public async Task What_was_brought_back_twice_gets_the_same_answer_twice()
    {
        var flow = NewFlow(Passes);
        var returned = await BrowseAsync(flow, await OpenAsync(flow, _proof));

        var answers = await Task.WhenAll(Verifier.CompleteAsync(flow, returned, Stop), Verifier.CompleteAsync(flow, returned, Stop));

        Assert.All(answers, answer => Assert.IsType<NumberAnswer.SameNumber>(answer));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("not base64 at all \u0000 ü")]
    [InlineData("AAAA.BBBB.CCCC")]
    [InlineData("AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi8w")]
    public async Task What_was_never_given_out_does_not_carry_the_proof_and_throws_nothing(string returned)
    {
        var flow = NewFlow(Passes);
        await OpenAsync(flow, _proof);

        Assert.NotEqual(_proof, Verifier.ReadProof(flow, new Secret(returned)));
    }

    [Fact]
    public async Task What_another_flow_brought_back_does_not_carry_this_ones_proof()
    {
        var (mine, other) = (NewFlow(Passes), NewFlow(Passes));
        await OpenAsync(mine, _proof);

        var returned = await BrowseAsync(other, await OpenAsync(other, new Secret("fedcba9876543210fedcba9876543210")));

        Assert.NotEqual(_proof, Verifier.ReadProof(mine, returned));
    }

    protected abstract INumberVerifier Verifier { get; }

    /// <summary>A number that the connection has.</summary>
    protected abstract string Passes { get; }

    /// <summary>A number that another connection has.</summary>
    protected abstract string OtherNumber { get; }

    /// <summary>A number for which the network cannot say.</summary>
    protected abstract string NotAvailable { get; }

    /// <summary>What a browser does with the address it is given, and what it has in hand then.</summary>
    protected abstract Task<Secret> BrowseAsync(Flow flow, string redirectUrl);

    protected virtual BrowserConnection Connection { get; } = new(IPAddress.Loopback, MobileAuthTransport.Fetch);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private async Task<string> OpenAsync(Flow flow, Secret proof) =>
        Assert.IsType<NumberCheck.Open>(await Verifier.BeginAsync(flow, proof, Connection, Stop)).RedirectUrl;

    private static Flow NewFlow(string number)
    {
        var now = new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);
        return new Flow
        {
            Id = CorrelationId.New(now),
            ProjectId = ProjectId.Parse("shop"),
            Type = FlowType.Mobile,
            Number = PhoneNumber.Parse(number),
            CreatedAt = now,
            ExpiresAt = now.AddMinutes(15),
            Possession = new Core.Possession.PossessionState.Ready(Core.Possession.PossessionPlan.Mobile),
            Tail = new Core.VerifiedUser.VerifiedUserState.AwaitingPossession(),
        };
    }
}
