using System.Text.Json.Nodes;

namespace Countersign.Cli.Tests.Fixtures;

/// <summary>Runs the command as a shell would, in this process.</summary>
internal static class CommandLine
{
    /// <param name="variables">The environment: nothing else is seen of it.</param>
    public static Task<Run> RunAsync(IReadOnlyDictionary<string, string> variables, params string[] arguments) =>
        RunAsync(CliEnvironment.OfProcess.NewHandler, variables, arguments);

    /// <param name="handler">Makes what answers in the place of servers.</param>
    /// <inheritdoc cref="RunAsync(IReadOnlyDictionary{string, string}, string[])"/>
    public static async Task<Run> RunAsync(
        Func<HttpMessageHandler> handler, IReadOnlyDictionary<string, string> variables, params string[] arguments)
    {
        var environment = new CliEnvironment(name => variables.GetValueOrDefault(name), handler)
        {
            WaitAsync = (_, _) => Task.CompletedTask,
        };
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await Program.RunAsync(
            environment, arguments, new() { Output = output, Error = error }, TestContext.Current.CancellationToken);
        return new Run(code, output.ToString(), error.ToString());
    }
}

/// <summary>How a command ended, and what it printed.</summary>
internal sealed record Run(int Code, string Output, string Error)
{
    public JsonObject Json => JsonNode.Parse(Output)!.AsObject();

    public override string ToString() => $"{Code}\n{Output}\n{Error}";
}
