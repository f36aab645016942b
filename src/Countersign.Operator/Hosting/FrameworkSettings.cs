using Countersign.Hosting;

namespace Countersign.Operator.Hosting;

/// <summary>What is configured for the web framework, as far as it would otherwise be passed over or end in a trace.</summary>
internal static class FrameworkSettings
{
    private static readonly (string Section, string[] Known)[] _sections =
    [
        ("Logging", ["LogLevel", "Console", "CaptureScopes"]),
        ("Kestrel", ["Certificates", "Endpoints", "EndpointDefaults"]),
    ];

    /// <exception cref="ConfigurationException">There is no such setting, or its value cannot be.</exception>
    public static void Check(IConfiguration configuration)
    {
        if (ListeningAddresses.Problems(configuration, "operator", "--urls", 9090).FirstOrDefault() is { } problem)
        {
            throw new ConfigurationException(problem);
        }
        foreach (var (section, known) in _sections)
        {
            foreach (var child in configuration.GetSection(section).GetChildren().Where(child => !known.Contains(child.Key, StringComparer.OrdinalIgnoreCase)))
            {
                throw new ConfigurationException($"{child.Path} is no setting of the operator. There are: {string.Join(", ", known.Select(name => $"{section}:{name}"))}.");
            }
        }
        string[] levels = ["Logging:LogLevel", "Logging:Console:LogLevel"];
        foreach (var level in levels.SelectMany(path => configuration.GetSection(path).GetChildren()))
        {
            if (level.Value is { Length: > 0 } text && !Enum.GetNames<LogLevel>().Contains(text, StringComparer.OrdinalIgnoreCase))
            {
                throw new ConfigurationException($"{level.Path} must be one of {string.Join(", ", Enum.GetNames<LogLevel>())}.");
            }
        }
    }
}
