using Countersign.Core;
using Countersign.Core.Money;
using Countersign.Core.Projects;
using Countersign.Core.Texts;

namespace Countersign.Server.Hosting;

/// <summary>Holds prices and caps to the gateways and projects that there are, when they stand.</summary>
internal static class CapCheck
{
    /// <exception cref="ConfigurationException">A cap of the configuration could not be kept.</exception>
    public static async Task CheckAsync(IServiceProvider services, Settings settings)
    {
        var gateways = services.GetRequiredService<ITextGateways>().Names.Select(name => name.ToString()).ToList();
        ConfigurationException.ThrowIfAny(settings.CapRules.ProblemsWith(gateways, settings.HasCaps));

        // What the admin API has set, and what prices were taken from since: those texts are held back, and the server starts.
        var unpriced = settings.CapRules.Unpriced(gateways).ToList();
        var logger = services.GetRequiredService<ILogger<Caps>>();
        foreach (var project in await services.GetRequiredService<IProjectStore>().ListProjectsAsync(CancellationToken.None))
        {
            if (project.Settings.Caps is not { } caps)
            {
                continue;
            }
            if (settings.Prices is not null && settings.CapRules.ProblemOf(caps) is { } problem)
            {
                Log.CapsDoNotFit(logger, project.Id, problem);
            }
            foreach (var gateway in unpriced)
            {
                Log.CapsWithoutPrice(logger, project.Id, gateway);
            }
        }
    }
}
