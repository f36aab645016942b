using System.Reflection;

namespace Countersign.Operator.Hosting;

/// <summary>
/// What stands behind the program's name. The configuration passes over what it does not understand; here that ends the start.
/// </summary>
internal static class CommandLine
{
    private const string Radio = "--radio";
    private const string Listed =
        "--help lists what there is; a setting is written --Section:Setting=value (--Operator:Issuer=http://127.0.0.1:8090).";

    private const string Help = """
        Usage: Countersign.Operator [--urls URL[;URL]] [--radio] [--Section:Setting=value ...]

        Runs the simulated mobile operator.

          --urls URL[;URL]          where to listen; http://127.0.0.1:8090 by default
          --radio                   open a radio proxy for each SIM
          --Section:Setting=value   one setting, before the environment: --Operator:Issuer=http://127.0.0.1:8090
          --version                 print the version and end
          --help                    print this and end

        Settings can stand in the environment as well, with two underscores for each colon: Operator__Issuer=http://127.0.0.1:8090.
        Sections are Operator (docs/operator.md), Logging (levels) and Kestrel (certificates).
        """;

    // With what the program is started with by tools.
    private static readonly string[] _settings = ["urls", "environment", "AllowedHosts", "shutdownTimeoutSeconds", "applicationName",
        "contentRoot"];

    private static readonly string[] _sections = ["Operator", "Logging", "Kestrel"];

    private static string Version { get; } =
        typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
            ?? "unknown";

    /// <summary>What is printed instead of a start; null for a start.</summary>
    public static string? Answer(string[] args) =>
        Array.Exists(args, arg => arg is "--help" or "-h" or "-?" or "/?" or "/help") ? Help
        : Array.Exists(args, arg => arg is "--version") ? $"Countersign.Operator {Version}"
        : null;

    /// <summary>The arguments as settings.</summary>
    /// <exception cref="ConfigurationException">Something is not understood; the message names it and never a setting's value, which may be
    /// a secret.</exception>
    public static string[] Expand(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == Radio)
            {
                continue;
            }
            var equals = args[i].IndexOf('=', StringComparison.Ordinal);
            var written = equals < 0 ? args[i] : args[i][..equals];
            var isOption = written.StartsWith("--", StringComparison.Ordinal);
            var name = isOption ? written[2..] : written.StartsWith('/') ? written[1..] : equals > 0 ? written : "";
            if (!IsKnown(name))
            {
                // What is no option may be a secret at the wrong place: it is told by its place, never by its text.
                throw new ConfigurationException($"{(isOption ? written : $"Argument {i + 1}")} is no option of the operator. {Listed}");
            }
            if (equals < 0 && ++i >= args.Length)
            {
                throw new ConfigurationException($"{written} needs a value: {written}=value.");
            }
        }
        // A bare flag is no setting to the configuration's reader, which would take the next word for its value.
        return [.. args.Select(arg => arg == Radio ? "--Operator:RadioProxies=true" : arg)];
    }

    private static bool IsKnown(string name) =>
        _settings.Contains(name, StringComparer.OrdinalIgnoreCase)
        || (name.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon
            && _sections.Contains(name[..colon], StringComparer.OrdinalIgnoreCase));
}
