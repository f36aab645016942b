using Countersign.Core;
using Countersign.Hosting;

namespace Countersign.Server.Hosting;

/// <summary>
/// What stands behind the program's name. The configuration passes over what it does not understand; here that ends the start.
/// </summary>
internal static class CommandLine
{
    // Of the web server's own settings those that mean something here, with what the program is started with by tools.
    private static readonly string[] _settings =
    [
        "urls", ConfigurationFile.Option, "environment", "AllowedHosts", "shutdownTimeoutSeconds", "applicationName", "contentRoot",
    ];

    /// <summary>Where settings stand.</summary>
    public static IReadOnlyList<string> Sections => _sections;

    private static readonly string[] _sections = ["Countersign", "Logging", "Kestrel"];

    private const string Listed = "--help lists what there is; a setting is written --Section:Setting=value (--Countersign:Mode=Live).";

    private const string Help = """
        Usage: Countersign.Server [--urls URL[;URL]] [--config FILE] [--Section:Setting=value ...]
               Countersign.Server restore FILE [--replace] [--config FILE] [--Section:Setting=value ...]
               Countersign.Server verify FILE
               Countersign.Server move FILE [--config FILE] [--Section:Setting=value ...]
               Countersign.Server doctor [--json] [--config FILE] [--Section:Setting=value ...]

        Runs the Countersign server: in the sandbox, unless Countersign:Mode is Live.

          restore FILE              put a backup where Countersign:Store says, while the server is stopped; --replace where a store is
          verify FILE               read a backup from end to end, and say when it was taken, its schema and its key
          move FILE                 bring a SQLite store that no server uses to the empty PostgreSQL that Countersign:Store names
          doctor                    say what is weak, broken and fine of the configuration and the store, and start nothing

          --urls URL[;URL]          where to listen; http://127.0.0.1:8080 by default
                                    (the admin API: Countersign:Admin:Urls, http://127.0.0.1:8081 by default)
          --config FILE             a JSON file with settings; COUNTERSIGN_CONFIG in the environment does the same
          --Section:Setting=value   one setting, before the environment and the file: --Countersign:Mode=Live
          --version                 print the version and end
          --help                    print this and end

        Settings can stand in the environment as well, with two underscores for each colon: Countersign__Mode=Live.
        Sections are Countersign (docs/configuration.md), Logging (docs/logging.md) and Kestrel (certificates, endpoints).
        """;

    /// <summary>What is printed instead of a start; null for a start.</summary>
    public static string? Answer(string[] arguments) =>
        Array.Exists(arguments, argument => argument is "--help" or "-h" or "-?" or "/?" or "/help") ? Help
        : Array.Exists(arguments, argument => argument is "--version") ? $"Countersign.Server {ServerVersion.Text}"
        : null;

    /// <exception cref="ConfigurationException">Something is not understood; the message names it and never a setting's value, which may be
    /// a secret.</exception>
    public static void Check(IReadOnlyList<string> arguments)
    {
        var problems = new List<string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            var written = equals < 0 ? argument : argument[..equals];
            var name = written.StartsWith("--", StringComparison.Ordinal) ? written[2..]
                : written.StartsWith('/') ? written[1..] : equals > 0 ? written : null;
            var isKnown = name is not null && IsKnown(name);
            if (!isKnown)
            {
                // Anything else may be a secret at the wrong place, and base64 has '/' and '=' of its own: it is told by its place, never
                // by its text.
                problems.Add(
                    written.StartsWith("--", StringComparison.Ordinal) ? Unknown(written, name!)
                        : $"Argument {i + 1} is no option of the server. {Listed}");
            }
            else if (equals < 0 && i + 1 >= arguments.Count)
            {
                problems.Add($"{written} needs a value: {written}=value.");
            }
            // What stands behind a name is its value and is not looked at. Behind one that does not exist another option may stand instead.
            if (equals < 0 && name is not null
                && (isKnown || (i + 1 < arguments.Count && !arguments[i + 1].StartsWith("--", StringComparison.Ordinal))))
            {
                i++;
            }
        }
        ConfigurationException.ThrowIfAny(problems);
    }

    private static bool IsKnown(string name) =>
        _settings.Contains(name, StringComparer.OrdinalIgnoreCase)
        || (name.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon
            && _sections.Contains(name[..colon], StringComparer.OrdinalIgnoreCase));

    private static string Unknown(string written, string name)
    {
        var meant = name.Replace("__", ":", StringComparison.Ordinal);
        var section = meant.Split(':')[0];
        var better = meant != name && IsKnown(meant) ? meant
            : meant.Contains(':', StringComparison.Ordinal) ? Near(section, _sections) is { } other ? other + meant[section.Length..] : null
            : Near(meant, [.. _settings, "version", "help"]);
        return $"{written} is no option of the server. " + (better is null
            ? Listed
            : $"Did you mean --{better}? --help lists what there is.");
    }

    /// <summary>What was probably meant; null if nothing is like it.</summary>
    public static string? Near(string name, string[] known) =>
        known.MinBy(one => KnownSettings.Distance(name, one)) is { } nearest
            && KnownSettings.Distance(name, nearest) <= Math.Max(1, name.Length / 3) ? nearest : null;
}
