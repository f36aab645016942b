using System.Security.Cryptography;
using Countersign.Core.Limits;
using Countersign.Core.Scenarios;
using Countersign.Providers.Scenarios;
using Countersign.Storage;

namespace Countersign.Server.Hosting;

/// <summary>
/// A server within this one, for one scenario: the same parts, a new store in a folder of its own that goes away with it, and the scenario
/// in the place of the world. It listens nowhere.
/// </summary>
internal sealed class ScenarioWorld : IAsyncDisposable
{
    // An empty store that is up to date: bringing one there takes longer than playing.
    private static byte[]? _emptyStore;

    private readonly DirectoryInfo _folder;
    private readonly ServiceProvider _services;

    private ScenarioWorld(DirectoryInfo folder, Scenario? scenario)
    {
        _folder = folder;
        var settings = SettingsOf(FileIn(folder));
        if (scenario is not null)
        {
            Set(settings, scenario.Flow);
            Limit(settings, scenario.Steps.FirstOrDefault(step => step.Limit is not null)?.Limit);
        }
        var services = new ServiceCollection().AddLogging().AddCountersign(settings);
        if (scenario is not null)
        {
            services.AddScenario(scenario, TimeProvider.System);
        }
        _services = services.BuildServiceProvider();
    }

    public IServiceProvider Services => _services;

    public static async Task<ScenarioWorld> OpenAsync(Scenario scenario, CancellationToken cancellationToken)
    {
        var folder = NewFolder();
        ScenarioWorld? world = null;
        try
        {
            await File.WriteAllBytesAsync(FileIn(folder), _emptyStore ??= await MigrateAsync(), cancellationToken);
            world = new ScenarioWorld(folder, scenario);
            await world._services.BeginRowSealsAsync(cancellationToken);
            await world._services.PrepareScenarioAsync(cancellationToken);
            return world;
        }
        catch
        {
            await (world?.DisposeAsync() ?? ValueTask.CompletedTask);
            if (world is null)
            {
                folder.Delete(recursive: true);
            }
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static async Task<byte[]> MigrateAsync()
    {
        var folder = NewFolder();
        await using var world = new ScenarioWorld(folder, scenario: null);
        world._services.MigrateStorage();
        // Closed, all of it is in the one file.
        await world._services.DisposeAsync();
        return await File.ReadAllBytesAsync(FileIn(folder));
    }

    private static DirectoryInfo NewFolder() => Directory.CreateTempSubdirectory("countersign-scenario-");

    private static string FileIn(DirectoryInfo folder) => Path.Combine(folder.FullName, "scenario.db");

    private static Settings SettingsOf(string file) => Settings.Read(new ConfigurationBuilder().AddInMemoryCollection(
        new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["Countersign:Store"] = $"Data Source={file}",
            ["Countersign:EncryptionKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
            ["Countersign:Sandbox:ClientId"] = "scenario",
            ["Countersign:Sandbox:ClientSecret"] = "scenario",
        }).Build());

    private static void Set(Settings settings, ScenarioFlow flow)
    {
        var possession = settings.Possession;
        possession.FlowLife = ScenarioTime.ToTime(flow.Life);
        possession.OtpLife = ScenarioTime.ToTime(flow.CodeLife);
        possession.LinkLife = ScenarioTime.ToTime(flow.LinkLife);
        possession.MobileAuthLife = possession.MobileAuthRedirectLife = ScenarioTime.ToTime(flow.MobileAuthLife);
        (possession.EntriesWithRetry, possession.Resends, possession.NumberChanges) = (flow.Entries, flow.Resends, flow.NumberChanges);
        settings.DeviceKeys.TieOnFetch = false;
    }

    /// <summary>So that what a scenario says is counted is too much, and nothing less.</summary>
    private static void Limit(Settings settings, ScenarioLimit? limit)
    {
        switch (limit?.Rule)
        {
            case LimitRule.TextsOfProjectInHour:
                settings.TextLimits.PerHour = (int)limit.Max;
                break;
            case LimitRule.TextsOfLineInHour:
                settings.TextLimits.PerHour = (int)(limit.Max / 2);
                break;
            case LimitRule.TextsOfProjectInDay:
                settings.TextLimits.PerDay = (int)limit.Max;
                break;
            case LimitRule.TextsOfLineInDay:
                settings.TextLimits.PerDay = (int)(limit.Max / 2);
                break;
            case LimitRule.GuessesOfLine or LimitRule.GuessesOfProject:
                // A guess of six digits costs what is just too much.
                settings.Possession.CodeLength = 6;
                settings.Budget.GuessProbability =
                    GuessLimits.ChanceOf(6) * GuessLimits.Day / (limit.Max - limit.Count + 1.5m);
                break;
        }
    }
}
