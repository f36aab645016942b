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

        var problem = Assert.Throws<ConfigurationException>(() =>
            SandboxKeyFile.LoadOrCreate($"Data Source={Path.Combine(_folder.Path, "x.db")}", hasOwnKey));

        Assert.StartsWith(sentence, problem.Message, StringComparison.Ordinal);
        Assert.Equal([taken.FullName], Directory.GetFileSystemEntries(_folder.Path));
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
}
