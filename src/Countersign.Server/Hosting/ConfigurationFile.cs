using Countersign.Core;
using Microsoft.Extensions.Configuration.EnvironmentVariables;

namespace Countersign.Server.Hosting;

/// <summary>
/// The file that <c>--config</c> or <c>COUNTERSIGN_CONFIG</c> names: JSON, in which comments are allowed. The environment and the command
/// line come before it.
/// </summary>
internal static class ConfigurationFile
{
    public const string Option = "config";
    public const string Variable = "COUNTERSIGN_CONFIG";

    private static readonly string[] _settings = ["Urls", "AllowedHosts", "ShutdownTimeoutSeconds"];

    /// <exception cref="ConfigurationException">It cannot be read, or has something in it that is nothing of the server's.</exception>
    public static void AddTo(ConfigurationManager configuration)
    {
        if ((configuration[Option] ?? configuration[Variable]) is not { Length: > 0 } path)
        {
            return;
        }

        // From where the server was started, not from where its files lie.
        path = Path.GetFullPath(path);
        var file = new ConfigurationBuilder();
        file.Add<Microsoft.Extensions.Configuration.Json.JsonConfigurationSource>(source =>
        {
            source.Path = path;
            source.ResolveFileProvider();
        });
        IConfigurationRoot read;
        try
        {
            read = file.Build();
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ConfigurationException($"The configuration file {path} does not exist. Look at --config or {Variable}.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"The configuration file {path} cannot be read: {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is InvalidDataException or FormatException)
        {
            // The innermost says where; none of them repeats what stands there.
            throw new ConfigurationException(
                $"The configuration file {path} is not valid JSON: {exception.GetBaseException().Message}", exception);
        }

        Check(read, path);
        var sources = ((IConfigurationBuilder)configuration).Sources;
        var place = sources.Index().FirstOrDefault(
            source => source.Item is EnvironmentVariablesConfigurationSource { Prefix: null or "" }, (sources.Count, null!)).Index;
        sources.Insert(place, file.Sources[0]);
    }

    // The file is the server's own: what stands in it and is nothing of the server's would otherwise be missed without a word.
    private static void Check(IConfiguration read, string path)
    {
        var problems = new List<string>();
        foreach (var section in read.GetChildren())
        {
            if (CommandLine.Sections.Contains(section.Key, StringComparer.OrdinalIgnoreCase))
            {
                if (section.Value is { Length: > 0 })
                {
                    problems.Add($"{section.Key} holds settings and is none itself. Look at the configuration file {path}.");
                }
            }
            else if (!_settings.Contains(section.Key, StringComparer.OrdinalIgnoreCase))
            {
                string[] known = [.. CommandLine.Sections, .. _settings];
                var meant = CommandLine.Near(section.Key, known) is { } near ? $"Did you mean {near}?"
                    : $"There are {string.Join(", ", known)}.";
                problems.Add($"{section.Key} is no section and no setting of the configuration file {path}. {meant}");
            }
        }
        ConfigurationException.ThrowIfAny(problems);
    }
}
