using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Texts;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Whole.Kannel;

/// <summary>
/// Whole flows in Live over the real Kannel: from the call that wants a text to the SMSC, back with its receipts, and on to the next
/// gateway (an outbox) where that is what the documents promise.
/// </summary>
public sealed partial class KannelFlowTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly int _port = Ports.Free();
    private RealKannel _kannel = null!;
    private TestServer _server = null!;
    private KeptReceipts _receipts = null!;
    private Credentials _project = null!;

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _kannel = await RealKannel.StartAsync($"http://127.0.0.1:{_port}/gateways/main/inbound/{RealKannel.InboundSecret}");

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
        await _kannel.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_code_that_came_over_the_air_proves_and_its_text_is_known_as_delivered()
    {
        await StartAsync();
        var (page, flow) = await SendAsync("+12025550142");
        var submitted = await _kannel.SmscAsync("submitted", "12025550142");
        await _receipts.WaitForAsync(ReceiptState.Delivered);

        var done = await page.Enter(CodeIn((string)submitted["text"]!));

        Assert.Equal("done", (string?)done["next"]);
        Assert.Equal("success", (await _server.StatusAsync(flow.ToString(), _project)).Text("possessionResult"));
        var text = Assert.Single(await TextsAsync(flow));
        Assert.Equal((TextState.Delivered, "main"), (text.Fate.State, Assert.Single(text.Fate.Attempts).Gateway.ToString()));
        Assert.Empty(Papers());
    }

    [Fact]
    public async Task A_text_that_the_operator_throttles_goes_to_the_next_gateway_after_eight_seconds_with_the_same_code()
    {
        await StartAsync();
        var (page, flow) = await SendAsync("+12025551002");
        await _kannel.SmscAsync("refused", "12025551002");
        var before = Papers();

        await _server.AdvanceAsync(TimeSpan.FromSeconds(8.1));

        Assert.Empty(before);
        var code = CodeIn((string)Assert.Single(Papers())["text"]!);
        Assert.Equal("done", (string?)(await page.Enter(code))["next"]);
        Assert.Equal(["main", "paper"], Assert.Single(await TextsAsync(flow)).Fate.Attempts.Select(attempt => attempt.Gateway.ToString()));
    }

    [Fact]
    public async Task While_the_operator_is_away_the_next_gateway_gets_the_text_after_eight_seconds()
    {
        await StartAsync();
        await _kannel.SmscDownAsync();
        await SendAsync("+12025550142");
        var before = Papers();

        await _server.AdvanceAsync(TimeSpan.FromSeconds(8.1));

        Assert.Empty(before);
        Assert.Single(Papers());
    }

    [Fact]
    public async Task With_a_wrong_password_or_without_smsbox_the_next_gateway_gets_the_text_at_once()
    {
        await StartAsync(password: "wrong");
        var (_, first) = await SendAsync("+12025550142");
        var afterFirst = Papers().Count;
        await _kannel.StopSmsboxAsync();
        var (_, second) = await SendAsync("+12025550143");

        Assert.Equal((1, 2), (afterFirst, Papers().Count));
        Assert.Equal(SmsRefusal.AuthFailed, Assert.Single(await TextsAsync(first)).Fate.Attempt(1)!.Why);
        Assert.Equal(SmsRefusal.ProviderDown, Assert.Single(await TextsAsync(second)).Fate.Attempt(1)!.Why);
    }

    [Fact]
    public async Task What_the_operator_refuses_goes_to_the_next_gateway_and_what_it_could_not_deliver_does_not()
    {
        await StartAsync();
        await SendAsync("+12025551003");
        await _receipts.WaitForAsync(ReceiptState.Rejected);
        // A receipt's sender does not wait for the next gateway: somebody looks within the second.
        await _server.AdvanceAsync(TimeSpan.FromSeconds(1));
        var afterRefusal = Papers().Count;
        var (_, undelivered) = await SendAsync("+12025551000");
        await _receipts.WaitForAsync(ReceiptState.Undelivered);
        await _server.AdvanceAsync(TimeSpan.FromSeconds(1));

        Assert.Equal((1, 1), (afterRefusal, Papers().Count));
        Assert.Equal(TextState.Undelivered, Assert.Single(await TextsAsync(undelivered)).Fate.State);
    }

    [Fact]
    public async Task Without_a_final_receipt_the_text_is_not_sent_again_and_its_code_is_good()
    {
        await StartAsync();
        var (page, flow) = await SendAsync("+12025551004");
        var submitted = await _kannel.SmscAsync("submitted", "12025551004");
        await _receipts.WaitForAsync(ReceiptState.Enroute);

        await _server.AdvanceAsync(TimeSpan.FromSeconds(60));

        Assert.Empty(Papers());
        Assert.Equal(TextState.Sent, Assert.Single(await TextsAsync(flow)).Fate.State);
        Assert.Equal("done", (string?)(await page.Enter(CodeIn((string)submitted["text"]!)))["next"]);
    }

    [Fact]
    public async Task A_person_who_wrote_STOP_gets_no_text()
    {
        await StartAsync();
        await _server.Services.GetRequiredService<ISuppressionList>()
            .SuppressAsync(PhoneNumber.Parse("+12025550147"), "12345", TimeProvider.System.GetUtcNow(), Test);

        var (_, flow) = await SendAsync("+12025550147");

        Assert.Empty(Papers());
        Assert.Equal(TextState.Refused, Assert.Single(await TextsAsync(flow)).Fate.State);
        Assert.Equal("failed", (await _server.StatusAsync(flow.ToString(), _project)).Text("possessionResult"));
    }

    private async Task StartAsync(string password = RealKannel.Password)
    {
        var settings = new Dictionary<string, string?>(TestServer.Live)
        {
            ["urls"] = $"http://127.0.0.1:{_port}",
            ["Countersign:Gateways:main:Type"] = "kannel",
            ["Countersign:Gateways:main:Url"] = _kannel.SendUrl,
            ["Countersign:Gateways:main:Username"] = RealKannel.Username,
            ["Countersign:Gateways:main:Password"] = password,
            ["Countersign:Gateways:main:Sender"] = "12345",
            ["Countersign:Gateways:main:CallbackUrl"] = $"http://127.0.0.1:{_port}",
            ["Countersign:Gateways:paper:Type"] = "outbox",
            ["Countersign:Gateways:paper:File"] = _folder.File("texts.jsonl"),
            ["Countersign:TextRoutes:0:Countries:0"] = "*",
            ["Countersign:TextRoutes:0:Gateways:0"] = "main",
            ["Countersign:TextRoutes:0:Gateways:1"] = "paper",
        };
        _receipts = new KeptReceipts(() => _server.Services.GetRequiredService<FlowRunner>());
        _server = await TestServer.StartAsync(settings: settings, substitute: builder =>
            builder.Services.AddSingleton<ITextReceipts>(_receipts));
        _project = await _server.AddProjectAsync("shop");
    }

    /// <summary>Begins a flow whose text is on its way when this returns.</summary>
    private async Task<(Page Page, CorrelationId Flow)> SendAsync(string number)
    {
        var begun = await _server.BeginAsync("mobile", number, credentials: _project);
        var page = _server.Browser(begun.AuthToken!);
        await page.Post("mobile/instant/start");
        await page.Post("mobile/otp/start");
        Assert.True(CorrelationId.TryParse(begun.Id, out var id));
        return (page, id);
    }

    private Task<IReadOnlyList<StoredText>> TextsAsync(CorrelationId flow) =>
        _server.Services.GetRequiredService<ITextStore>().ListAsync(flow, Test);

    /// <summary>What the second gateway was given.</summary>
    private IReadOnlyList<JsonNode> Papers() =>
        File.Exists(_folder.File("texts.jsonl")) ? [.. File.ReadAllLines(_folder.File("texts.jsonl")).Select(line => JsonNode.Parse(line)!)]
            : [];

    private static string CodeIn(string text) => Code().Match(text).Value;

    [GeneratedRegex("[0-9]{6}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Code();
}
