using Microsoft.Extensions.Configuration.EnvironmentVariables;

namespace Countersign.Server.Hosting;

/// <summary>The file that <c>--config</c> or <c>COUNTERSIGN_CONFIG</c> names: JSON, in which comments are allowed. The environment and the command line come before it.</summary>
internal static class ConfigurationFile
{
    public const string Option = "config";
    public const string Variable = "COUNTERSIGN_CONFIG";

    /// <exception cref="ConfigurationException">It cannot be read.</exception>
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
        try
        {
            _ = file.Build();
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
            throw new ConfigurationException($"The configuration file {path} is not valid JSON: {exception.GetBaseException().Message}", exception);
        }

        var sources = ((IConfigurationBuilder)configuration).Sources;
        var place = sources.Index().FirstOrDefault(
            source => source.Item is EnvironmentVariablesConfigurationSource { Prefix: null or "" }, (sources.Count, null!)).Index;
        sources.Insert(place, file.Sources[0]);
    }
}
