using System.Data.Common;
using System.Net.Http.Headers;
using Countersign.Core.Numbers;
using Countersign.Server.Tests.Fixtures;
using Countersign.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Countersign.Server.Tests.Whole;

/// <summary>What callers meet while the store is away, and what is written down of it.</summary>
public sealed class StoreFailureTests(OnSqlite fixture) : IClassFixture<OnSqlite>
{
    private const string NotAvailable = "503 8000 not available at the moment, try again later";

    [Theory]
    [Trait("attack", "A06")]
    [Trait("attack", "O02")]
    [InlineData("POST", "/v3/verify")]
    [InlineData("POST", "/v3/verify-status")]
    [InlineData("POST", "/v3/start")]
    [InlineData("POST", "/v3/unify")]
    [InlineData("GET", "/v3/identity")]
    [InlineData("GET", "/v3/domain/linked")]
    [InlineData("POST", "/v1/client/mobile/otp/start")]
    [InlineData("POST", "/v1/client/mobile/otp/finish")]
    [InlineData("GET", "/admin/projects")]
    [InlineData("GET", "/sandbox/messages?to=2001009002")]
    public async Task A_call_is_answered_503_with_the_time_to_wait_and_works_again(string method, string path)
    {
        var store = new AbsentStore();
        await using var server = await fixture.StartAsync(substitute: builder => store.PutBefore(builder.Services));
        var begun = await server.BeginAsync("mobile", "2001009002");

        store.IsAway = true;
        var away = await SendAsync();
        store.IsAway = false;
        // Whoever looks after due flows may have had the store left alone for a second.
        Reply back;
        do
        {
            back = await SendAsync();
        }
        while (back.Status == 503);

        Assert.Equal((NotAvailable, "1"), (away.Fault, away.Header("Retry-After")));
        Assert.InRange(back.Status, 200, 499);

        async Task<Reply> SendAsync()
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            if (method == "POST")
            {
                request.Content = TestServer.Json(path switch
                {
                    "/v3/verify" => TestServer.VerifyBody("mobile", "2001009002"),
                    "/v3/verify-status" => $$"""{"correlationId":"{{begun.Id}}"}""",
                    "/v1/client/mobile/otp/finish" => """{"otp":"0000"}""",
                    "/v1/client/mobile/otp/start" => "{}",
                    _ => """{"flowType":"mobile","phoneNumber":"2002000001"}""",
                });
            }
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Bearer",
                path.StartsWith("/admin", StringComparison.Ordinal) ? TestServer.AdminKey
                : path.StartsWith("/v1", StringComparison.Ordinal) ? begun.AuthToken
                : await server.GetTokenAsync());
            return await server.SendAsync(request);
        }
    }

    [Fact]
    public async Task The_token_endpoint_says_it_in_the_words_of_OAuth_too()
    {
        var store = new AbsentStore();
        await using var server = await fixture.StartAsync(substitute: builder => store.PutBefore(builder.Services));
        store.IsAway = true;

        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = Credentials.Sandbox.Id,
            ["client_secret"] = Credentials.Sandbox.Secret,
        });
        var reply = await Reply.ReadAsync(await server.Client.PostAsync("/token", form, TestContext.Current.CancellationToken));

        Assert.Equal((NotAvailable, "1", "temporarily_unavailable"), (reply.Fault, reply.Header("Retry-After"), reply.Text("error")));
    }

    [Theory]
    [InlineData("de", "Im Moment nicht möglich")]
    [InlineData("es", "Ahora mismo no es posible")]
    public async Task A_person_who_opens_a_link_reads_a_page(string language, string title)
    {
        var store = new AbsentStore();
        await using var server = await fixture.StartAsync(substitute: builder => store.PutBefore(builder.Services));
        store.IsAway = true;

        using var request = new HttpRequestMessage(HttpMethod.Get, "/l/0123456789abcdefghijkl");
        request.Headers.AcceptLanguage.Add(new StringWithQualityHeaderValue(language));
        var reply = await server.SendAsync(request);

        Assert.Equal((503, "text/html; charset=utf-8", "1"), (reply.Status, reply.Header("Content-Type"), reply.Header("Retry-After")));
        Assert.Contains(title, reply.Body, StringComparison.Ordinal);
        Assert.Contains("no-store", reply.Header("Cache-Control"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_many_failed_calls_there_is_a_line_each_their_number_and_one_trace()
    {
        const int calls = 20;
        var store = new AbsentStore();
        await using var server = await fixture.StartAsync(substitute: builder => store.PutBefore(builder.Services));
        await server.GetTokenAsync();

        store.IsAway = true;
        for (var i = 0; i < calls; i++)
        {
            await server.VerifyAsync(TestServer.VerifyBody("mobile", "2001009002"));
        }
        await server.StopAsync();

        var lines = server.Logs.All;
        var each = lines.Where(line => line.Event.Id == 1805).ToList();
        Assert.Equal(calls, each.Count);
        Assert.All(each, line => Assert.StartsWith("POST /v3/verify answered 503: ", line.Text, StringComparison.Ordinal));
        Assert.All(each, line => Assert.Null(line.Exception));
        // What runs in the background meets the same store, and has a trace of its own.
        var traces = lines.Where(line => line.Exception is not null && line.Event.Id is >= 1800 and < 1900).ToList();
        Assert.NotEmpty(traces);
        Assert.All(traces, line => Assert.Equal(1801, line.Event.Id));
        Assert.All(traces.GroupBy(line => line.Text), kind => Assert.Single(kind));
        Assert.Equal(calls, lines.Where(line => line.Event.Id == 1802).Sum(line => int.Parse(line.Text.Split(' ')[0], null)));
    }

    [Fact]
    public async Task A_failure_of_the_server_itself_has_its_line_and_its_trace_too()
    {
        await using var server = await fixture.StartAsync(
            substitute: builder => builder.Services.AddSingleton<INumberAdmission>(new BrokenAdmission()));

        var replies = new List<Reply>();
        for (var i = 0; i < 3; i++)
        {
            replies.Add(await server.VerifyAsync(TestServer.VerifyBody("mobile", "2001009002")));
        }

        Assert.All(replies, reply => Assert.Equal((500, 8000, null), (reply.Status, reply.Code, reply.Header("Retry-After"))));
        Assert.Equal(3, server.Logs.All.Count(line => line.Event.Id == 1800 && line.Level == LogLevel.Error && line.Exception is null));
        Assert.Single(server.Logs.All, line => line.Exception is InvalidOperationException);
    }

    /// <summary>A store that can be taken away. What stands before it is the guard of every server.</summary>
    private sealed class AbsentStore : IDatabase
    {
        private SqliteDatabase? _store;

        public bool IsAway { get; set; }

        public void PutBefore(IServiceCollection services) => services.AddSingleton<IDatabase>(provider =>
        {
            _store = provider.GetRequiredService<SqliteDatabase>();
            return new GuardedDatabase(
                this, StorageOptions.CallTimeout, TimeProvider.System, new Subscriptions(), NullLogger<GuardedDatabase>.Instance);
        });

        public void Migrate() => _store!.Migrate();

        public Task PingAsync(CancellationToken cancellationToken) => Store.PingAsync(cancellationToken);

        public Task<List<T>> ReadAsync<T>(Statement statement, Func<DbDataReader, T> read, CancellationToken cancellationToken) =>
            Store.ReadAsync(statement, read, cancellationToken);

        public Task<WriteResult[]> WriteAsync(Statement[] statements, CancellationToken cancellationToken) =>
            Store.WriteAsync(statements, cancellationToken);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private SqliteDatabase Store => IsAway ? throw new IOException("The line is cut.") : _store!;
    }

    private sealed class BrokenAdmission : INumberAdmission
    {
        public Task<Admission> AdmitAsync(string text, NumberUse use, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("broken on purpose");
    }
}
