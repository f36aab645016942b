using Countersign.Cli.Tests.Fixtures;
using Countersign.Server.Hosting;
using Countersign.Providers.Numbers;
using Microsoft.Extensions.Configuration;
using CommandLine = Countersign.Cli.Tests.Fixtures.CommandLine;

namespace Countersign.Cli.Tests.Init;

public sealed class InitTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("countersign-init-");

    [Fact]
    public async Task The_file_starts_a_server_in_Live_as_it_is()
    {
        var path = Path.Combine(_folder.FullName, "live.json");

        var run = await CommandLine.RunAsync(
            new Dictionary<string, string>(), "init", path, "--public-url", "https://id.shop.example", "--country", "US", "--country",
            "GB");
        var settings = Settings.Read(new ConfigurationBuilder().AddJsonFile(path).Build());

        Assert.Equal(0, run.Code);
        Assert.Contains($"--config {path}", run.Output, StringComparison.Ordinal);
        Assert.Equal(("Live", "https://id.shop.example"), (settings.Server.Mode.ToString(), settings.Server.PublicUrl));
        Assert.Equal(["US", "GB"], settings.Countries.Countries);
        Assert.Equal("ops", Assert.Single(settings.Admin.Keys).Key);
    }

    [Theory]
    [InlineData("http://127.0.0.1:18312", "http://127.0.0.1:18312", "http://127.0.0.1:8081")]
    [InlineData("http://localhost", "http://127.0.0.1:80", "http://127.0.0.1:8081")]
    [InlineData("http://127.0.0.1:8081", "http://127.0.0.1:8081", "http://127.0.0.1:8082")]
    [InlineData("https://id.shop.example", "http://127.0.0.1:8080", "http://127.0.0.1:8081")]
    public async Task A_server_for_this_machine_listens_where_its_links_point(string publicUrl, string expected, string admin)
    {
        var path = Path.Combine(_folder.FullName, "live.json");

        await CommandLine.RunAsync(new Dictionary<string, string>(), "init", path, "--public-url", publicUrl);

        var written = new ConfigurationBuilder().AddJsonFile(path).Build();
        Assert.Equal((expected, admin), (written["Urls"], Settings.Read(written).Admin.Urls));
    }

    [Theory]
    [InlineData("--public-url", "id.shop.example")]
    [InlineData("--public-url", "http://id.shop.example")]
    [InlineData("--public-url", "http://10.0.0.7:8080")]
    [InlineData("--public-url", "ftp://id.shop.example")]
    [InlineData("--public-url", "https://id.shop.example/")]
    [InlineData("--public-url", "https://id.shop.example/auth")]
    [InlineData("--public-url", "https://ID.shop.example")]
    [InlineData("--public-url", "https://user:word@id.shop.example")]
    [InlineData("--public-url", "")]
    [InlineData("--country", "UK")]
    [InlineData("--country", "uk")]
    [InlineData("--country", "gb")]
    [InlineData("--country", "USA")]
    [InlineData("--country", "US,CA")]
    [InlineData("--country", "ZZ")]
    [InlineData("--country", "001")]
    [InlineData("--country", "")]
    public async Task What_the_server_would_refuse_is_told_before_anything_is_written(string option, string value)
    {
        var path = Path.Combine(_folder.FullName, "live.json");

        var run = await CommandLine.RunAsync(new Dictionary<string, string>(), "init", path, option, value);

        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.StartsWith(option, run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task All_that_is_wrong_is_told_at_once()
    {
        var path = Path.Combine(_folder.FullName, "live.json");

        var run = await CommandLine.RunAsync(
            new Dictionary<string, string>(), "init", path, "--public-url", "https://", "--country", "UK", "--country", "de", "--country",
            "US");

        Assert.Collection(
            run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            line => Assert.StartsWith("--public-url must be an https origin", line, StringComparison.Ordinal),
            line => Assert.StartsWith("--country has UK", line, StringComparison.Ordinal),
            line => Assert.Equal("--country must be written in capitals: DE.", line));
    }

    [Fact]
    public async Task Every_country_that_the_server_admits_may_be_named()
    {
        var path = Path.Combine(_folder.FullName, "live.json");

        var run = await CommandLine.RunAsync(
            new Dictionary<string, string>(), ["init", path, .. NumberPlan.Countries.SelectMany(code => (string[])["--country", code])]);

        Assert.Equal(0, run.Code);
        Assert.Equal(
            NumberPlan.Countries.Order(), Settings.Read(new ConfigurationBuilder().AddJsonFile(path).Build()).Countries.Countries.Order());
    }

    [Fact]
    public async Task Its_keys_are_fresh_and_its_file_is_the_owners_alone()
    {
        var texts = new List<string>();
        foreach (var name in (string[])["one.json", "two.json"])
        {
            await CommandLine.RunAsync(new Dictionary<string, string>(), "init", Path.Combine(_folder.FullName, name));
            texts.Add(await File.ReadAllTextAsync(Path.Combine(_folder.FullName, name), TestContext.Current.CancellationToken));
        }

        Assert.NotEqual(texts[0], texts[1]);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder.FullName, "one.json")));
        }
    }

    [Fact]
    public async Task A_file_that_is_there_is_left_alone()
    {
        var path = Path.Combine(_folder.FullName, "live.json");
        await File.WriteAllTextAsync(path, "mine", TestContext.Current.CancellationToken);

        var run = await CommandLine.RunAsync(new Dictionary<string, string>(), "init", path);

        Assert.Equal(1, run.Code);
        Assert.Contains("exists already", run.Error, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
