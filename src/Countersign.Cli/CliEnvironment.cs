namespace Countersign.Cli;

/// <summary>What the command takes from around it; a test brings its own.</summary>
/// <param name="Variable">Reads an environment variable: null when it is not set.</param>
/// <param name="NewHandler">Makes what carries HTTP requests.</param>
internal sealed record CliEnvironment(Func<string, string?> Variable, Func<HttpMessageHandler> NewHandler)
{
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public static CliEnvironment OfProcess { get; } = new(
        Environment.GetEnvironmentVariable, () => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
}
