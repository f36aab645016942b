using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Countersign.Core;
using Countersign.Core.Events;
using Countersign.Providers.Webhooks;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Providers.Tests.Webhooks;

/// <summary>What receivers may do to the sender: nothing.</summary>
public sealed class WebhookSenderTests : IAsyncDisposable
{
    private const string Id = "evt_019ab3f05c1e7d2a9b643f8e2c71d05a";
    private static readonly DateTimeOffset _now = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);
    private static readonly byte[] _body = "{\"id\":\"evt_1\"}"u8.ToArray();

    private readonly FakeTimeProvider _machine = new(_now);
    private readonly Receiver _receiver = new();
    private readonly Dictionary<string, Queue<IPAddress[]>> _names = [];
    private readonly List<WebhookSender> _senders = [];

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _senders.ForEach(sender => sender.Dispose());
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task An_event_arrives_whole_with_a_signature_of_each_secret_that_lives()
    {
        var former = WebhookSecret.New();
        var webhook = To(_receiver.Url) with { Former = new FormerWebhookSecret(former, _now.AddMinutes(1)) };

        var outcome = await SendAsync(webhook);

        Assert.Equal(("200", true), (outcome.Code, outcome.IsTaken));
        var request = Assert.Single(_receiver.Requests);
        Assert.StartsWith("POST /hook?a=b HTTP/1.1", request, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n" + Encoding.UTF8.GetString(_body), request, StringComparison.Ordinal);
        Assert.Equal("application/json", HeaderOf(request, "content-type"));
        Assert.Equal((Id, $"{_now.ToUnixTimeSeconds()}"), (HeaderOf(request, "webhook-id"), HeaderOf(request, "webhook-timestamp")));
        Assert.Equal(
            WebhookSignature.Of([webhook.Secret, former], Id, _now, _body), HeaderOf(request, "webhook-signature"));
    }

    [Theory]
    [InlineData("https://127.0.0.1/hook", ReceiverAddresses.Public, false)]
    [InlineData("https://localhost/hook", ReceiverAddresses.Public, false)]
    [InlineData("https://[::1]/hook", ReceiverAddresses.Public, false)]
    [InlineData("https://10.20.0.7:8443/hook", ReceiverAddresses.Public, true)]
    [InlineData("https://10.21.0.7/hook", ReceiverAddresses.Public, false)]
    [InlineData("https://0x0a.0x15.7/hook", ReceiverAddresses.Public, false)]
    [InlineData("https://[::ffff:192.168.1.1]/hook", ReceiverAddresses.Public, false)]
    [InlineData("https://[fd00:ec2::254]/hook", ReceiverAddresses.Public, false)]
    [InlineData("https://169.254.169.254/hook", ReceiverAddresses.Loopback, false)]
    [InlineData("https://127.0.0.1/hook", ReceiverAddresses.Loopback, true)]
    [InlineData("http://localhost:5000/hook", ReceiverAddresses.Loopback, true)]
    [InlineData("http://[::1]:5000/hook", ReceiverAddresses.Loopback, true)]
    [InlineData("https://8.8.8.8/hook", ReceiverAddresses.Public, true)]
    [InlineData("https://private.example/hook", ReceiverAddresses.Public, true)]
    public void An_address_that_says_itself_where_it_leads_is_judged_before_it_is_sent_to(
        string address, ReceiverAddresses allowed, bool isGood)
    {
        using var sender = new WebhookSender(
            (_, _) => throw new InvalidOperationException("Nobody is to be asked for a name."), allowed, [IPNetwork.Parse("10.20.0.0/16")],
            _machine, _machine);

        var problem = sender.ProblemOf(address);

        Assert.Equal(
            isGood ? null : "must lead to the public internet, or to a network that the server is told of (Countersign:Events:Networks)",
            problem);
    }

    [Fact]
    public async Task A_receiver_learns_nothing_of_the_call_that_made_the_server_send()
    {
        using var activity = new Activity("a call of an administrator") { TraceStateString = "tenant=7" };
        activity.AddBaggage("user", "somebody");
        activity.Start();

        await SendAsync(To(_receiver.Url));

        var headers = Assert.Single(_receiver.Requests).Split("\r\n\r\n")[0].Split("\r\n").Skip(1).Select(line => line.Split(':')[0]);
        Assert.Equal(
            ["content-length", "content-type", "host", "user-agent", "webhook-id", "webhook-signature", "webhook-timestamp"],
            headers.Select(name => name.ToLowerInvariant()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_receiver_whose_first_address_nobody_listens_at_is_reached_at_the_next()
    {
        var sender = Sender(
            ReceiverAddresses.Loopback, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("127.0.0.9"), IPAddress.Loopback]));

        Assert.Equal("200", (await sender.SendAsync(To(_receiver.Url), Id, _body, Test)).Code);
    }

    [Fact]
    public async Task A_receiver_whose_first_address_is_dead_is_reached_at_the_next_and_one_with_no_other_is_unreachable()
    {
        var dead = IPAddress.Parse("127.0.0.9");
        using var full = new Socket(SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(dead, _receiver.Url.Port));
        full.Listen(0);
        using var filling = new Filling(new IPEndPoint(dead, _receiver.Url.Port));

        Assert.Equal("200", (await SendAsync(dead, IPAddress.Loopback)).Code);
        Assert.Equal(WebhookFault.Unreachable, (await SendAsync(dead)).Code);

        Task<WebhookOutcome> SendAsync(params IPAddress[] addresses)
        {
            var sender = new WebhookSender(
                (_, _) => Task.FromResult(addresses), ReceiverAddresses.Loopback, [], new FirstShareIsOver(), _machine);
            _senders.Add(sender);
            return sender.SendAsync(To(_receiver.Url), Id, _body, Test);
        }
    }

    [Theory]
    [InlineData("204 No Content", true)]
    [InlineData("400 Bad Request", false)]
    [InlineData("410 Gone", false)]
    [InlineData("500 Internal Server Error", false)]
    public async Task What_the_receiver_says_is_told(string status, bool isTaken)
    {
        _receiver.Answer = $"HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n";

        var outcome = await SendAsync(To(_receiver.Url));

        Assert.Equal((status[..3], isTaken), (outcome.Code, outcome.IsTaken));
    }

    [Theory]
    [Trait("attack", "A08")]
    [Trait("attack", "W03")]
    [InlineData("/hook?a=b")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("https://shop.example/")]
    public async Task A_redirect_is_not_followed_whether_it_loops_or_leads_elsewhere(string location)
    {
        _receiver.Answer = $"HTTP/1.1 307 Temporary Redirect\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n";

        var outcome = await SendAsync(To(_receiver.Url));

        Assert.Equal("307", outcome.Code);
        Assert.Single(_receiver.Requests);
    }

    [Fact]
    public async Task Of_an_answer_of_ten_megabytes_next_to_nothing_is_read()
    {
        _receiver.Answer = "HTTP/1.1 200 OK\r\ncontent-length: 10485760\r\n\r\n";
        _receiver.Flood = 10 * 1024 * 1024;

        var outcome = await SendAsync(To(_receiver.Url));
        var sent = await _receiver.WhenBrokenOffAsync();

        Assert.Equal("200", outcome.Code);
        Assert.InRange(sent, 0, 9 * 1024 * 1024);
    }

    [Fact]
    public async Task Headers_without_end_are_no_answer()
    {
        _receiver.Answer = "HTTP/1.1 200 OK\r\n" + string.Concat(Enumerable.Repeat($"x: {new string('y', 1000)}\r\n", 100));

        Assert.Equal(WebhookFault.NotHttp, (await SendAsync(To(_receiver.Url))).Code);
    }

    [Fact]
    public async Task A_receiver_that_hangs_is_waited_for_a_quarter_of_a_minute()
    {
        _receiver.Answer = null;

        var sending = SendAsync(To(_receiver.Url));
        await _receiver.WhenAskedAsync();
        _machine.Advance(WebhookSender.Timeout);

        Assert.Equal(WebhookFault.TooSlow, (await sending).Code);
    }

    [Fact]
    public async Task What_is_no_http_and_nobody_who_listens_are_told_apart()
    {
        _receiver.Answer = "SSH-2.0-OpenSSH_9.6\r\n";
        var closed = new Uri("http://localhost:1/");

        Assert.Equal(WebhookFault.NotHttp, (await SendAsync(To(_receiver.Url))).Code);
        Assert.Equal(WebhookFault.Unreachable, (await SendAsync(To(closed))).Code);
    }

    [Fact]
    public async Task A_name_that_is_none_is_told()
    {
        var sender = Sender(ReceiverAddresses.Public, (_, _) => throw new SocketException((int)SocketError.HostNotFound));

        Assert.Equal(WebhookFault.UnknownHost, (await sender.SendAsync(To(new Uri("https://shop.example/")), Id, _body, Test)).Code);
    }

    [Theory]
    [Trait("attack", "A08")]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://10.0.0.7/")]
    [InlineData("https://169.254.169.254/latest/meta-data/")]
    [InlineData("https://100.64.0.1/")]
    [InlineData("https://224.0.0.1/")]
    [InlineData("https://[fe80::1]/")]
    [InlineData("https://[fc00::1]/")]
    [InlineData("https://[::ffff:10.0.0.7]/")]
    [InlineData("https://[64:ff9b::a00:7]/")]
    [InlineData("https://2130706433/")]
    [InlineData("http://shop.example/")]
    [InlineData("https://user:pass@shop.example/")]
    public async Task In_live_no_address_is_connected_to_that_is_not_public(string url)
    {
        var outcome = await Sender(ReceiverAddresses.Public, Literal).SendAsync(To(new Uri(url)), Id, _body, Test);

        Assert.Equal(WebhookFault.AddressRefused, outcome.Code);
    }

    [Fact]
    [Trait("attack", "A08")]
    public async Task A_name_that_leads_to_a_public_address_first_and_then_to_a_private_one_is_judged_each_time_it_is_connected_to()
    {
        Names("shop.example", [IPAddress.Parse("203.0.113.7")], [IPAddress.Parse("192.168.0.1")], [IPAddress.Loopback]);
        var sender = Sender(ReceiverAddresses.Public, FindAsync);
        var webhook = To(new Uri($"https://shop.example:{_receiver.Url.Port}/"));

        for (var i = 0; i < 3; i++)
        {
            // The first is of a range for documents, which is no public one either.
            Assert.Equal(WebhookFault.AddressRefused, (await sender.SendAsync(webhook, Id, _body, Test)).Code);
        }
        Assert.Empty(_receiver.Requests);
    }

    [Fact]
    public async Task One_private_address_among_public_ones_is_enough_to_refuse()
    {
        Names("shop.example", [IPAddress.Parse("8.8.8.8"), IPAddress.Loopback]);

        var outcome = await Sender(ReceiverAddresses.Public, FindAsync).SendAsync(
            To(new Uri($"https://shop.example:{_receiver.Url.Port}/")), Id, _body, Test);

        Assert.Equal(WebhookFault.AddressRefused, outcome.Code);
        Assert.Empty(_receiver.Requests);
    }

    [Fact]
    public async Task Where_this_machine_is_allowed_no_other_private_one_is()
    {
        Names("router.example", [IPAddress.Parse("192.168.0.1")]);

        var outcome = await Sender(ReceiverAddresses.Loopback, FindAsync).SendAsync(
            To(new Uri("https://router.example/")), Id, _body, Test);

        Assert.Equal(WebhookFault.AddressRefused, outcome.Code);
    }

    [Fact]
    public async Task A_network_that_the_operator_permits_is_connected_to_by_https_and_no_other()
    {
        Names("inside.example", [IPAddress.Loopback]);
        Names("mixed.example", [IPAddress.Loopback, IPAddress.Parse("10.0.0.7")]);
        var sender = Sender(ReceiverAddresses.Public, FindAsync, IPNetwork.Parse("127.0.0.0/8"));

        // It is connected to: nobody listens there.
        Assert.Equal(WebhookFault.Unreachable, (await SendToAsync("https://inside.example")).Code);
        Assert.Equal(WebhookFault.AddressRefused, (await SendToAsync("http://inside.example")).Code);
        Assert.Equal(WebhookFault.AddressRefused, (await SendToAsync("https://mixed.example")).Code);

        Task<WebhookOutcome> SendToAsync(string host) =>
            sender.SendAsync(To(new Uri($"{host}:1/")), Id, _body, Test);
    }

    private Task<WebhookOutcome> SendAsync(Webhook webhook) =>
        Sender(ReceiverAddresses.Loopback, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]))
            .SendAsync(webhook, Id, _body, Test);

    private WebhookSender Sender(
        ReceiverAddresses allowed, Func<string, CancellationToken, Task<IPAddress[]>> find, params IPNetwork[] networks)
    {
        var sender = new WebhookSender(find, allowed, networks, _machine, _machine);
        _senders.Add(sender);
        return sender;
    }

    private static Webhook To(Uri url) =>
        new(WebhookId.New(), ProjectId.Parse("shop"), url, [], IsOn: true, WebhookSecret.New(), _now);

    private static Task<IPAddress[]> Literal(string host, CancellationToken cancellationToken) =>
        Task.FromResult<IPAddress[]>([IPAddress.Parse(host)]);

    private void Names(string host, params IPAddress[][] answers) => _names[host] = new Queue<IPAddress[]>(answers);

    private Task<IPAddress[]> FindAsync(string host, CancellationToken cancellationToken) => Task.FromResult(_names[host].Dequeue());

    private static string HeaderOf(string request, string name) =>
        request.Split("\r\n").First(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))[(name.Length + 1)..].Trim();

    /// <summary>The first address is waited for no time at all, and what comes after it for ever.</summary>
    private sealed class FirstShareIsOver : TimeProvider
    {
        private int _shares;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => base.CreateTimer(
            callback, state,
            dueTime < WebhookSender.Timeout && Interlocked.Increment(ref _shares) == 1 ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, period);
    }

    /// <summary>Takes the places of a queue of connections that nobody accepts: who comes now is left to wait.</summary>
    private sealed class Filling : IDisposable
    {
        private readonly List<Socket> _sockets = [];

        public Filling(IPEndPoint queue)
        {
            for (var i = 0; i < 4; i++)
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
                _sockets.Add(socket);
                try
                {
                    socket.Connect(queue);
                }
                catch (SocketException pending) when (pending.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
                {
                }
            }
        }

        public void Dispose() => _sockets.ForEach(socket => socket.Dispose());
    }

    /// <summary>Takes requests on a socket of its own and says what it is told to, HTTP or not.</summary>
    private sealed class Receiver : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<long> _brokenOff = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly CancellationTokenSource _end = new();
        private readonly Task _serving;

        public Receiver()
        {
            _listener.Start();
            Url = new Uri($"http://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}/hook?a=b");
            _serving = ServeAsync();
        }

        public Uri Url { get; }

        /// <summary>Null for one that says nothing.</summary>
        public string? Answer { get; set; } = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

        /// <summary>How many bytes follow the answer.</summary>
        public long Flood { get; set; }

        public List<string> Requests { get; } = [];

        public Task WhenAskedAsync() => _asked.Task;

        /// <returns>How many bytes were taken of the flood.</returns>
        public Task<long> WhenBrokenOffAsync() => _brokenOff.Task;

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            _listener.Stop();
            await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _end.Dispose();
        }

        private async Task ServeAsync()
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_end.Token);
                await using var stream = client.GetStream();
                Requests.Add(await ReadAsync(stream));
                _asked.TrySetResult();
                if (Answer is null)
                {
                    await Task.Delay(Timeout.Infinite, _end.Token);
                }
                await stream.WriteAsync(Encoding.ASCII.GetBytes(Answer!), _end.Token);
                await FloodAsync(stream);
            }
        }

        private async Task<string> ReadAsync(NetworkStream stream)
        {
            var (text, some) = (new StringBuilder(), new byte[4096]);
            while (!text.ToString().EndsWith('}'))
            {
                text.Append(Encoding.UTF8.GetString(some, 0, await stream.ReadAsync(some, _end.Token)));
            }
            return text.ToString();
        }

        private async Task FloodAsync(NetworkStream stream)
        {
            var (sent, some) = (0L, new byte[64 * 1024]);
            try
            {
                for (; sent < Flood; sent += some.Length)
                {
                    await stream.WriteAsync(some, _end.Token);
                }
            }
            catch (IOException)
            {
                // The sender has had enough.
            }
            _brokenOff.TrySetResult(sent);
        }
    }
}
