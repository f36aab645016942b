namespace Countersign.Client;

/// <summary>Which server a client asks, as whom and how patiently.</summary>
/// <remarks>
/// What is not set here is read once, at construction, from environment variables:
/// <list type="table">
/// <item><term><see cref="ClientId"/></term><description><c>COUNTERSIGN_CLIENT_ID</c>, else <c>PROVE_CLIENT_ID</c></description></item>
/// <item><term><see cref="ClientSecret"/></term>
/// <description><c>COUNTERSIGN_CLIENT_SECRET</c>, else <c>PROVE_CLIENT_SECRET</c></description></item>
/// <item><term>the server</term>
/// <description><c>COUNTERSIGN_URL</c>, else <c>COUNTERSIGN_ENV</c>, else <c>PROVE_ENV</c></description></item>
/// </list>
/// An empty variable counts as not set. There is no default server: the calls carry personal data, and nobody should get them by accident.
/// </remarks>
public sealed class CountersignClientOptions
{
    /// <summary>The OAuth 2.0 client id of your project.</summary>
    public string? ClientId { get; set; }

    /// <summary>The OAuth 2.0 client secret of your project.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>A published server by name. Not looked at when <see cref="BaseUrl"/> is set.</summary>
    /// <value><c>uat-us</c>, <c>prod-us</c>, <c>uat-eu</c> or <c>prod-eu</c>; null by default.</value>
    public string? Environment { get; set; }

    /// <summary>The address of your server, such as <c>https://id.example.com</c>; <c>/token</c> and <c>/v3</c> are added to it.</summary>
    /// <value>
    /// An absolute http or https URL without user name, query and fragment; null by default. Use https wherever others share the network:
    /// the client secret travels in the request.
    /// </value>
    public Uri? BaseUrl { get; set; }

    /// <summary>How long one try of one HTTP request may take.</summary>
    /// <value>More than zero, at most ten minutes; 30 seconds by default.</value>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a request that may safely be repeated is sent in all.</summary>
    /// <value>1 to 10; 3 by default; 1 turns retries off.</value>
    public int MaxTries { get; set; } = 3;

    /// <summary>The clock for time-outs, retries and the life of the access token.</summary>
    /// <value>The system's by default.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Reads an environment variable; null when it is not set.</summary>
    /// <value>The process's variables by default. Give <c>_ => null</c> to look at none, as where one process serves many projects.</value>
    public Func<string, string?> ReadVariable { get; set; } = System.Environment.GetEnvironmentVariable;

    /// <summary>Says what is wrong with these options, environment variables included.</summary>
    /// <returns>One sentence for each problem, naming the setting; empty when a client can be made. No sentence holds a secret.</returns>
    public IReadOnlyList<string> FindProblems()
    {
        var problems = new List<string>();
        ClientSettings.TryRead(this, problems);
        return problems;
    }

    /// <summary>The server's host and the client id; never the secret.</summary>
    public override string ToString() =>
        $"{nameof(CountersignClientOptions)} {{ ClientId = {ClientId}, ClientSecret = {Mask.Presence(ClientSecret)}, "
        + $"Environment = {Environment}, Host = {(BaseUrl is { IsAbsoluteUri: true } ? BaseUrl.Host : "")} }}";
}
