using Countersign.Core.Limits;
using Countersign.Core.Pumping;
using Countersign.Hosting;
using Countersign.Server.Endpoints.Admin;

namespace Countersign.Server.Hosting;

/// <summary>Rules that are tried and not set: held to the same names, shapes and bounds.</summary>
internal sealed class RuleSettings : IRuleSettings
{
    private static readonly KnownSettings _known = new KnownSettings(SettingNames.Root)
        .With<PumpingOptions>(PumpingOptions.Section)
        .With<TextLimitOptions>(TextLimitOptions.Section);

    public ReadRules Read(IReadOnlyList<string> lines)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var problems = new List<string>();
        foreach (var line in lines)
        {
            var parts = line.Split('=', 2);
            if (parts.Length == 2 && !values.TryAdd($"{SettingNames.Root}:{parts[0].Trim()}", parts[1].Trim()))
            {
                problems.Add($"{parts[0].Trim()} is set twice");
            }
        }
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        problems.AddRange(_known.Problems(configuration).Select(problem => problem.Sentence));
        var (pumping, texts) = (new PumpingOptions(), new TextLimitOptions());
        if (problems.Count == 0)
        {
            var root = configuration.GetSection(SettingNames.Root);
            root.GetSection(PumpingOptions.Section).Bind(pumping);
            root.GetSection(TextLimitOptions.Section).Bind(texts);
            problems.AddRange(new PumpingOptionsValidator().Validate(null, pumping).Failures ?? []);
            problems.AddRange(new TextLimitOptionsValidator().Validate(null, texts).Failures ?? []);
        }
        return new ReadRules(
            pumping, texts, [.. problems.Select(problem => problem.Replace($"{SettingNames.Root}:", "", StringComparison.Ordinal))]);
    }
}
