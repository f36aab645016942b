using Countersign.Core.Possession;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Sandbox;

/// <summary>
/// The sandbox tells without credentials what it has sent, to anybody on this machine; a page of a foreign name whose address was changed
/// to this machine's (DNS rebinding) would be one of them. So what needs no credentials, /sandbox and the pages, answers to this server's
/// own names only. Back ends and browser SDKs show a token, which such a page has not, and may call by any name.
/// </summary>
internal sealed class SandboxHosts
{
    private static readonly PathString[] _guarded = ["/sandbox", LinkAddress.Path.TrimEnd('/'), "/reference"];

    private readonly IReadOnlyList<string> _names;
    private readonly bool _isEveryAddress;

    /// <param name="publicUrl">The server's public address, where one is configured.</param>
    /// <param name="urls">Where the server listens.</param>
    /// <param name="allowed">Hosts that the web server itself is told to answer to (<c>AllowedHosts</c>), joined by semicolons; null for
    /// none.</param>
    public SandboxHosts(SandboxHostsOptions options, string? publicUrl, IEnumerable<string> urls, string? allowed)
    {
        var listening = urls.Select(url => BindingAddress.Parse(url).Host).ToList();
        _isEveryAddress = listening.Exists(Hosts.IsAny);
        var others = allowed?.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        _names = [.. options.AllowedHosts, .. others, .. listening, .. publicUrl is { } url ? [new Uri(url).Host] : Array.Empty<string>()];
    }

    public static void Use(WebApplication app)
    {
        var options = app.Services.GetRequiredService<SandboxHostsOptions>();
        var publicUrl = app.Services.GetRequiredService<ServerOptions>().PublicUrl;
        var errorCodes = app.Services.GetRequiredService<ErrorCodeOptions>().ErrorCodes;
        var hosts = KeptFrom(() =>
            new SandboxHosts(options, publicUrl, app.Urls, app.Configuration["AllowedHosts"]), app.Lifetime.ApplicationStarted);
        app.Use((context, next) => IsGuarded(context.Request.Path) && !hosts().Knows(context.Request.Host.Host)
            ? Answer.Of(Unknown, errorCodes).WriteAsync(context)
            : next(context));
    }

    /// <summary>
    /// A port may be a free one, and a call may come by the first address before the others are bound: all are known when the server has
    /// started.
    /// </summary>
    internal static Func<SandboxHosts> KeptFrom(Func<SandboxHosts> find, CancellationToken started)
    {
        SandboxHosts? kept = null;
        return () => kept ?? (started.IsCancellationRequested ? kept = find() : find());
    }

    /// <summary>May the server be called by this name?</summary>
    public bool Knows(string host) =>
        // Without a name it is no browser. An address cannot be rebound: it is what it is.
        host.Length == 0 || Hosts.IsLoopback(host)
        || (_isEveryAddress && (Hosts.IsAddress(host) || Hosts.Matches(host, Environment.MachineName)))
        || _names.Any(name => Hosts.Matches(host, name));

    private static Fault Unknown { get; } = Fault.Malformed(
        "this sandbox is not called by the name in the Host header; add the name to Countersign:AllowedHosts, or set "
            + "Countersign:PublicUrl");

    private static bool IsGuarded(PathString path) =>
        Array.Exists(_guarded, guarded => path.StartsWithSegments(guarded, StringComparison.OrdinalIgnoreCase));
}
