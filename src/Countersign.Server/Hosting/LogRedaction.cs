namespace Countersign.Server.Hosting;

/// <summary>
/// Keeps addresses out of the log, whatever the configuration asks for: the framework writes whole ones, and ours hold link tokens, auth
/// tokens and, in the sandbox, numbers.
/// </summary>
internal static class LogRedaction
{
    private const string Framework = "Microsoft.AspNetCore";

    // Its scope, which formatters may print with every line of a request, holds the path. What it has to say at Error is thrown as well.
    private const string Requests = Framework + ".Hosting.Diagnostics";

    public static IServiceCollection AddLogRedaction(this IServiceCollection services) =>
        services.PostConfigure<LoggerFilterOptions>(KeepQuiet);

    private static void KeepQuiet(LoggerFilterOptions options)
    {
        // Of all rules the most specific alone is asked, so each has to hold; the first stands in where there is none.
        LoggerFilterRule[] asked = [new(null, null, options.MinLevel, null), .. options.Rules];
        options.Rules.Clear();
        foreach (var rule in asked)
        {
            options.Rules.Add(new LoggerFilterRule(
                rule.ProviderName, rule.CategoryName, rule.LogLevel,
                (provider, category, level) =>
                    IsAllowed(category, level) && (rule.Filter is not { } filter || filter(provider, category, level))));
        }
    }

    private static bool IsAllowed(string? category, LogLevel level) =>
        category is null
        || !category.StartsWith(Framework, StringComparison.OrdinalIgnoreCase)
        || (level >= LogLevel.Warning && !category.StartsWith(Requests, StringComparison.OrdinalIgnoreCase));
}
