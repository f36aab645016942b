using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using Countersign.Core;
using Countersign.Core.Texts;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Endpoints.Gateways;

/// <summary>What providers of gateways call, whatever adapter reads it.</summary>
public sealed class GatewayCallbackTests : IAsyncLifetime
{
    private static readonly PhoneNumber _number = PhoneNumber.Parse("+12025559918");

    private readonly Adapter _adapter = new();
    private readonly KeptReceipts _receipts = new();
    private TestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await StartAsync(TestServer.Live);

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task A_receipt_is_kept_and_answered_with_nothing(string method)
    {
        _adapter.Reads = new CallbackReading.Receipt(new Secret("t-1"), ReceiptState.Delivered, "000");

        var reply = await SendAsync(method, "/gateways/test/receipts/t-1?type=1");
        var again = await SendAsync(method, "/gateways/test/receipts/t-1?type=1");

        Assert.Equal((204, 204, ""), (reply.Status, again.Status, reply.Body));
        Assert.Equal([("t-1", "test", ReceiptState.Delivered, "000"), ("t-1", "test", ReceiptState.Delivered, "000")], _receipts.Kept);
    }

    [Fact]
    public async Task The_adapter_sees_the_request_as_it_was_signed()
    {
        _adapter.Reads = new CallbackReading.Nothing();
        using var request = new HttpRequestMessage(HttpMethod.Post,
            new Uri(_server.Origin + "/gateways/test/receipts/t%2D1?a=%2B1&b=x+y")) { Content = new StringContent("body=1") };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        request.Headers.Add("X-Twilio-Signature", "signed");
        request.Headers.Host = "evil.example";

        var reply = await _server.SendAsync(request);

        var seen = _adapter.Seen!;
        Assert.Equal(204, reply.Status);
        Assert.Equal((CallbackKind.Receipt, "POST", "t-1"), (seen.Kind, seen.Method, seen.Token));
        Assert.Equal("id.example.com", seen.Url.Host);
        Assert.Equal("body=1", Encoding.UTF8.GetString(seen.Body.Span));
        Assert.Equal("signed", seen.Headers["x-twilio-signature"]);
        Assert.Contains("a=%2B1&b=x+y", seen.Url.PathAndQuery, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_gateway_and_an_unknown_token_are_not_found()
    {
        _adapter.Reads = new CallbackReading.Receipt(new Secret("unknown"), ReceiptState.Delivered);

        Assert.Equal(404, (await SendAsync("GET", "/gateways/other/receipts/t-1")).Status);
        Assert.Equal(404, (await SendAsync("GET", "/gateways/test/receipts/unknown")).Status);
        Assert.Equal(404, (await SendAsync("GET", "/gateways/TEST/receipts/t-1")).Status);
    }

    [Fact]
    public async Task What_is_forged_is_refused_and_what_is_unreadable_is_malformed()
    {
        _adapter.Reads = new CallbackReading.Forged();
        var forged = await SendAsync("POST", "/gateways/test/receipts/t-1");
        _adapter.Reads = new CallbackReading.Unreadable();
        var unreadable = await SendAsync("POST", "/gateways/test/inbound");

        Assert.Equal((403, 400), (forged.Status, unreadable.Status));
        Assert.Empty(_receipts.Kept);
        Assert.Contains(_server.Logs.All, line => line.Event.Id == 1520);
        Assert.Contains(_server.Logs.All, line => line.Event.Id == 1521);
    }

    [Theory]
    [InlineData("HEAD")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    public async Task Other_methods_do_nothing(string method)
    {
        _adapter.Reads = new CallbackReading.Receipt(new Secret("t-1"), ReceiptState.Delivered);

        Assert.Equal(405, (await SendAsync(method, "/gateways/test/receipts/t-1")).Status);
        Assert.Empty(_receipts.Kept);
        Assert.Null(_adapter.Seen);
    }

    [Theory]
    [InlineData(64 * 1024, 204)]
    [InlineData((64 * 1024) + 1, 400)]
    public async Task A_body_is_at_most_64_KiB(int length, int status)
    {
        _adapter.Reads = new CallbackReading.Nothing();

        Assert.Equal(status, (await SendAsync("POST", "/gateways/test/receipts/t-1", new string('x', length))).Status);
    }

    [Fact]
    public async Task Stop_is_kept_until_start()
    {
        var suppressions = _server.Services.GetRequiredService<ISuppressions>();

        foreach (var (text, isSuppressed) in (IReadOnlyList<(string, bool)>)[("hello", false), ("STOP", true), ("HELP", true),
            ("start", false), ("StopAll", true), ("UNSTOP", false)])
        {
            Assert.Equal(204, (await WriteAsync(text)).Status);
            Assert.Equal((text, isSuppressed),
                (text, await suppressions.IsSuppressedAsync(_number, "12345", TestContext.Current.CancellationToken)));
        }
    }

    [Theory]
    [InlineData("STOP")]
    [InlineData("STOPALL")]
    [InlineData("opt-out, please")]
    public async Task Stop_to_one_sender_leaves_the_others(string text)
    {
        await WriteAsync(text);
        var suppressions = _server.Services.GetRequiredService<ISuppressions>();

        Assert.True(await suppressions.IsSuppressedAsync(_number, "12345", TestContext.Current.CancellationToken));
        Assert.False(await suppressions.IsSuppressedAsync(_number, "MyBrand", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Help_is_answered_by_the_same_gateway_from_the_sender_that_was_written_to()
    {
        await using var server = await StartAsync(
            new Dictionary<string, string?>(TestServer.Live) { ["Countersign:HelpText"] = "Codes of Example Ltd. help@example.com" });

        using var request = new HttpRequestMessage(HttpMethod.Post, "/gateways/test/inbound") { Content = new StringContent("x") };
        _adapter.Reads = new CallbackReading.Inbound(_number, "12345", new Secret("help"));
        var reply = await server.SendAsync(request);

        Assert.Equal(204, reply.Status);
        var sent = Assert.Single(_adapter.Sent);
        Assert.Equal((_number, "12345", "Codes of Example Ltd. help@example.com", TextKind.Notice),
            (sent.Text.To, sent.Sender, sent.Text.Text.Reveal(), sent.Text.Kind));
    }

    [Theory]
    [InlineData("+", "MyBrand")]
    [InlineData("\u00A0", "MyBrand")]
    [InlineData("a sender that is too long", "MyBrand")]
    [InlineData(null, "MyBrand")]
    [InlineData(" 12345 ", "12345")]
    public async Task Help_is_answered_from_a_sender_that_can_be_one(string? to, string sender)
    {
        await using var server = await StartAsync(new Dictionary<string, string?>(TestServer.Live)
        {
            ["Countersign:HelpText"] = "Codes of Example Ltd.",
            ["Countersign:TextRoutes:0:Countries:0"] = "*",
            ["Countersign:TextRoutes:0:Gateways:0"] = "test",
            ["Countersign:TextRoutes:0:Sender"] = "MyBrand",
        });
        _adapter.Reads = new CallbackReading.Inbound(_number, to, new Secret("help"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/gateways/test/inbound") { Content = new StringContent("x") };

        await server.SendAsync(request);

        Assert.Equal(sender, Assert.Single(_adapter.Sent).Sender);
    }

    [Theory]
    [InlineData("2025550100", "+12025550100")]
    [InlineData("0012025550100", "+12025550100")]
    [InlineData("2025550101", "2025550101")]
    public async Task Help_is_answered_from_a_number_as_the_configuration_writes_it(string to, string sender)
    {
        await using var server = await StartAsync(new Dictionary<string, string?>(TestServer.Live)
        {
            ["Countersign:HelpText"] = "Codes of Example Ltd.",
            ["Countersign:TextRoutes:0:Countries:0"] = "*",
            ["Countersign:TextRoutes:0:Gateways:0"] = "test",
            ["Countersign:TextRoutes:0:Sender"] = "+12025550100",
        });
        _adapter.Reads = new CallbackReading.Inbound(_number, to, new Secret("help"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/gateways/test/inbound") { Content = new StringContent("x") };

        await server.SendAsync(request);

        Assert.Equal(sender, Assert.Single(_adapter.Sent).Sender);
    }

    [Fact]
    public async Task Help_is_answered_once_an_hour_for_each_number_and_sender_and_to_admitted_countries()
    {
        await using var server = await StartAsync(
            new Dictionary<string, string?>(TestServer.Live) { ["Countersign:HelpText"] = "Codes of Example Ltd." });

        foreach (var (from, to, minutes, answers) in (IReadOnlyList<(string, string, int, int)>)
            [("+12025550142", "12345", 0, 1), ("+12025550142", "12345", 59, 1), ("+12025550142", "54321", 0, 2),
                ("+12025550143", "12345", 0, 3),
             ("+12025550142", "12345", 1, 4), ("+23222123456", "12345", 0, 4), ("+870773123456", "12345", 0, 4)])
        {
            await server.AdvanceAsync(TimeSpan.FromMinutes(minutes));
            _adapter.Reads = new CallbackReading.Inbound(PhoneNumber.Parse(from), to, new Secret("help"));
            using var request = new HttpRequestMessage(HttpMethod.Post, "/gateways/test/inbound") { Content = new StringContent("x") };
            Assert.Equal((204, answers), ((await server.SendAsync(request)).Status, _adapter.Sent.Count));
        }
    }

    [Fact]
    public async Task A_gateway_that_fails_on_an_answer_to_help_is_left_alone_as_with_any_text()
    {
        await using var server = await StartAsync(
            new Dictionary<string, string?>(TestServer.Live) { ["Countersign:HelpText"] = "Codes of Example Ltd." });
        var gateways = server.Services.GetRequiredService<ITextGateways>();
        _adapter.Throws = true;

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(GatewayHealth.Well, gateways.HealthOf(GatewayName.Parse("test")));
            _adapter.Reads = new CallbackReading.Inbound(PhoneNumber.Parse($"+12025550{100 + i}"), "12345", new Secret("help"));
            using var request = new HttpRequestMessage(HttpMethod.Post, "/gateways/test/inbound") { Content = new StringContent("x") };
            Assert.Equal(204, (await server.SendAsync(request)).Status);
        }

        Assert.Equal(GatewayHealth.Resting, gateways.HealthOf(GatewayName.Parse("test")));
        Assert.Equal(20, server.Logs.All.Count(line => line.Event.Id == 1524));

        // While it rests nobody asks it; who asks again then is answered.
        _adapter.Throws = false;
        foreach (var (seconds, from, calls) in (IReadOnlyList<(int, string, int)>)
            [(0, "+12025550177", 20), (14, "+12025550178", 20), (0, "+12025550177", 20), (1, "+12025550177", 21), (0, "+12025550178", 22)])
        {
            await server.AdvanceAsync(TimeSpan.FromSeconds(seconds));
            _adapter.Reads = new CallbackReading.Inbound(PhoneNumber.Parse(from), "12345", new Secret("help"));
            using var request = new HttpRequestMessage(HttpMethod.Post, "/gateways/test/inbound") { Content = new StringContent("x") };
            Assert.Equal((204, calls), ((await server.SendAsync(request)).Status, _adapter.Sent.Count));
        }
        Assert.Equal(3, server.Logs.All.Count(line => line.Event.Id == 1525));
    }

    [Fact]
    public async Task A_receipt_for_an_answer_on_help_is_of_no_interest()
    {
        _adapter.Reads = new CallbackReading.Receipt(new Secret("help"), ReceiptState.Delivered);

        Assert.Equal(204, (await SendAsync("GET", "/gateways/test/receipts/help")).Status);
        Assert.Empty(_receipts.Kept);
    }

    [Fact]
    public async Task Without_a_help_text_help_is_not_answered()
    {
        Assert.Equal(204, (await WriteAsync("HELP")).Status);
        Assert.Empty(_adapter.Sent);
    }

    [Fact]
    public async Task A_help_text_of_two_segments_ends_the_start()
    {
        var problem = await Assert.ThrowsAsync<ConfigurationException>(() =>
            StartAsync(new Dictionary<string, string?>(TestServer.Live) { ["Countersign:HelpText"] = new string('x', 161) }));

        Assert.Contains("Countersign:HelpText must fit", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_personal_is_logged()
    {
        _adapter.Reads = new CallbackReading.Receipt(new Secret("unknown"), ReceiptState.Delivered);
        await SendAsync("GET", "/gateways/test/receipts/unknown?to=%2B12025559918");
        await WriteAsync("STOP");
        await WriteAsync("my secret 918273");

        Assert.DoesNotContain(_server.Logs.All, line => line.ToString() is var text
            && (text.Contains("2025559918", StringComparison.Ordinal) || text.Contains("918273", StringComparison.Ordinal)
                || text.Contains("/unknown", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_sandbox_knows_no_gateway()
    {
        await using var sandbox = await TestServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/gateways/sandbox/receipts/t-1");

        Assert.Equal(404, (await sandbox.SendAsync(request)).Status);
    }

    private Task<Reply> WriteAsync(string text)
    {
        _adapter.Reads = new CallbackReading.Inbound(_number, "12345", new Secret(text));
        return SendAsync("POST", "/gateways/test/inbound/secret");
    }

    private async Task<Reply> SendAsync(string method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null || method == "POST")
        {
            request.Content = new StringContent(body ?? "");
        }
        return await _server.SendAsync(request);
    }

    private Task<TestServer> StartAsync(IReadOnlyDictionary<string, string?> settings) =>
        TestServer.StartAsync(settings: settings, substitute: builder => builder.Services
        .AddSingleton<ISmsGateway>(_adapter)
        .AddSingleton<IGatewayCallbacks>(_adapter)
        .AddSingleton<ITextReceipts>(_receipts));

    private sealed class Adapter : ISmsGateway, IGatewayCallbacks
    {
        public GatewayName Name { get; } = GatewayName.Parse("test");

        public bool ReportsHandover => false;

        public CallbackReading Reads { get; set; } = new CallbackReading.Nothing();

        public GatewayCallback? Seen { get; private set; }

        public List<SmsSubmission> Sent { get; } = [];

        public bool Throws { get; set; }

        public CallbackReading Read(GatewayCallback callback)
        {
            Seen = callback;
            return Reads;
        }

        public Task<SmsResult> SubmitAsync(SmsSubmission submission, CancellationToken cancellationToken)
        {
            Sent.Add(submission);
            if (Throws)
            {
                throw new InvalidOperationException("An adapter that breaks its promise.");
            }
            return Task.FromResult<SmsResult>(new SmsResult.Accepted());
        }
    }

    private sealed class KeptReceipts : ITextReceipts
    {
        private readonly ConcurrentQueue<(string, string, ReceiptState, string?)> _kept = [];

        public IReadOnlyList<(string, string, ReceiptState, string?)> Kept => [.. _kept];

        public Task<bool> ReceiveAsync(
            Secret token, GatewayName gateway, ReceiptState state, string? networkError, CancellationToken cancellationToken)
        {
            if (token.Reveal() == "unknown")
            {
                return Task.FromResult(false);
            }
            _kept.Enqueue((token.Reveal(), gateway.ToString(), state, networkError));
            return Task.FromResult(true);
        }
    }
}
