using System.Threading.Channels;
using Countersign.Core;
using Countersign.Core.Keys;
using Countersign.Core.Texts;
using Countersign.Server.Security;
using Countersign.Server.Tests.Fixtures;
using Countersign.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Providers.Sms.Kannel;

/// <summary>
/// The adapter and the receipts endpoint with the real Kannel, over SMPP to an SMSC and back. What follows from a receipt is tested
/// elsewhere.
/// </summary>
public sealed class RealKannelTests(RealKannelStage stage) : IClassFixture<RealKannelStage>
{
    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_text_reaches_the_SMSC_and_its_receipts_come_back()
    {
        var text = stage.Text("+12025550142", "Your code is 1234.", sender: "MyBrand");

        var result = await stage.Gateway.SubmitAsync(text, Test);
        var submitted = await stage.Kannel.SmscAsync("submitted", "12025550142");
        var states = await stage.ReceiptsAsync(text, 2);

        Assert.Equal(new SmsResult.Accepted(), result);
        Assert.Equal(
            ("Your code is 1234.", "MyBrand", 0), ((string)submitted["text"]!, (string)submitted["from"]!, (int)submitted["coding"]!));
        Assert.Equal([ReceiptState.Enroute, ReceiptState.Delivered], states.Order());
        // Two minutes, as it was told; Kannel makes a moment of it.
        var validity = DateTimeOffset.Parse((string)submitted["validity"]!, System.Globalization.CultureInfo.InvariantCulture)
            - TimeProvider.System.GetUtcNow();
        Assert.InRange(validity, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2.1));
    }

    public static TheoryData<string, int, int> Texts => new()
    {
        { "5 € {a} [b] ~ | ^ \\ ñ Ä ß £ ¥ Δ @ $ _", 0, 1 },
        { "Line one\nline two\n\n@shop.example #1234", 0, 1 },
        { "  spaces at both ends  ", 0, 1 },
        { "Ваш код 1234 😀 “quoted”\nline two", 8, 1 },
        { "你的驗證碼是 1234", 8, 1 },
        { new string('a', 152) + "€" + new string('b', 40), 0, 2 },
        { new string('ж', 66) + "😀" + new string('я', 20), 8, 2 },
        { "x", 0, 1 },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task A_text_arrives_as_it_is(string words, int coding, int parts)
    {
        var to = $"+1202555{1000 + stage.NextNumber()}";
        var text = stage.Text(to, words);

        await stage.Gateway.SubmitAsync(text, Test);
        var submitted = await stage.Kannel.SmscAsync("submitted", to[1..]);

        Assert.Equal((words, coding, parts), ((string)submitted["text"]!, (int)submitted["coding"]!, (int)submitted["parts"]!));
        Assert.Equal(parts, SmsAlphabet.CountSegments(words));
        // Of a text in parts Kannel asks for one receipt.
        Assert.Equal([ReceiptState.Enroute, ReceiptState.Delivered], (await stage.ReceiptsAsync(text, 2)).Order());
    }

    [Theory]
    [InlineData("+12025551000", new[] { ReceiptState.Enroute, ReceiptState.Undelivered })]
    [InlineData("+12025551001", new[] { ReceiptState.Enroute, ReceiptState.Expired })]
    [InlineData("+12025551003", new[] { ReceiptState.Rejected })]
    // Kannel passes on the first of two, and none that came before the SMSC's own answer.
    [InlineData("+12025551004", new[] { ReceiptState.Enroute })]
    [InlineData("+12025551005", new[] { ReceiptState.Enroute, ReceiptState.Delivered })]
    [InlineData("+12025551006", new[] { ReceiptState.Enroute })]
    public async Task What_becomes_of_a_text_is_told(string to, ReceiptState[] expected)
    {
        var text = stage.Text(to, "Your code is 1234.");
        var after = stage.Text("+12025550199", "The one after it.");

        var result = await stage.Gateway.SubmitAsync(text, Test);
        var states = await stage.ReceiptsAsync(text, expected.Length);
        // One that comes later says that nothing is under way any more.
        await stage.Gateway.SubmitAsync(after, Test);
        await stage.ReceiptsAsync(after, 2);

        Assert.Equal(new SmsResult.Accepted(), result);
        Assert.Equal(expected, states.Order());
        Assert.Equal(expected.Length, stage.CountReceipts(text));
    }

    [Fact]
    public async Task The_same_receipt_may_come_twice()
    {
        var text = stage.Text("+12025550143", "Your code is 1234.");
        await stage.Gateway.SubmitAsync(text, Test);
        await stage.ReceiptsAsync(text, 2);

        using var again = new HttpRequestMessage(
            HttpMethod.Get, $"/gateways/kannel/receipts/{text.ReceiptToken.Reveal()}?type=1&reply=id%3A1+stat%3ADELIVRD+err%3A000");
        var reply = await stage.Server.SendAsync(again);

        Assert.Equal(204, reply.Status);
        Assert.Equal(3, stage.CountReceipts(text));
    }

    [Fact]
    public async Task A_receipt_may_come_before_the_answer_to_the_submission()
    {
        var text = stage.Text("+12025550144", "Your code is 1234.");
        await using var slow = await ProviderDouble.StartAsync();
        var mayAnswer = new TaskCompletionSource();
        using var client = new HttpClient();
        // What Kannel answers is held back until its last receipt is here.
        slow.Does(async (context, request) =>
        {
            using var passed = new HttpRequestMessage(
                HttpMethod.Post, stage.Kannel.SendUrl) { Content = new ByteArrayContent(request.Body) };
            foreach (var (name, value) in request.Headers.Where(header =>
                header.Key.StartsWith("X-Kannel", StringComparison.OrdinalIgnoreCase)))
            {
                passed.Headers.TryAddWithoutValidation(name, value);
            }
            passed.Content.Headers.TryAddWithoutValidation("Content-Type", request.Header("Content-Type"));
            using var answer = await client.SendAsync(passed, Test);
            await mayAnswer.Task;
            await new ProviderReply((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(Test), "text/html").WriteAsync(context);
        });
        await using var server = await RealKannelStage.StartServerAsync(
            slow.Address + "cgi-bin/sendsms", stage.Port, stage.Receipts, listens: false);
        var gateway = server.Services.GetServices<ISmsGateway>().Single(gateway => gateway.Name == GatewayName.Parse("kannel"));

        var submitting = gateway.SubmitAsync(text, Test);
        var states = await stage.ReceiptsAsync(text, 2);
        var wasAnswered = submitting.IsCompleted;
        mayAnswer.SetResult();

        Assert.Equal([ReceiptState.Enroute, ReceiptState.Delivered], states.Order());
        Assert.Equal((false, new SmsResult.Accepted()), (wasAnswered, await submitting));
    }

    [Fact]
    public async Task A_wrong_password_is_named()
    {
        var wrong = stage.Server.Services.GetServices<ISmsGateway>().Single(gateway => gateway.Name == GatewayName.Parse("wrong"));

        Assert.Equal(
            new SmsResult.Rejected(SmsRefusal.AuthFailed), await wrong.SubmitAsync(stage.Text("+12025550145", "Your code is 1234."), Test));
    }

    [Fact]
    public async Task A_person_s_STOP_comes_through_and_START_lifts_it()
    {
        var suppressions = (WatchedSuppressions)stage.Server.Services.GetRequiredService<ISuppressionList>();
        var person = PhoneNumber.Parse("+12025550146");

        await stage.Kannel.WriteAsync("12025550146", "12345", "Stop");
        await suppressions.ChangeAsync();
        var stopped = await suppressions.IsSuppressedAsync(person, "12345", Test);
        await stage.Kannel.WriteAsync("12025550146", "12345", "START");
        await suppressions.ChangeAsync();

        Assert.Equal((true, false), (stopped, await suppressions.IsSuppressedAsync(person, "12345", Test)));
    }
}

/// <summary>Troubles that would stand in other tests' way, each with a Kannel of its own.</summary>
public sealed class RealKannelTroubleTests : IAsyncLifetime
{
    private readonly RealKannelStage _stage = new();

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _stage.InitializeAsync();

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task While_the_operator_is_away_Kannel_keeps_the_text_and_nothing_is_heard_until_it_is_back()
    {
        await _stage.Kannel.SmscDownAsync();
        var text = _stage.Text("+12025550142", "Your code is 1234.");

        var result = await _stage.Gateway.SubmitAsync(text, Test);
        var heard = _stage.CountReceipts(text);
        await _stage.Kannel.SmscUpAsync();

        Assert.Equal((new SmsResult.Accepted(), 0), (result, heard));
        Assert.Equal([ReceiptState.Enroute, ReceiptState.Delivered], (await _stage.ReceiptsAsync(text, 2)).Order());
    }

    [Fact]
    public async Task A_text_that_the_operator_throttles_is_taken_and_never_heard_of()
    {
        var text = _stage.Text("+12025551002", "Your code is 1234.");

        var result = await _stage.Gateway.SubmitAsync(text, Test);
        await _stage.Kannel.SmscAsync("refused", "12025551002");

        // Kannel tries on by itself; the deadline decides, and the next gateway.
        Assert.Equal((new SmsResult.Accepted(), 0), (result, _stage.CountReceipts(text)));
    }

    [Fact]
    public async Task Where_smsbox_has_ended_nothing_was_taken()
    {
        await _stage.Kannel.StopSmsboxAsync();

        Assert.Equal(
            new SmsResult.Rejected(SmsRefusal.ProviderDown),
            await _stage.Gateway.SubmitAsync(_stage.Text("+12025550142", "Your code is 1234."), Test));
    }
}

/// <summary>A server in Live whose gateway is the real Kannel, and what its receipts endpoint has heard.</summary>
public sealed class RealKannelStage : IAsyncLifetime
{
    private int _numbers;
    private int _tokens;

    internal RealKannel Kannel { get; private set; } = null!;

    internal TestServer Server { get; private set; } = null!;

    internal KeptReceipts Receipts { get; } = new();

    internal int Port { get; } = Ports.Free();

    internal ISmsGateway Gateway =>
        Server.Services.GetServices<ISmsGateway>().Single(gateway => gateway.Name == GatewayName.Parse("kannel"));

    public async ValueTask InitializeAsync()
    {
        Kannel = await RealKannel.StartAsync($"http://127.0.0.1:{Port}/gateways/kannel/inbound/{RealKannel.InboundSecret}");
        Server = await StartServerAsync(Kannel.SendUrl, Port, Receipts);
    }

    public async ValueTask DisposeAsync()
    {
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }
        if (Kannel is not null)
        {
            await Kannel.DisposeAsync();
        }
    }

    /// <param name="port">Where receipts go.</param>
    /// <param name="listens">Whether this server is the one at that port.</param>
    internal static Task<TestServer> StartServerAsync(string sendUrl, int port, KeptReceipts receipts, bool listens = true)
    {
        var settings = new Dictionary<string, string?>(TestServer.Live)
        {
            ["urls"] = listens ? $"http://127.0.0.1:{port}" : "http://127.0.0.1:0",
            ["Countersign:TextRoutes:0:Countries:0"] = "*",
            ["Countersign:TextRoutes:0:Gateways:0"] = "kannel",
        };
        foreach (var (name, password) in (IReadOnlyList<(string, string)>)[("kannel", RealKannel.Password), ("wrong", "wrong")])
        {
            var gateway = $"Countersign:Gateways:{name}:";
            settings[gateway + "Type"] = "kannel";
            settings[gateway + "Url"] = sendUrl;
            settings[gateway + "Username"] = RealKannel.Username;
            settings[gateway + "Password"] = password;
            settings[gateway + "Sender"] = "12345";
            settings[gateway + "InboundSecret"] = RealKannel.InboundSecret;
            settings[gateway + "CallbackUrl"] = $"http://127.0.0.1:{port}";
        }
        return TestServer.StartAsync(settings: settings, substitute: builder => builder.Services
            .AddSingleton<ITextReceipts>(receipts)
            .AddSingleton<ISuppressionList>(p => new WatchedSuppressions(new SuppressionStore(
                p.GetRequiredService<IDatabase>(), new MasterKey(new byte[MasterKey.Size]).CreateSealer(),
                p.GetRequiredService<SecretHasher>(), p.GetRequiredService<INumberPlan>()))));
    }

    internal int NextNumber() => 100 + Interlocked.Increment(ref _numbers);

    internal SmsSubmission Text(string to, string words, string? sender = null)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new SmsSubmission(
            new OutgoingText(
                Guid.CreateVersion7(now), CorrelationId.New(now), PhoneNumber.Parse(to), TextKind.Otp, new Secret(words),
                new Secret("1234"), now, now.AddMinutes(2)),
            1, sender, TimeSpan.FromMinutes(2), new Secret($"token-{Interlocked.Increment(ref _tokens)}"));
    }

    /// <summary>The first so many receipts of a text, in the order they came.</summary>
    internal Task<IReadOnlyList<ReceiptState>> ReceiptsAsync(SmsSubmission text, int count) => Receipts.WaitAsync(text.ReceiptToken, count);

    internal int CountReceipts(SmsSubmission text) => Receipts.Of(text.ReceiptToken).Count;
}

