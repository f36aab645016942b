using Countersign.Hosting;

namespace Countersign.Operator.Hosting;

/// <summary>What is configured for the web framework, as far as it would otherwise be passed over or end in a trace.</summary>
internal static class FrameworkSettings
{
    /// <exception cref="ConfigurationException">There is no such setting, or its value cannot be.</exception>
    public static void Check(IConfiguration configuration)
    {
        IEnumerable<string> problems =
        [
            .. ListeningAddresses.Problems(configuration, "operator", "--urls", 9090),
            .. FrameworkSections.Problems(configuration).Select(problem => problem.Sentence),
            .. FrameworkSections.ValueProblems(configuration),
        ];
        if (string.IsNullOrEmpty(configuration["Operator:Issuer"]) && ListeningAddresses.BeginWithSocket(configuration))
        {
            problems = problems.Append(
                "Operator:Issuer is required where the first address to listen on is a Unix socket, which no browser can call: the origin "
                    + "of what stands before the operator.");
        }
        if (problems.FirstOrDefault() is { } problem)
        {
            throw new ConfigurationException(problem);
        }
    }
}
