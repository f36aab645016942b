namespace Countersign.Operator.Hosting;

/// <summary>Words of the command line that stand for settings.</summary>
internal static class CommandLine
{
    // A bare flag is no setting to the configuration's reader, which would take the next word for its value.
    public static string[] Expand(string[] args) => [.. args.Select(arg => arg == "--radio" ? "--Operator:RadioProxies=true" : arg)];
}
