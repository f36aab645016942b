using System.Net.Http.Headers;
using Countersign.Core;
using Countersign.Core.Administration;
using Countersign.Server.Hosting;
using Countersign.Server.Tests.Fixtures;
using Countersign.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Hosting;

/// <summary>A backup that is taken of a running server, put back, and started.</summary>
public sealed class StoreVerbTests : IDisposable
{
    private const string Number = "2001009002";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    private string Backup => _folder.File("backup.db");

    private string Store => _folder.File("restored.db");

    [Theory]
    [InlineData("restore needs a file: Countersign.Server restore FILE.", "restore")]
    [InlineData("restore needs a file: Countersign.Server restore FILE.", "restore", "--replace", "backup.db")]
    [InlineData("verify needs a file: Countersign.Server verify FILE.", "verify", "")]
    public void A_verb_without_its_file_says_what_it_needs(string sentence, params string[] arguments)
    {
        var problem = Assert.Throws<ConfigurationException>(() => StoreVerb.Of(arguments));

        Assert.StartsWith(sentence, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("--urls=http://127.0.0.1:9000")]
    [InlineData("--config", "restore")]
    [InlineData("Restore", "backup.db")]
    public void Without_a_verb_the_program_serves(params string[] arguments) => Assert.Null(StoreVerb.Of(arguments));

    [Fact]
    public async Task What_stands_behind_a_verb_is_checked_as_ever()
    {
        var problem = await Assert.ThrowsAsync<ConfigurationException>(() => RunAsync("restore", Backup, "--repalce"));

        Assert.StartsWith("--repalce is no option of the server.", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restored_server_goes_on_and_does_nothing_a_second_time()
    {
        await using var former = await TestServer.StartAsync();
        var token = await former.GetTokenAsync();
        var body = TestServer.VerifyBody("mobile", Number);
        var begun = await former.VerifyAsync(body, idempotencyKey: "one");
        var browser = former.Browser(begun.Text("authToken"));
        await browser.Post("mobile/instant/error");
        await browser.Post("mobile/otp/start");
        var sent = await former.LastMessageAsync(Number);
        await former.AdminAsync(HttpMethod.Post, "/admin/projects", """{"id":"shop","name":"Shop"}""");
        // Tokens count whole seconds.
        await former.AdvanceAsync(TimeSpan.FromSeconds(10));
        // As if its process had ended before it was handed on.
        await former.ExecuteAsync("UPDATE texts SET state = 0, due_at = 1, attempts = NULL, sent_at = NULL");
        await TakeAsync(former);
        await KeepSecretsAsync(former);

        var verified = await RunAsync("verify", Backup);
        var restored = await RunAsync(
            "restore", Backup, $"--Countersign:Store=Data Source={Store}", $"--Countersign:EncryptionKey={TestServer.EncryptionKey}");
        await using var server = await TestServer.StartAsync($"Data Source={Store}");
        using var stale = new HttpRequestMessage(HttpMethod.Post, "/v3/verify-status") { Content = TestServer.Json("{}") };
        stale.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var (refused, repeated) = (await server.SendAsync(stale), await server.VerifyAsync(body, idempotencyKey: "one"));
        var status = await server.StatusAsync(begun.Text("correlationId"));
        var projects = await server.AdminAsync(HttpMethod.Get, "/admin/projects/shop");

        Assert.StartsWith($"{Backup} is whole: as the store was at 20", verified, StringComparison.Ordinal);
        Assert.Contains("Mode    Sandbox", verified, StringComparison.Ordinal);
        Assert.StartsWith($"{Store} is restored, as the store was at 20", restored, StringComparison.Ordinal);
        Assert.Equal(401, refused.Status);
        Assert.Equal(begun.Text("correlationId"), repeated.Text("correlationId"));
        Assert.Equal((400, 8008), (status.Status, status.Code));
        Assert.Equal((sent.Id, "expired"), ((await server.LastMessageAsync(Number)).Id, (await server.LastMessageAsync(Number)).State));
        Assert.Equal(200, projects.Status);
        Assert.Contains(server.Logs.All, line => line.Text.Contains("The store was put back from a backup (20", StringComparison.Ordinal));
        Assert.Contains(
            server.Logs.All,
            line => line.Text.Contains("1 flows that ran are ended, 1 texts that waited are not sent", StringComparison.Ordinal));
    }

    /// <summary>Whoever puts a store back where it was has the secrets of its days there.</summary>
    private async Task KeepSecretsAsync(TestServer former)
    {
        await using var keys = new SqliteConnection($"{StoreConnection.KeysBeside(former.Store)};Pooling=false");
        await keys.OpenAsync(TestContext.Current.CancellationToken);
        await using var copy = keys.CreateCommand();
        copy.CommandText = "VACUUM INTO @file";
        copy.Parameters.AddWithValue(
            "@file", StoreConnection.SqliteFilesOf(StoreConnection.KeysBeside($"Data Source={Store}")).Database);
        await copy.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_backup_of_PostgreSQL_is_left_to_its_own_tools()
    {
        await using var server = await TestServer.StartAsync(
            substitute: builder => builder.Services.AddSingleton<IStoreBackups, NoBackups>());

        var refused = await server.AdminAsync(HttpMethod.Get, "/admin/backup");

        Assert.Equal("409 8410 this server's store is PostgreSQL, whose backups pg_dump takes (docs/backup.md)", refused.Fault);
    }

    public void Dispose() => _folder.Dispose();

    private async Task TakeAsync(TestServer server)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/admin/backup");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TestServer.AdminKey);
        using var response = await server.Client.SendAsync(request, Test);
        response.EnsureSuccessStatusCode();
        await File.WriteAllBytesAsync(Backup, await response.Content.ReadAsByteArrayAsync(Test), Test);
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        await StoreVerb.Of(arguments)!.RunAsync(output);
        return output.ToString();
    }
}
