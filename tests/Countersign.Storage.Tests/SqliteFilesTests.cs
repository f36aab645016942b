using System.Runtime.Versioning;

namespace Countersign.Storage.Tests;

/// <summary>The files of a SQLite database are not for other users of the machine.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class SqliteFilesTests
{
    [Fact]
    public async Task Its_files_are_its_owners_alone_from_the_first_moment()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "countersign.db");
        await using var database = new SqliteDatabase($"Data Source={file}");

        database.Migrate();
        await database.WriteAsync(
            [new Statement("INSERT INTO settings (name, value) VALUES ('a', 1)")], TestContext.Current.CancellationToken);

        Assert.Null(database.ReadableByOthers);
        Assert.All(FilesOf(file), name => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(name)));
    }

    [Fact]
    public async Task What_others_may_do_with_files_that_are_there_is_taken_away()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "countersign.db");
        await using (var before = new SqliteDatabase($"Data Source={file}"))
        {
            before.Migrate();
            File.SetUnixFileMode(file, (UnixFileMode)0b110_110_100);
        }
        await File.WriteAllTextAsync(file + "-wal", "", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(file + "-wal", (UnixFileMode)0b110_100_100);

        await using var database = new SqliteDatabase($"Data Source={file}");
        database.Migrate();
        await database.WriteAsync(
            [new Statement("INSERT INTO settings (name, value) VALUES ('a', 1)")], TestContext.Current.CancellationToken);

        Assert.All(FilesOf(file), name => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(name)));
    }

    private static string[] FilesOf(string database) =>
        Directory.GetFiles(Path.GetDirectoryName(database)!, Path.GetFileName(database) + "*");
}
