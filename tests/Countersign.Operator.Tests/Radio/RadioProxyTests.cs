using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Operator.Tests.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Countersign.Operator.Tests.Radio;

/// <summary>A radio proxy makes a handset of whatever is behind it.</summary>
public sealed class RadioProxyTests
{
    [Theory]
    [InlineData("127.0.0.42", true)]
    [InlineData("127.0.0.43", false)]
    public async Task A_device_behind_a_radio_has_its_SIM(string address, bool isVerified)
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();
        using var device = await DeviceAsync(running, address);

        var (_, granted) = await party.RedeemAsync(await party.CodeAsync(device));
        var (_, body) = await party.CallAsync(
            "/number-verification/v2/verify", granted["access_token"]!.GetValue<string>(), """{"phoneNumber":"+12025550142"}""");

        Assert.Equal(isVerified, body["devicePhoneNumberVerified"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_radio_without_a_SIM_is_nobody()
    {
        await using var running = await RunningOperator.StartAsync();
        var party = await running.RegisterAsync();
        using var device = await DeviceAsync(running, "127.0.0.99");

        Assert.Equal("login_required", (await party.AuthorizeAsync(device))["error"]);
    }

    [Fact]
    public async Task A_radio_is_opened_once_and_listed()
    {
        await using var running = await RunningOperator.StartAsync("--Operator:Radio:127.0.0.43=0");

        var first = await OpenAsync(running, "127.0.0.42");
        var again = await OpenAsync(running, "127.0.0.42");
        var all = JsonNode.Parse(await running.Http.GetStringAsync("/sim/radio", TestContext.Current.CancellationToken))!.AsObject();

        Assert.Equal(first, again);
        Assert.Equal(first, all["127.0.0.42"]!.GetValue<string>());
        Assert.NotNull(all["127.0.0.43"]);
    }

    [Fact]
    public async Task One_connection_carries_request_after_request_to_one_server_after_the_other()
    {
        await using var running = await RunningOperator.StartAsync();
        await using var one = await EchoAsync();
        await using var other = await EchoAsync();
        using var connection = await RawAsync(running, "127.0.0.42");
        var (first, second) = (one.Urls.First(), other.Urls.First());

        var answers = new[]
        {
            await ExchangeAsync(connection, $"POST {first}/echo?a=1 HTTP/1.1\r\nHost: one\r\nContent-Length: 5\r\n\r\nhello"),
            await ExchangeAsync(connection,
                $"POST {first}/echo HTTP/1.1\r\nHost: one\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n"),
            await ExchangeAsync(connection, $"GET {first}/none HTTP/1.1\r\nHost: one\r\n\r\n"),
            await ExchangeAsync(connection, $"GET {second}/chunks HTTP/1.1\r\nHost: two\r\nProxy-Connection: keep-alive\r\n\r\n"),
            await ExchangeAsync(connection, $"GET {first}/echo HTTP/1.1\r\nHost: one\r\n\r\n"),
        };

        Assert.Equal(
            ["POST /echo?a=1 127.0.0.42 0 hello", "POST /echo 127.0.0.42 0 abcde", "", "one two three", "GET /echo 127.0.0.42 0 "],
            answers.Select(Decoded));
    }

    [Fact]
    public async Task The_answer_to_HEAD_has_no_body_and_the_connection_goes_on()
    {
        await using var running = await RunningOperator.StartAsync();
        await using var server = await EchoAsync();
        using var connection = await RawAsync(running, "127.0.0.42");

        var head = await ExchangeAsync(connection, $"HEAD {server.Urls.First()}/length HTTP/1.1\r\nHost: one\r\n\r\n", hasBody: false);
        var next = await ExchangeAsync(connection, $"GET {server.Urls.First()}/length HTTP/1.1\r\nHost: one\r\n\r\n");

        Assert.Contains("Content-Length: 6", head, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("length", Decoded(next));
    }

    [Theory]
    [InlineData("GET http://198.51.100.1/ HTTP/1.1\r\nHost: a\r\n\r\n", 502)]
    [InlineData("GET http://www.example.com/ HTTP/1.1\r\nHost: a\r\n\r\n", 502)]
    [InlineData("CONNECT www.example.com:443 HTTP/1.1\r\nHost: a\r\n\r\n", 502)]
    [InlineData("CONNECT 198.51.100.1:443 HTTP/1.1\r\nHost: a\r\n\r\n", 502)]
    [InlineData("CONNECT nonsense HTTP/1.1\r\nHost: a\r\n\r\n", 502)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\r\n", 400)]
    [InlineData("GET https://127.0.0.1/ HTTP/1.1\r\nHost: a\r\n\r\n", 400)]
    [InlineData("nonsense\r\n\r\n", 400)]
    [InlineData("POST http://127.0.0.1:9/ HTTP/1.1\r\nHost: a\r\n\r\n", 502)]
    public async Task A_radio_goes_to_this_machine_and_nowhere_else(string request, int status)
    {
        await using var running = await RunningOperator.StartAsync();
        using var connection = await RawAsync(running, "127.0.0.42");

        var answer = await ExchangeAsync(connection, request);

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Content-Length: 1\r\nTransfer-Encoding: chunked")]
    [InlineData("Content-Length: abc")]
    public async Task A_body_of_unclear_length_is_refused(string headers)
    {
        await using var running = await RunningOperator.StartAsync();
        await using var server = await EchoAsync();
        using var connection = await RawAsync(running, "127.0.0.42");

        var answer = await ExchangeAsync(connection, $"POST {server.Urls.First()}/echo HTTP/1.1\r\nHost: a\r\n{headers}\r\n\r\n0\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_closed_its_idle_connection_is_connected_to_again()
    {
        await using var running = await RunningOperator.StartAsync();
        await using var server = new ScriptedServer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", closes: true);
        using var connection = await RawAsync(running, "127.0.0.42");
        var request = $"GET {server.Origin}/ HTTP/1.1\r\nHost: a\r\n\r\n";

        var first = await ExchangeAsync(connection, request);
        while (server.Served == 0)
        {
            await Task.Yield();
        }
        var second = await ExchangeAsync(connection, request);

        Assert.Equal(("ok", "ok"), (Decoded(first), Decoded(second)));
    }

    [Fact]
    public async Task A_body_ends_with_the_servers_connection_where_nothing_else_says_so()
    {
        await using var running = await RunningOperator.StartAsync();
        await using var server = new ScriptedServer("HTTP/1.1 200 OK\r\n\r\nall of it", closes: true);
        using var connection = await RawAsync(running, "127.0.0.42");

        await connection.WriteAsync(
            Encoding.ASCII.GetBytes($"GET {server.Origin}/ HTTP/1.1\r\nHost: a\r\n\r\n"), TestContext.Current.CancellationToken);
        var answer = await ReadUntilAsync(connection, _ => false);

        Assert.Equal("all of it", Decoded(answer));
    }

    [Fact]
    public async Task A_request_that_is_refused_before_its_end_ends_the_connection()
    {
        await using var running = await RunningOperator.StartAsync();
        await using var server = new ScriptedServer("HTTP/1.1 413 Too long\r\nContent-Length: 0\r\n\r\n", closes: false);
        using var connection = await RawAsync(running, "127.0.0.42");

        await connection.WriteAsync(
            Encoding.ASCII.GetBytes($"POST {server.Origin}/ HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc"),
            TestContext.Current.CancellationToken);
        var answer = await ReadUntilAsync(connection, _ => false);

        Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_may_say_100_before_its_answer()
    {
        await using var running = await RunningOperator.StartAsync();
        await using var server = new ScriptedServer(
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", closes: false);
        using var connection = await RawAsync(running, "127.0.0.42");

        await connection.WriteAsync(
            Encoding.ASCII.GetBytes($"GET {server.Origin}/ HTTP/1.1\r\nHost: a\r\n\r\n"), TestContext.Current.CancellationToken);
        var answer = await ReadUntilAsync(connection, text => text.EndsWith("ok", StringComparison.Ordinal));

        Assert.Equal("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", answer);
    }

    [Fact]
    public async Task After_a_change_of_protocol_everything_passes()
    {
        await using var running = await RunningOperator.StartAsync();
        await using var server = new ScriptedServer(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n\0\u0001hello", closes: false);
        using var connection = await RawAsync(running, "127.0.0.42");

        await connection.WriteAsync(
            Encoding.ASCII.GetBytes($"GET {server.Origin}/ HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"),
            TestContext.Current.CancellationToken);
        var answer = await ReadUntilAsync(connection, text => text.EndsWith("hello", StringComparison.Ordinal));

        Assert.EndsWith("\r\n\r\n\0\u0001hello", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tunnel_passes_everything()
    {
        await using var running = await RunningOperator.StartAsync();
        await using var server = await EchoAsync();
        using var connection = await RawAsync(running, "127.0.0.42");
        var authority = new Uri(server.Urls.First()).Authority;

        await connection.WriteAsync(
            Encoding.ASCII.GetBytes($"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n\r\n"), TestContext.Current.CancellationToken);
        var opened = await ReadUntilAsync(connection, text => text.EndsWith("\r\n\r\n", StringComparison.Ordinal));
        var answer = await ExchangeAsync(connection, "GET /echo HTTP/1.1\r\nHost: one\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200 ", opened, StringComparison.Ordinal);
        Assert.Equal("GET /echo 127.0.0.42 0 ", Decoded(answer));
    }

    [Fact]
    public async Task Open_tunnels_do_not_keep_the_operator_from_ending()
    {
        var running = await RunningOperator.StartAsync();
        using var connection = await RawAsync(running, "127.0.0.42");
        var authority = new Uri(running.Origin).Authority;
        await connection.WriteAsync(
            Encoding.ASCII.GetBytes($"CONNECT {authority} HTTP/1.1\r\n\r\n"), TestContext.Current.CancellationToken);
        await ReadUntilAsync(connection, text => text.EndsWith("\r\n\r\n", StringComparison.Ordinal));

        await running.DisposeAsync();

        Assert.Equal(0, await connection.ReadAsync(new byte[1], TestContext.Current.CancellationToken));
    }

    private static async Task<string> OpenAsync(RunningOperator running, string address)
    {
        var answer = await running.ControlAsync(HttpMethod.Post, $"/sim/radio/{address}");
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["proxy"]!.GetValue<string>();
    }

    private static async Task<HttpClient> DeviceAsync(RunningOperator running, string address) =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false,
            Proxy = new WebProxy(await OpenAsync(running, address), BypassOnLocal: false) }) { BaseAddress = new Uri(running.Origin) };

    private static async Task<NetworkStream> RawAsync(RunningOperator running, string address)
    {
        var proxy = new Uri(await OpenAsync(running, address));
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, proxy.Port, TestContext.Current.CancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>A server that says what it got, from whom, and how many headers for a proxy came along.</summary>
    private static async Task<WebApplication> EchoAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.MapMethods("/echo", ["GET", "POST"], async context =>
        {
            var body = await new StreamReader(context.Request.Body).ReadToEndAsync(context.RequestAborted);
            var proxyHeaders = context.Request.Headers.Count(header => header.Key.StartsWith("Proxy-", StringComparison.OrdinalIgnoreCase));
            var text = $"{context.Request.Method} {context.Request.Path}{context.Request.QueryString} "
                + $"{context.Connection.RemoteIpAddress} {proxyHeaders} {body}";
            context.Response.ContentLength = Encoding.UTF8.GetByteCount(text);
            await context.Response.WriteAsync(text, context.RequestAborted);
        });
        app.MapGet("/none", context =>
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        });
        app.MapMethods("/length", ["GET", "HEAD"], context =>
        {
            context.Response.ContentLength = 6;
            return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask
                : context.Response.WriteAsync("length", context.RequestAborted);
        });
        app.MapGet("/chunks", async context =>
        {
            foreach (var part in (string[])["one ", "two ", "three"])
            {
                await context.Response.WriteAsync(part, context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        });
        await app.StartAsync();
        return app;
    }

    private static async Task<string> ExchangeAsync(NetworkStream connection, string request, bool hasBody = true)
    {
        await connection.WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        return await ReadUntilAsync(connection, text => IsWhole(text, hasBody));
    }

    private static bool IsWhole(string text, bool hasBody)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
        {
            return false;
        }
        var (head, body) = (text[..end], text[(end + 4)..]);
        if (!hasBody || head.Contains(" 204 ", StringComparison.Ordinal))
        {
            return true;
        }
        return head.Contains("chunked", StringComparison.OrdinalIgnoreCase)
            ? body.EndsWith("0\r\n\r\n", StringComparison.Ordinal)
            : body.Length
                == int.Parse(head.Split("Content-Length: ")[1].Split("\r\n")[0], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task<string> ReadUntilAsync(NetworkStream connection, Func<string, bool> isWhole)
    {
        var (text, buffer) = (new StringBuilder(), new byte[4096]);
        while (!isWhole(text.ToString()))
        {
            var read = await connection.ReadAsync(buffer, TestContext.Current.CancellationToken);
            if (read == 0)
            {
                break;
            }
            text.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }
        return text.ToString();
    }

    /// <summary>The body, without its chunks' sizes.</summary>
    private static string Decoded(string answer)
    {
        var body = answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        return answer.Contains("chunked", StringComparison.OrdinalIgnoreCase)
            ? string.Concat(body.Split("\r\n").Where((_, index) => index % 2 == 1)) : body;
    }
}
