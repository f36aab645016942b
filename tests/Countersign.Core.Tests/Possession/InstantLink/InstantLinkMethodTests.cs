using System.Buffers.Text;
using Countersign.Core.Flows;
using Countersign.Core.Keys;
using Countersign.Core.Numbers;
using Countersign.Core.Possession;
using Countersign.Core.Possession.InstantLink;
using Countersign.Core.Projects;
using Countersign.Core.Tests.Fakes;
using Countersign.Core.Texts;
using Countersign.Core.Unify;

namespace Countersign.Core.Tests.Possession.InstantLink;

public sealed class InstantLinkMethodTests
{
    private const string Origin = "https://id.example";

    private static readonly PhoneNumber _other = PhoneNumber.Parse("+12025550143");
    private static readonly SecretHasher _hasher = new(new byte[32]);
    private static readonly Project _shop = new(ProjectId.Parse("shop"), "Shop", new ProjectSettings());
    private static readonly SeenBrowser _desktop = new(BrowserFamily.Chrome, BrowserPlatform.Windows, "203.0.113.7", HashOf(1));
    private static readonly SeenBrowser _phone = new(BrowserFamily.Safari, BrowserPlatform.IPhone, "203.0.113.9", HashOf(2));

    private readonly InstantLinkMethod _method;

