using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Projects;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Regressions;

/// <summary>What the first hostile review of verify found, each as it was found.</summary>
public abstract class FirstReviewTests(ServerFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task More_overdue_flows_than_one_reading_holds_are_all_caught_up_and_not_for_ever()
    {
        await using var server = await fixture.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 300).Select(async n =>
        {
            var flow = await server.BeginAsync("mobile", $"{2002100000 + n}");
            await server.Browser(flow.AuthToken!).Post("mobile/otp/start");
        }));

        await server.AdvanceAsync(TimeSpan.FromHours(1));

        var store = server.Services.GetRequiredService<IFlowStore>();
        Assert.Empty(await store.FindDueAsync(server.Services.GetRequiredService<TimeProvider>().GetUtcNow(), 1, Cancellation));
    }

    [Theory]
    [InlineData(800, 101)]
    [InlineData(0, 901)]
    public async Task A_link_that_ends_with_its_flow_tells_the_waiting_desktop(int sentAfter, int wait)
    {
        await using var server = await fixture.StartAsync();
        var flow = await server.BeginAsync("desktop", "2001009002");
        await server.AdvanceAsync(TimeSpan.FromSeconds(sentAfter));
        var page = server.Browser(flow.AuthToken!);
        await using var socket = await page.ConnectSocketAsync();
        await page.Post("mobile/instantlink/start");

        await server.AdvanceAsync(TimeSpan.FromSeconds(wait));

        var told = JsonNode.Parse((await socket.ReceiveAsync())!)!;
        Assert.Equal("done", (string?)told["next"]);
        Assert.Equal(10001, (int?)told["error"]!["code"]);
    }

    [Theory]
    [InlineData("+1 (200) 100-9002", null)]
    [InlineData("1.200.100.9002", null)]
    [InlineData("2001009003", 10002)]
    [InlineData("nobody's number!", 10002)]
    public async Task A_number_in_any_spelling_is_an_answer_and_never_a_refusal(string spelling, int? code)
    {
        var flow = await fixture.Server.BeginAsync("mobile", "2001009002");
        var page = fixture.Server.Browser(flow.AuthToken!);
        await page.Post("mobile/instant/start");

        var answer = await page.Post("mobile/otp/start", new JsonObject { ["mobileNumber"] = spelling }.ToJsonString());

        Assert.Equal("", (string?)answer["next"]);
        Assert.Equal(code, (int?)answer["data"]?["code"]);
    }

    [Fact]
    public async Task A_null_number_finds_the_link_that_is_out_and_an_empty_one_sends_another()
    {
        await using var server = await fixture.StartAsync();
        var flow = await server.BeginAsync("desktop", "2001009002");
        var page = server.Browser(flow.AuthToken!);

        await page.Post("mobile/instantlink/start");
        await page.Post("mobile/instantlink/start", """{"mobileNumber":null}""");
        var afterNull = (await server.MessagesAsync("2001009002")).Count;
        await page.Post("mobile/instantlink/start", """{"mobileNumber":""}""");

        Assert.Equal((1, 2), (afterNull, (await server.MessagesAsync("2001009002")).Count));
    }

    [Fact]
    public async Task An_empty_form_field_counts_as_absent_beside_basic_credentials()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/token")
        {
            Content = new FormUrlEncodedContent([new("client_id", ""), new("client_secret", ""), new("grant_type", "client_credentials")]),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{Credentials.Sandbox.Id}:{Credentials.Sandbox.Secret}")));

        var reply = await fixture.Server.SendAsync(request);

        Assert.Equal(200, reply.Status);
    }

    [Fact]
    public async Task A_text_with_its_web_otp_line_stays_within_two_segments()
    {
        var credentials = await fixture.Server.AddProjectAsync("web-otp", new ProjectSettings { WebOtpHost = "login.example.com" });

        var reply = await fixture.Server.VerifyAsync(
            TestServer.VerifyBody("mobile", "2001009002", new JsonObject { ["smsMessage"] = "####" + new string('Ж', 130) }), credentials);

        Assert.Equal("400 8001 field 'smsMessage' is invalid: longer than 2 text segments when filled", reply.Fault);
    }

    [Fact]
    public async Task An_idempotency_key_is_the_same_however_the_path_is_spelled()
    {
        var body = TestServer.VerifyBody("mobile", "2001009002");

        var first = await fixture.Server.PostAsync("/v3/verify", body, idempotencyKey: "spelled");
        var second = await fixture.Server.PostAsync("/V3/Verify/", body, idempotencyKey: "spelled");

        Assert.Equal((string?)first.Json!["correlationId"], (string?)second.Json!["correlationId"]);
    }

    [Fact]
    public async Task A_flow_of_another_project_and_an_expired_one_are_no_rows_at_all()
    {
        await using var server = await fixture.StartAsync();
        var flow = await server.BeginAsync("mobile", "2001009002");
        var store = server.Services.GetRequiredService<IFlowStore>();
        var now = server.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var id = CorrelationId.Parse(flow.Id);

        var own = await store.FindAsync(id, ProjectId.Parse("sandbox"), Product.VerifiedUsers, now, Cancellation);
        var others = await store.FindAsync(id, ProjectId.Parse("another"), Product.VerifiedUsers, now, Cancellation);
        var late = await store.FindAsync(id, ProjectId.Parse("sandbox"), Product.VerifiedUsers, own!.ExpiresAt, Cancellation);

        Assert.Equal((true, null, null), (own is not null, others, late));
    }

    [Fact]
    public async Task A_body_without_a_length_over_http2_is_read()
    {
        await using var server = await fixture.StartAsync(substitute: builder =>
            builder.Services.Configure<Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions>(kestrel =>
            kestrel.ConfigureEndpointDefaults(endpoint =>
                endpoint.Protocols = Microsoft.AspNetCore.Server.Kestrel.Core.HttpProtocols.Http2)));
        using var http2 = new HttpClient
        {
            BaseAddress = new Uri(server.Origin), DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sandbox/flows")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StreamContent(
                new LengthlessStream(System.Text.Encoding.UTF8.GetBytes(TestServer.VerifyBody("mobile", "2001009002")))),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        using var response = await http2.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private sealed class LengthlessStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}

public sealed class FirstReviewOnSqlite(OnSqlite fixture) : FirstReviewTests(fixture), IClassFixture<OnSqlite>;

public sealed class FirstReviewOnPostgres(OnPostgres fixture) : FirstReviewTests(fixture), IClassFixture<OnPostgres>;
