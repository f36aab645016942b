using Countersign.Core;
using Countersign.Server.Hosting;
using Microsoft.Extensions.Configuration;

namespace Countersign.Server.Tests.Hosting;

public sealed class SettingsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("countersign-settings-");

    [Theory]
    [InlineData("Data Source=:memory:", "in memory")]
    [InlineData("Data Source={0}/x.db;Mode=Memory", "in memory")]
    [InlineData("Data Source=file:{0}/x.db", "names no file")]
    [InlineData("Data Source=", "is not understood")]
    [InlineData("Data Source={0}/x.db;Foo=bar", "does not know")]
    [InlineData("Data Source={0}/x.db;Mode=Nothing", "does not know")]
    [InlineData("Host=localhost;Foo=bar", "does not know")]
    [InlineData("Host=localhost;Port=bar", "does not know")]
    [InlineData("Host=localhost;Password=half;bar=", "does not know")]
    [InlineData("x.db", "is not understood")]
    public void A_store_that_cannot_work_is_refused_before_a_file_is_written(string store, string reason)
    {
        var problem = Assert.Throws<ConfigurationException>(() => Read(("Store", string.Format(null, store, _folder.FullName))));

        Assert.StartsWith("Countersign:Store ", problem.Message, StringComparison.Ordinal);
        Assert.Contains(reason, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("bar", problem.Message, StringComparison.Ordinal);
        Assert.Empty(_folder.GetFiles());
    }

    [Theory]
    [InlineData("Mode", "7")]
    [InlineData("Sandbox:ErrorCodes", "9")]
    [InlineData("Sandbox:LinkConfirmation", "9")]
    [InlineData("PublicUrl", "https://münchen.de")]
    [InlineData("PublicUrl", "https://ID.example.com")]
    [InlineData("PublicUrl", "https://id.example.com/")]
    [InlineData("PublicUrl", "https://id.example.com:443")]
    [InlineData("PublicUrl", "ftp://id.example.com")]
    [InlineData("Sandbox:WebOrigins:0", "https://münchen.de")]
    [InlineData("Sandbox:WebOrigins:0", "https://www.example.com/page")]
    public void A_setting_that_cannot_work_is_named_and_refused(string name, string value)
    {
        var problem = Assert.Throws<ConfigurationException>(() => Read(("Store", $"Data Source={_folder.FullName}/x.db"), (name, value)));

        Assert.StartsWith("Countersign:" + name.Replace(":0", "", StringComparison.Ordinal), problem.Message, StringComparison.Ordinal);
        Assert.Empty(_folder.GetFiles());
    }

    [Theory]
    [InlineData("https://id.example.com")]
    [InlineData("https://xn--mnchen-3ya.de")]
    [InlineData("http://127.0.0.1:8080")]
    [InlineData("http://[::1]:8080")]
    public void A_bare_origin_is_taken(string origin)
    {
        var settings = Read(("Store", $"Data Source={_folder.FullName}/x.db"), ("PublicUrl", origin), ("Sandbox:WebOrigins:0", origin));

        Assert.Equal(origin, settings.Server.PublicUrl);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static Settings Read(params (string Name, string Value)[] settings) =>
        Settings.Read(new ConfigurationBuilder()
            .AddInMemoryCollection(
                settings.Select(setting => KeyValuePair.Create<string, string?>("Countersign:" + setting.Name, setting.Value)))
            .Build());
}
