using System.Data.Common;
using System.Net.Sockets;
using System.Security.Cryptography;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Core.Projects;
using Countersign.Core.Sandbox;
using Countersign.Core.Texts;
using Countersign.Server.Security;
using Countersign.Storage;
using Microsoft.AspNetCore.Hosting.Server;

namespace Countersign.Server.Hosting;

/// <summary>What has to be true before the first request is taken.</summary>
internal static class Startup
{
    public static async Task PrepareAsync(WebApplication app)
    {
        var services = app.Services;
        // Read when they are first asked for: what is wrong with them is to be said now.
        services.GetRequiredService<ITextRoutes>();
        Migrate(services);

        await services.CheckPoolAsync(CancellationToken.None);

        // Before anything that has a moment is written.
        await services.MeasureStoreClockAsync(CancellationToken.None);
        if (services.GetService<ISandboxClock>() is { } clock)
        {
            await clock.FollowAsync(services.GetRequiredService<ISandboxClockStore>(), CancellationToken.None);
        }

        // Before anything is read that has a seal, and before a first key for tokens says that all have.
        await services.BeginRowSealsAsync(CancellationToken.None);

        // Before anything is written: a node with another key would put secrets into a shared store that the other nodes cannot check.
        await LoadKeysAsync(services);
        var settings = services.GetRequiredService<Settings>();
        if (!settings.Keys.AcceptLoss)
        {
            await services.RefuseLostLineKeysAsync(CancellationToken.None);
        }
        await ClaimStoreAsync(services, settings.Server.Mode);
        if (settings.Keys.AcceptLoss)
        {
            foreach (var lost in await services.AcceptLostLineKeysAsync(CancellationToken.None))
            {
                Log.LineKeysAccepted(services.GetRequiredService<ILogger<Settings>>(), lost);
            }
        }
        await services.BeginDaysAsync(CancellationToken.None);
        await services.BeginLinesAsync(CancellationToken.None);
        await services.SettleRestoredAsync(Tokens.AccessLifetime, CancellationToken.None);
        await ConfiguredProjects.PutAsync(services, settings);
        await ConfigurationAudit.RecordAsync(services, app.Configuration);
        await ConfiguredProjects.WarnAsync(services, settings);
        await StoreKeptAsync(services);
        await CapCheck.CheckAsync(services, settings);
        await WarnOfSourcesAsync(services);

        app.Lifetime.ApplicationStarted.Register(() => Announce(app, settings));
    }

    private static void Migrate(IServiceProvider services)
    {
        try
        {
            services.MigrateStorage();
        }
        catch (Exception exception) when (exception is DbException or IOException or UnauthorizedAccessException or SocketException
            or InvalidOperationException)
        {
            throw new ConfigurationException($"The store cannot be opened: {exception.Message} Look at Countersign:Store.", exception);
        }
    }

    private static async Task ClaimStoreAsync(IServiceProvider services, Mode mode)
    {
        var claimed = await services.ClaimStoreAsync(mode, CancellationToken.None);
        if (claimed != mode)
        {
            throw new ConfigurationException(
                $"Countersign:Mode is {mode}, and the store belongs to a server whose mode is {claimed}. Set Countersign:Mode to "
                    + $"{claimed}, or name another store: "
                    + "a sandbox shows the texts of a store to anybody, and its test users are no persons.");
        }
    }

    // Which settings were never chosen is said at each start until they are: what is kept is the weaker choice.
    private static async Task StoreKeptAsync(IServiceProvider services)
    {
        var store = services.GetRequiredService<IProjectStore>();
        await store.StoreKeptAsync(CancellationToken.None);
        foreach (var project in await store.ListProjectsAsync(CancellationToken.None))
        {
            var kept = services.GetRequiredService<StricterDefaults>().Settings.Where(setting => project.Keeps(setting.Name)).ToList();
            if (kept.Count > 0)
            {
                Log.SettingsKept(services.GetRequiredService<ILogger<StricterDefaults>>(), project.Id, string.Join(", ", kept));
            }
        }
    }

    private static async Task WarnOfSourcesAsync(IServiceProvider services)
    {
        if (await services.GetRequiredService<IRecordSources>().ListSeenByAllAsync(CancellationToken.None) is { Count: > 0 } sources)
        {
            Log.SourcesSeenByAll(services.GetRequiredService<ILogger<RecordImports>>(), string.Join(", ", sources));
        }
    }

    private static async Task LoadKeysAsync(IServiceProvider services)
    {
        try
        {
            await services.GetRequiredService<SigningKeys>().LoadAsync(CancellationToken.None);
        }
        catch (CryptographicException exception)
        {
            throw new ConfigurationException(
                "Countersign:EncryptionKey is not the one this store was made with, so nothing in it can be read. Set the key that the "
                    + "other nodes and earlier starts have (on SQLite it may stand in the .key file beside the database; where the key was "
                    + "changed it is in the file that Countersign:Keys:File names, which must not be missing), or name an empty store.",
                exception);
        }
    }

    private static void Announce(WebApplication app, Settings settings)
    {
        var origin = app.Services.GetRequiredService<PublicAddress>().Origin;
        var (urls, admin) = app.Services.GetRequiredService<Listeners>().AddressesOf(app.Services.GetRequiredService<IServer>());
        var logger = app.Services.GetRequiredService<ILogger<Settings>>();
        Log.Started(logger, string.Join(" and ", urls), origin, settings.Server.Mode);
        if (admin.Count > 0)
        {
            Log.AdminStarted(logger, string.Join(" and ", admin));
        }
        if (settings.Credentials is { } credentials)
        {
            app.Services.GetRequiredService<Banner>().Print(credentials, origin);
        }
    }
}
