using System.Text;
using Countersign.Core;
using Microsoft.Extensions.Configuration;

namespace Countersign.Server.Tests.Fixtures;

/// <summary>Settings that a server starts with, to put others into.</summary>
internal sealed class StartingSettings : IDisposable
{
    /// <summary>The store's.</summary>
    public DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("countersign-settings-");

    /// <summary>With a file's <c>Countersign</c> on top.</summary>
    public IConfiguration WithFile(Mode mode, string json) => new ConfigurationBuilder()
        .AddConfiguration(With(mode, []))
        .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes($$"""{"Countersign": {{json}}}""")))
        .Build();

    /// <summary>What starts, with some settings put in.</summary>
    public IConfiguration With(Mode mode, string[] settings)
    {
        var all = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["Mode"] = mode.ToString(),
            ["EncryptionKey"] = TestServer.EncryptionKey,
            ["Store"] = $"Data Source={Folder.FullName}/x.db",
        };
        if (mode == Mode.Live)
        {
            (all["PublicUrl"], all["Countries"], all["Gateways:paper:Type"]) = ("https://id.example.com", "US", "outbox");
        }
        foreach (var setting in settings.Select(setting => setting.Split('=', 2)))
        {
            all[setting[0]] = setting[1];
        }
        return new ConfigurationBuilder()
            .AddInMemoryCollection(from setting in all select KeyValuePair.Create($"Countersign:{setting.Key}", (string?)setting.Value))
            .Build();
    }

    public void Dispose() => Folder.Delete(recursive: true);
}
