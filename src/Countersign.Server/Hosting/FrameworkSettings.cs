using Countersign.Core.Names;
using Countersign.Hosting;

namespace Countersign.Server.Hosting;

/// <summary>The settings of the framework, and what is nearly a setting of ours.</summary>
internal static class FrameworkSettings
{
    private const string Own = "Countersign";

    /// <summary>Every setting of ours, as <see cref="KnownSettings.Of"/> tells them.</summary>
    public static IEnumerable<(string Path, Type Type)> Ours => KnownSettings.Of(typeof(CountersignOptions), Own);

    /// <summary>What is wrong with names and shapes, each in a sentence.</summary>
    public static IEnumerable<string> Problems(IConfiguration configuration) =>
    [
        .. FrameworkSections.Problems(configuration),
        .. NearlyOurs(configuration),
    ];

    // The environment is shared with other programs, so not everything in it can be known. What is nearly ours was meant for us: a sandbox would start instead.
    private static IEnumerable<string> NearlyOurs(IConfiguration configuration)
    {
        var written = Ours
            .ToDictionary(setting => setting.Path.Replace(':', '_'), setting => setting.Path, StringComparer.OrdinalIgnoreCase);
        foreach (var section in configuration.GetChildren().Where(section => !section.Key.Equals(Own, StringComparison.OrdinalIgnoreCase)))
        {
            if (section.GetChildren().Any() && EditDistance.Between(section.Key.ToUpperInvariant(), Own.ToUpperInvariant(), most: 2) <= 2)
            {
                yield return $"{section.Key} is no section. Did you mean {Own}?";
            }
            else if (written.TryGetValue(section.Key, out var path))
            {
                yield return $"{section.Key} is no setting. Did you mean {path.Replace(":", "__", StringComparison.Ordinal)}, with two underscores for each colon?";
            }
        }
    }
}