/// <summary>The store's own, and a word to who waits for a change.</summary>
internal sealed class WatchedSuppressions(ISuppressionList inner) : ISuppressionList
{
    private readonly Channel<bool> _changes = Channel.CreateUnbounded<bool>();

    public async Task ChangeAsync() => await _changes.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public Task<bool> IsSuppressedAsync(PhoneNumber to, string? sender, CancellationToken cancellationToken) =>
        inner.IsSuppressedAsync(to, sender, cancellationToken);

    public async Task SuppressAsync(PhoneNumber number, string? sender, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await inner.SuppressAsync(number, sender, at, cancellationToken);
        _changes.Writer.TryWrite(true);
    }

    public Task<IReadOnlyList<Suppression>> ListAsync(PhoneNumber? number, int limit, CancellationToken cancellationToken) =>
        inner.ListAsync(number, limit, cancellationToken);

    public async Task LiftAsync(PhoneNumber number, string? sender, CancellationToken cancellationToken)
    {
        await inner.LiftAsync(number, sender, cancellationToken);
        _changes.Writer.TryWrite(true);
    }
}

/// <summary>Keeps receipts and wakes who waits for them.</summary>
/// <param name="inner">Where they go on to; null keeps them here.</param>
internal sealed class KeptReceipts(Func<ITextReceipts>? inner = null) : ITextReceipts
{
    // Not a time that anything must keep: what never comes shall fail and not hang.
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly List<(Secret Token, ReceiptState State)> _kept = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<ReceiptState> Of(Secret token)
    {
        lock (_gate)
        {
            return [.. _kept.Where(receipt => receipt.Token == token).Select(receipt => receipt.State)];
        }
    }

    public async Task<IReadOnlyList<ReceiptState>> WaitAsync(Secret token, int count)
    {
        while (true)
        {
            Task more;
            lock (_gate)
            {
                more = _more.Task;
            }
            if (Of(token) is var states && states.Count >= count)
            {
                return states;
            }
            await more.WaitAsync(MaxWait, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits until so many of this state are here, of whatever text.</summary>
    public async Task WaitForAsync(ReceiptState state, int count = 1)
    {
        while (true)
        {
            Task more;
            lock (_gate)
            {
                if (_kept.Count(receipt => receipt.State == state) >= count)
                {
                    return;
                }
                more = _more.Task;
            }
            await more.WaitAsync(MaxWait, TestContext.Current.CancellationToken);
        }
    }

    public async Task<bool> ReceiveAsync(
        Secret token, GatewayName gateway, ReceiptState state, string? networkError, CancellationToken cancellationToken)
    {
        var isKnown = inner is null || await inner().ReceiveAsync(token, gateway, state, networkError, cancellationToken);
        lock (_gate)
        {
            _kept.Add((token, state));
            _more.SetResult();
            _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        return isKnown;
    }
}
