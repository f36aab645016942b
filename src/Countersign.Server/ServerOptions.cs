using Countersign.Core;
using Countersign.Core.Projects;
using Microsoft.Extensions.Options;

namespace Countersign.Server;

/// <summary>What kind of server this is, and where (<c>Countersign</c> itself).</summary>
internal sealed class ServerOptions
{
    /// <summary>Which adapters stand behind the ports.</summary>
    /// <value>Sandbox by default.</value>
    public Mode Mode { get; set; } = Mode.Sandbox;

    /// <summary>Bare origin under which browsers and phones reach this server.</summary>
    /// <value>The first listening URL by default; required in Live, where it is https.</value>
    public string? PublicUrl { get; set; }
}

internal sealed class ServerOptionsValidator : IValidateOptions<ServerOptions>
{
    public ValidateOptionsResult Validate(string? name, ServerOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        if (options.PublicUrl is { } url)
        {
            if (!BareOrigin.Is(url))
            {
                result.AddError(
                    "Countersign:PublicUrl must be a bare origin: http or https, a lower-case host (in its xn-- form if it has "
                        + "other letters than a to z), "
                        + "a port if it is not the scheme's own, and no path or slash at the end (https://id.example.com).");
            }
            if (options.Mode == Mode.Live
                && Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri is { Scheme: "http", IsLoopback: false })
            {
                result.AddError(
                    "Countersign:PublicUrl must be https in Live: codes, links and tokens would travel readable. Only a "
                        + "loopback host may have http.");
            }
        }
        else if (options.Mode == Mode.Live)
        {
            result.AddError(
                "Countersign:PublicUrl is required in Live: the origin under which browsers and phones reach this server "
                    + "(https://id.example.com).");
        }
        return result.Build();
    }
}