    public InstantLinkMethodTests()
    {
        var options = new PossessionOptions();
        var numbers = new NumberChange(new Admits(new Admission.Admitted(_other)), new TenDigits(), options);
        _method = new InstantLinkMethod(new PublicAddress(() => Origin), numbers, _hasher, options);
    }

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("attack", "L07")]
    public async Task A_link_has_128_bits_of_chance()
    {
        var tokens = new HashSet<string>(StringComparer.Ordinal);

        for (var i = 0; i < 500; i++)
        {
            tokens.Add(TokenOf((await SendAsync(Desktop())).Text!));
        }

        Assert.Equal(500, tokens.Count);
        Assert.All(tokens, token => Assert.Equal(128, 8 * Base64Url.DecodeFromChars(token).Length));
        // None of them stays the same.
        Assert.All(Enumerable.Range(0, 22), place =>
            Assert.NotEqual(1, tokens.Select(token => token[place]).Distinct().Count()));
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 3)]
    public async Task A_link_goes_out_by_which_its_flow_is_found(bool hasDigits, int entries)
    {
        var (flow, text) = await SendAsync(hasDigits ? WithDigits("123456") : Desktop());

        var challenge = ((PossessionState.Challenged)flow.Possession).Challenge;
        Assert.Equal((entries, Sample.Now.AddMinutes(3)), (challenge.Limits.Entries, challenge.Deadline));
        Assert.Equal(
            new OutgoingText(text!.Id, flow.Id, flow.Number, TextKind.Link, text.Text, text.Proof, Sample.Now, challenge.Deadline)
            {
                Project = flow.ProjectId, Subject = flow.Subject,
            },
            text);
        Assert.StartsWith("https://id.example/l/", text.Proof.Reveal(), StringComparison.Ordinal);
        Assert.Equal(_method.LinkLength, text.Proof.Reveal().Length);
        Assert.Equal(_method.HashOf(TokenOf(text)), challenge.Proof);
        Assert.Contains($"Shop: tap to confirm it is you: {text.Proof.Reveal()}\n", text.Text.Reveal(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_of_the_relying_party_carries_the_link()
    {
        var (_, text) = await SendAsync(Desktop() with { SmsMessage = "Shop: ####" });

        Assert.Equal($"Shop: {text!.Proof.Reveal()}", text.Text.Reveal());
    }

    [Theory]
    [Trait("attack", "L06")]
    [InlineData(false, 60, false)]
    [InlineData(true, 29, false)]
    [InlineData(true, 30, true)]
    public async Task While_a_link_is_out_another_goes_out_when_it_is_asked_for_after_a_while(bool isResend, int seconds, bool isSent)
    {
        var (flow, first) = await SendAsync(Desktop());

        var (decision, _) = await _method.SendAsync(
            flow, null, isResend, _desktop, _shop, Sample.Now.AddSeconds(seconds), Test);
        var after = decision.Flow;

        Assert.Equal((isSent, isSent), (decision.Text is not null, decision.IsResend));
        // The new one takes the place of the one that is out.
        Assert.Equal(!isSent, ((PossessionState.Challenged)after.Possession).Challenge.Proof == _method.HashOf(TokenOf(first!)));
    }

    [Fact]
    public async Task A_flow_that_waits_for_a_code_sends_no_link()
    {
        var flow = Sample.Challenged(PossessionMethod.Otp);

        var (after, text) = await SendAsync(flow, isResend: true, Sample.Now.AddMinutes(1));

        Assert.Equal((flow, null), (after, text));
    }

    [Fact]
    public async Task After_three_more_no_link_goes_out()
    {
        var (flow, _) = await SendAsync(Desktop());
        var sent = 0;
        for (var minute = 1; minute <= 4; minute++)
        {
            (flow, var text) = await SendAsync(flow, isResend: true, Sample.Now.AddMinutes(minute));
            sent += text is null ? 0 : 1;
        }

        Assert.Equal(3, sent);
        Assert.Equal(Sample.Now.AddMinutes(3), ((PossessionState.Challenged)flow.Possession).Challenge.SentAt);
    }

    [Theory]
    [InlineData(null, "", true, "Succeeded")]
    [InlineData(null, "", false, "Challenged")]
    [InlineData("123456", "123456", true, "Succeeded")]
    [InlineData("123456", "123456", false, "Challenged")]
    [InlineData("123456", "123457", true, "Challenged")]
    public async Task A_press_counts_with_the_link_that_is_out_and_the_right_digits(
        string? shown, string typed, bool isOut, string expected)
    {
        var (flow, text) = await SendAsync(shown is null ? Desktop() : WithDigits(shown));
        var link = isOut ? _method.HashOf(TokenOf(text!)) : _method.HashOf("another");

        var after = _method.Confirm(flow, link, new Secret(typed), _phone, Sample.Now);

        Assert.Equal(expected, after.Possession.GetType().Name);
        Assert.Equal(isOut && expected == "Challenged" ? 1 : 0, (after.Possession as PossessionState.Challenged)?.WrongEntries ?? 0);
    }

    [Theory]
    [InlineData("203.0.113.7", 1, true)]
    [InlineData("203.0.113.8", 1, false)]
    [InlineData("203.0.113.7", 2, false)]
    [InlineData(null, 1, false)]
    public async Task A_press_in_the_browser_that_began_is_kept_as_such(string? address, byte agent, bool isSame)
    {
        var (flow, text) = await SendAsync(Desktop());
        var (resent, _) = await SendAsync(flow, isResend: true, Sample.Now.AddMinutes(1));

        var after = _method.Confirm(
            flow, _method.HashOf(TokenOf(text!)), default, _desktop with { Address = address, Agent = HashOf(agent) }, Sample.Now);

        Assert.Equal((_desktop, _desktop), (flow.BegunBy, resent.BegunBy));
        Assert.Equal((typeof(PossessionState.Succeeded), isSame), (after.Possession.GetType(), after.IsSameDevice));
    }

    [Fact]
    public async Task The_browser_that_asked_first_is_the_one_that_began()
    {
        var (flow, _) = await SendAsync(Desktop());

        var (resent, _) = await _method.SendAsync(flow, null, isResend: true, _phone, _shop, Sample.Now.AddMinutes(1), Test);

        Assert.NotEqual(flow.Possession, resent.Flow.Possession);
        Assert.Equal(_desktop, resent.Flow.BegunBy);
    }

    [Fact]
    public async Task The_third_wrong_digits_end_it()
    {
        var (flow, text) = await SendAsync(WithDigits("123456"));

        for (var entry = 0; entry < 3; entry++)
        {
            flow = _method.Confirm(flow, _method.HashOf(TokenOf(text!)), new Secret("654321"), _phone, Sample.Now);
        }

        Assert.Equal(new PossessionState.Failed(PossessionFailure.WrongProof), flow.Possession);
    }

    [Fact]
    public async Task Another_number_gets_a_link_of_its_own()
    {
        var (flow, first) = await SendAsync(Desktop() with
        {
            Name = null,
            Tail = new UnifyProgress(new UnifyState.AwaitingPossession()),
        });

        var (decision, refused) = await _method.SendAsync(flow, "2025550143", isResend: false, _desktop, _shop, Sample.Now, Test);

        Assert.Null(refused);
        Assert.Equal((_other, _other), (decision.Flow.Number, decision.Text!.To));
        Assert.Same(decision.Flow, _method.Confirm(decision.Flow, _method.HashOf(TokenOf(first!)), default, _phone, Sample.Now));
    }

    [Fact]
    public async Task At_another_method_and_to_a_number_that_is_not_taken_nothing_is_sent()
    {
        var mobile = Sample.Flow();

        var (elsewhere, _) = await _method.SendAsync(mobile, null, isResend: false, _desktop, _shop, Sample.Now, Test);
        var (kept, refused) = await _method.SendAsync(Desktop(), "2025550143", isResend: false, _desktop, _shop, Sample.Now, Test);

        Assert.Equal(new Decision(mobile), elsewhere);
        Assert.Equal((null, NumberRefusal.Fixed), (kept.Text, refused));
    }

    private static SecretHash HashOf(byte agent) => _hasher.Hash("browser", new Secret($"{agent}"));

    private static Flow Desktop() => Sample.Flow(FlowType.Desktop);

    private static Flow WithDigits(string digits) =>
        Desktop() is var flow ? flow with { MatchDigits = MatchDigits.HashOf(_hasher, flow.Id, new Secret(digits)) } : flow;

    private static string TokenOf(OutgoingText text) => text.Proof.Reveal()[(Origin + LinkAddress.Path).Length..];

    private async Task<(Flow Flow, OutgoingText? Text)> SendAsync(Flow flow, bool isResend = false, DateTimeOffset? now = null)
    {
        var (decision, refused) =
            await _method.SendAsync(flow, null, isResend, _desktop, _shop, now ?? Sample.Now, Test);
        Assert.Null(refused);
        return (decision.Flow, decision.Text);
    }
}
