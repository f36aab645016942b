namespace Countersign.Cli;

/// <summary>What the command takes from around it; a test brings its own.</summary>
/// <param name="Variable">Reads an environment variable: null when it is not set.</param>
/// <param name="NewHandler">Makes what carries HTTP requests.</param>
internal sealed record CliEnvironment(Func<string, string?> Variable, Func<HttpMessageHandler> NewHandler)
{
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Waits for what a server is to do by itself within seconds.</summary>
    public Func<TimeSpan, CancellationToken, Task> WaitAsync { get; init; } =
        (time, cancellationToken) => Task.Delay(time, TimeProvider.System, cancellationToken);

    public static CliEnvironment OfProcess { get; } = new(
        Environment.GetEnvironmentVariable, () => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
}
