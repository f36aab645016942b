using Countersign.Hosting;

namespace Countersign.Server.Hosting;

/// <summary>
/// A configuration without the values that cannot be read. The keys stay, so that entries and names are there that nothing is set for.
/// As wherever one configuration is read through another, an empty value is none.
/// </summary>
internal sealed class ReadableSettings : ConfigurationProvider, IConfigurationSource
{
    private readonly IConfiguration _configuration;
    private readonly IReadOnlyCollection<SettingProblem> _problems;

    private ReadableSettings(IConfiguration configuration, IReadOnlyCollection<SettingProblem> problems) =>
        (_configuration, _problems) = (configuration, problems);

    /// <summary>What can be bound.</summary>
    public static IConfiguration Of(IConfiguration configuration, IReadOnlyCollection<SettingProblem> problems)
    {
        var source = new ReadableSettings(configuration, problems);
        var readable = new ConfigurationBuilder().Add(source).Build();
        return new ConfigurationBuilder().Add(source).AddInMemoryCollection(SettingNames.Ours.SplitLists(readable)).Build();
    }

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public override bool TryGet(string key, out string? value)
    {
        value = _problems.Any(problem => problem.Spoils(key)) ? null : _configuration[key];
        return !string.IsNullOrEmpty(value);
    }

    public override IEnumerable<string> GetChildKeys(IEnumerable<string> earlierKeys, string? parentPath)
    {
        var parent = parentPath is null ? _configuration : _configuration.GetSection(parentPath);
        return parent.GetChildren()
            .Where(child => !_problems.Any(problem => problem.Removes(child.Path)))
            .Select(child => child.Key)
            .Concat(earlierKeys)
            .Order(ConfigurationKeyComparer.Instance);
    }

    public override string ToString() => nameof(ReadableSettings);
}
