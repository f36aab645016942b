using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Administration;
using Countersign.Core.Keys;
using Countersign.Server.Tests.Fixtures;
using Countersign.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Whole;

/// <summary>A change of the encryption key while calls go on.</summary>
public abstract class KeyRotationTests(ServerFixture fixture) : IAsyncDisposable
{
    private const string Path = "/admin/encryption-keys";
    private const string Number = "2001009002";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    private string KeyFile => _folder.File("keys.json");

    [Fact]
    public async Task While_the_key_changes_no_call_fails_and_afterwards_the_old_key_opens_nothing()
    {
        await using var server = await StartAsync();
        await using var other = server.Store.Contains("Data Source", StringComparison.Ordinal) ? null : await server.StartSecondNodeAsync();
        TestServer[] nodes = other is null ? [server] : [server, other];
        var alias = await AliasAsync(server);
        var before = await SendAsync(server);
        var old = Assert.Single(await ListAsync(server));

        using var stop = new CancellationTokenSource();
        var finished = 0;
        var load = Enumerable.Range(0, 8).Select(async i =>
        {
            for (var n = 0; !stop.IsCancellationRequested || n < 3; n++)
            {
                Assert.Equal("true success success", await PassAsync(nodes[n % nodes.Length], nodes[(n + 1) % nodes.Length]));
                Interlocked.Increment(ref finished);
            }
        }).ToList();
        var made = Rotate(server, TimeSpan.FromSeconds(2));
        var rings = nodes.Select(node => node.Services.GetRequiredService<KeyRing>()).ToList();
        rings.ForEach(ring => ring.Reload());
        while (rings.Exists(ring => ring.Sealing.Id.ToString() != made))
        {
            Assert.Equal("true success success", await PassAsync(nodes[0], nodes[^1]));
        }
        for (var i = 0; i < 5; i++)
        {
            await Task.WhenAll(nodes.Select(node => node.Services.GetRequiredService<Resealing>().CatchUpAsync(Test)));
        }
        await stop.CancelAsync();
        await Task.WhenAll(load);
        Assert.True(finished >= 24);
        Assert.Equal("true success success", await FinishAsync(nodes[^1], before));
        // Hashes follow half a minute later.
        await BeganEarlierAsync();
        foreach (var node in nodes)
        {
            await node.Services.GetRequiredService<KeyUpkeep>().CatchUpAsync(Test);
            await node.Services.GetRequiredService<Resealing>().CatchUpAsync(Test);
        }

        var listed = await ListAsync(server);
        Assert.Equal([(old.Id, false), (made, true)], listed.Select(key => (key.Id, key.Seals)));
        Assert.Equal(0, listed[0].Values);
        Assert.True(listed[1].Values > 20);
        Assert.Equal(alias, await AliasAsync(server));
        var refused = await Assert.ThrowsAsync<ConfigurationException>(() => TestServer.StartAsync(server.Store));
        Assert.StartsWith("Countersign:EncryptionKey is not the one this store was made with", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_goes_when_it_opens_nothing_and_the_server_starts_without_it()
    {
        await using var server = await StartAsync();
        var alias = await AliasAsync(server);
        var id = (await ListAsync(server))[0].Id;
        Assert.Equal("409 8410 this encryption key seals what is stored: make another first", (await RetireAsync(server, id)).Fault);
        Assert.Equal("404 8011 there is no such encryption key", (await RetireAsync(server, "00000000")).Fault);
        var next = Rotate(server, TimeSpan.Zero);

        Assert.StartsWith(
            "409 8410 what browsers carry may still be under this encryption key", (await RetireAsync(server, id)).Fault,
            StringComparison.Ordinal);
        await BeganEarlierAsync();
        server.Services.GetRequiredService<KeyRing>().Reload();
        Assert.Matches("^409 8410 [0-9]+ values in the store are still under this encryption key", (await RetireAsync(server, id)).Fault);
        await server.Services.GetRequiredService<Resealing>().CatchUpAsync(Test);
        Assert.Equal(204, (await RetireAsync(server, id)).Status);

        Assert.Equal(next, Assert.Single(await ListAsync(server)).Id);
        await server.RestartAsync();
        Assert.Equal(alias, await AliasAsync(server));
        Assert.Equal("true success success", await PassAsync(server, server));
    }

    [Fact]
    public async Task A_key_may_wait_until_all_servers_have_it_and_be_taken_back()
    {
        await using var server = await StartAsync();
        var id = (await ListAsync(server))[0].Id;

        var made = await server.AdminAsync(HttpMethod.Post, Path, """{"sealsInSeconds":900}""");
        var (next, from) = (made.Text("id"), (DateTimeOffset)made.Json!["sealsFrom"]!);

        Assert.Equal([(id, true), (next, false)], (await ListAsync(server)).Select(key => (key.Id, key.Seals)));
        Assert.Equal(
            $"409 8410 the encryption key {next} has not begun yet: the next can be made from {from:yyyy-MM-dd'T'HH:mm:ss'Z'} on",
            (await server.AdminAsync(HttpMethod.Post, Path)).Fault);
        Assert.Equal(204, (await RetireAsync(server, next)).Status);
        Assert.Equal(id, Assert.Single(await ListAsync(server)).Id);
    }

    [Fact]
    public async Task Where_there_are_three_keys_the_refusal_names_the_oldest_and_when_it_can_go()
    {
        await using var server = await StartAsync();
        var oldest = (await ListAsync(server))[0].Id;
        Rotate(server, TimeSpan.Zero);
        Rotate(server, TimeSpan.Zero);

        var refused = await server.AdminAsync(HttpMethod.Post, Path);

        var listed = (await server.AdminAsync(HttpMethod.Get, Path)).Json!["keys"]!.AsArray();
        var from = (DateTimeOffset)listed[0]!["retirableFrom"]!;
        Assert.Equal(
            $"409 8410 there are 3 encryption keys, as many as there may be: retire {oldest} first, which can go from "
                + $"{from:yyyy-MM-dd'T'HH:mm:ss'Z'} on, once nothing in the store is under it",
            refused.Fault);
        Assert.Null(listed[2]!["retirableFrom"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(14)]
    [InlineData(2_592_001)]
    public async Task A_moment_that_is_too_early_or_too_late_is_told_with_its_bounds_and_unit(int seconds)
    {
        await using var server = await StartAsync();

        var refused = await server.AdminAsync(HttpMethod.Post, Path, $$"""{"sealsInSeconds":{{seconds}}}""");

        Assert.Equal(
            "400 8001 field 'sealsInSeconds' is invalid: must be a whole number of seconds from 15 to 2592000", refused.Fault);
    }

    [Fact]
    public async Task Without_a_key_file_the_key_stays()
    {
        await using var server = await fixture.StartAsync();

        var reply = await server.AdminAsync(HttpMethod.Post, Path);

        Assert.Equal(409, reply.Status);
        Assert.Contains("Countersign:Keys:File", reply.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_file_is_for_its_owner_and_a_damaged_one_stops_the_start()
    {
        await using (var server = await StartAsync())
        {
            await server.AdminAsync(HttpMethod.Post, Path);
        }
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
        }

        await File.WriteAllTextAsync(KeyFile, "{}", Test);

        var problem = await Assert.ThrowsAsync<ConfigurationException>(StartAsync);
        Assert.StartsWith($"The key file {KeyFile} is damaged.", problem.Message, StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task<TestServer> StartAsync() => fixture.StartAsync(new Dictionary<string, string?> { ["Countersign:Keys:File"] = KeyFile });

    private static async Task<IReadOnlyList<(string Id, bool Seals, long Values)>> ListAsync(TestServer server) =>
    [
        .. (await server.AdminAsync(HttpMethod.Get, Path)).Json!["keys"]!.AsArray()
            .Select(key => ((string)key!["id"]!, (bool)key["seals"]!, (long)key["values"]!)),
    ];

    /// <summary>Sooner than the admin API lets a key begin.</summary>
    private static string Rotate(TestServer server, TimeSpan delay) => Assert.IsType<EncryptionKeyOutcome.Made>(
        server.Services.GetRequiredService<EncryptionKeys>().Rotate(delay)).Id.ToString();

    private static Task<Reply> RetireAsync(TestServer server, string id) => server.AdminAsync(HttpMethod.Delete, $"{Path}/{id}");

    /// <summary>As if the newest key had been made two hours ago.</summary>
    private async Task BeganEarlierAsync()
    {
        var file = JsonNode.Parse(await File.ReadAllTextAsync(KeyFile))!;
        var last = file["keys"]!.AsArray()[^1]!;
        last["sealsFrom"] = last["sealsFrom"]!.GetValue<DateTimeOffset>().AddHours(-2);
        await File.WriteAllTextAsync(KeyFile, file.ToJsonString());
    }

    private static async Task<string> AliasAsync(TestServer server)
    {
        var reply = await server.VerifyAsync(
            """{"verificationType":"accountOpening","phoneNumber":"2001009412","firstName":"Lori","lastName":"Montgomery"}""");
        return reply.Text("provePhoneAlias");
    }

    private static async Task<string> PassAsync(TestServer first, TestServer second) => await FinishAsync(second, await SendAsync(first));

    private static async Task<Begun> SendAsync(TestServer server)
    {
        var flow = await server.BeginAsync("mobile", Number);
        var page = server.Browser(flow.AuthToken!);
        await page.Post("mobile/instant/start");
        await page.Post("mobile/otp/start");
        return flow;
    }

    private static async Task<string> FinishAsync(TestServer server, Begun flow)
    {
        await server.Browser(flow.AuthToken!).Enter("1234");
        return (await server.StatusAsync(flow.Id)).Outcome;
    }
}

public sealed class KeyRotationOnSqlite(OnSqlite fixture) : KeyRotationTests(fixture), IClassFixture<OnSqlite>;

public sealed class KeyRotationOnPostgres(OnPostgres fixture) : KeyRotationTests(fixture), IClassFixture<OnPostgres>;
