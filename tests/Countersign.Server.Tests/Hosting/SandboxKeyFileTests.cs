using System.Runtime.Versioning;
using Countersign.Core;
using Countersign.Server.Hosting;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Data.Sqlite;

namespace Countersign.Server.Tests.Hosting;

/// <summary>What a sandbox makes for itself, where it cannot.</summary>
public sealed class SandboxKeyFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(false, "The sandbox cannot keep its key and its credentials beside the database: ")]
    [InlineData(true, "The sandbox cannot keep its credentials beside the database: ")]
    public void A_start_that_cannot_keep_its_key_leaves_nothing_behind(bool hasOwnKey, string sentence)
    {
        // The last step fails: a folder has the file's name.
        var taken = Directory.CreateDirectory(Path.Combine(_folder.Path, "x.db.key"));

        var problem = Assert.Throws<ConfigurationException>(() => Load(hasOwnKey));

        Assert.StartsWith(sentence, problem.Message, StringComparison.Ordinal);
        Assert.Equal([taken.FullName], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData(false, """{"encryptionKey":"abc","clientId":"c","clientSecret":"s"}""")]
    [InlineData(false, """{"encryptionKey":"AAAAAAAAAAAAAAAAAAAAAA==","clientId":"c","clientSecret":"s"}""")]
    [InlineData(false, """{"encryptionKey":null,"clientId":"c","clientSecret":"s"}""")]
    [InlineData(false, """{"encryptionKey":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","clientId":"c","clientSecret":""}""")]
    [InlineData(true, """{"encryptionKey":"abc","clientId":"c","clientSecret":""}""")]
    [InlineData(true, """{"clientId":"c","clientSecret":"s\u0007"}""")]
    [InlineData(true, """{"clientId":"","clientSecret":"s"}""")]
    [InlineData(true, "null")]
    [InlineData(true, "{")]
    [InlineData(true, "")]
    public void A_key_file_that_holds_something_else_is_damaged(bool hasOwnKey, string content)
    {
        File.WriteAllText(_folder.File("x.db.key"), content);

        var problem = Assert.Throws<ConfigurationException>(() => Load(hasOwnKey));

        Assert.Equal(
            $"The sandbox key file {_folder.File("x.db.key")} is damaged. Restore it from a backup, or remove it "
                + (hasOwnKey ? "for new credentials." : "together with the database to begin anew."),
            problem.Message);
    }

    [Theory]
    [InlineData(true, """{"clientId":"c","clientSecret":"s"}""")]
    [InlineData(true, """{"encryptionKey":"abc","clientId":"c","clientSecret":"s"}""")]
    [InlineData(false, """{"encryptionKey":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","clientId":"c","clientSecret":"s"}""")]
    public void What_a_start_needs_of_a_key_file_is_enough(bool hasOwnKey, string content)
    {
        File.WriteAllText(_folder.File("x.db.key"), content);

        var file = Load(hasOwnKey);

        Assert.Equal(("c", "s"), (file.ClientId, file.ClientSecret));
    }

    [Fact]
    public void A_key_file_that_cannot_be_read_ends_the_start_in_a_sentence()
    {
        File.WriteAllText(_folder.File("x.db.key"), "{}");
        using var held = new FileStream(_folder.File("x.db.key"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        var problem = Assert.Throws<ConfigurationException>(() => Load(hasOwnKey: false));

        Assert.StartsWith($"The sandbox key file {_folder.File("x.db.key")} cannot be read: ", problem.Message, StringComparison.Ordinal);
        Assert.EndsWith(" Let the user that the server runs as read it.", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task The_sandboxs_key_is_its_owners_alone_too()
    {
        await using var server = await TestServer.StartAsync(
            $"Data Source={_folder.File("x.db")}", new Dictionary<string, string?> { ["Countersign:EncryptionKey"] = null });
        var key = new SqliteConnectionStringBuilder(server.Store).DataSource + ".key";
        File.SetUnixFileMode(key, (UnixFileMode)0b110_100_000);

        await server.RestartAsync();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
    }

    public void Dispose() => _folder.Dispose();

    private SandboxKeyFile Load(bool hasOwnKey) => SandboxKeyFile.LoadOrCreate($"Data Source={_folder.File("x.db")}", hasOwnKey);
}
