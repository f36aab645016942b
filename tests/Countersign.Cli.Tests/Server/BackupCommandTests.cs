using System.Net;
using System.Text;
using Countersign.Cli.Tests.Fixtures;
using Countersign.Storage;

namespace Countersign.Cli.Tests.Server;

public sealed class BackupCommandTests(RunningServer server) : IClassFixture<RunningServer>, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("countersign-cli-backup-");

    private string Target => Path.Combine(_folder.FullName, "backup.db");

    [Fact]
    public async Task A_backup_is_a_whole_file_that_its_owner_alone_may_read()
    {
        var taken = await server.RunAsync("backup", Target);
        var json = await server.RunAsync("backup", Path.Combine(_folder.FullName, "second.db"), "--json");

        Assert.Equal((0, ""), (taken.Code, taken.Error));
        var at = StoreFile.Read(Target).TakenAt!.Value;
        Assert.StartsWith(
            $"{Target} is the store as it was at {at:yyyy-MM-dd'T'HH:mm:ss'Z'}, whole: ", taken.Output, StringComparison.Ordinal);
        Assert.Contains("the keys are not in it", taken.Output, StringComparison.Ordinal);
        Assert.Equal(new FileInfo(Path.Combine(_folder.FullName, "second.db")).Length, (long)json.Json["bytes"]!);
        Assert.Equal(["backup.db", "second.db"], _folder.GetFiles().Select(file => file.Name).Order(StringComparer.Ordinal));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Target));
        }
    }

    [Fact]
    public async Task A_file_that_is_there_is_not_overwritten()
    {
        await File.WriteAllTextAsync(Target, "kept", TestContext.Current.CancellationToken);

        var refused = await server.RunAsync("backup", Target);

        Assert.Equal((1, $"{Target} exists already; it is not overwritten. Name another file."), (refused.Code, refused.Error.Trim()));
        Assert.Equal("kept", await File.ReadAllTextAsync(Target, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_folder_that_does_not_exist_is_named()
    {
        var refused = await server.RunAsync("backup", Path.Combine(_folder.FullName, "none", "backup.db"));

        Assert.Equal(1, refused.Code);
        Assert.Contains("none/backup.db cannot be written: ", refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("the content", "other content", true, "What has arrived is not what was sent. Nothing was kept; try again.")]
    [InlineData("the content", "the cont", true, "What has arrived is not what was sent. Nothing was kept; try again.")]
    [InlineData("the content", "the content", false,
        "What answers at 127.0.0.1:1 is not a Countersign server. Look at --server or COUNTERSIGN_SERVER.")]
    public async Task What_does_not_arrive_whole_is_not_kept(string sent, string arrived, bool saysDigest, string problem)
    {
        var answer = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(arrived)) };
        answer.Content.Headers.LastModified = DateTimeOffset.UnixEpoch;
        if (saysDigest)
        {
            var digest = System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(sent));
            answer.Headers.Add("Repr-Digest", $"sha-256=:{Convert.ToBase64String(digest)}:");
        }
        var variables = new Dictionary<string, string> { ["COUNTERSIGN_SERVER"] = "http://127.0.0.1:1", ["COUNTERSIGN_ADMIN_KEY"] = "key" };
        var environment = new CliEnvironment(variables.GetValueOrDefault, () => new Answering(answer));
        using var error = new StringWriter();

        var code = await Program.RunAsync(
            environment, ["backup", Target], new() { Output = TextWriter.Null, Error = error }, TestContext.Current.CancellationToken);

        Assert.Equal((1, problem), (code, error.ToString().Trim()));
        Assert.Empty(_folder.GetFiles());
    }

    [Fact]
    public async Task Who_looks_for_the_restore_here_is_told_where_it_is()
    {
        var told = await server.RunAsync("restore", Target);

        Assert.Equal((1, ""), (told.Code, told.Output));
        Assert.Contains($"Countersign.Server restore {Target} --config FILE", told.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private sealed class Answering(HttpResponseMessage answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(answer);
    }
}
