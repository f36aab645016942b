namespace Countersign.Server.Endpoints.Sandbox;

/// <summary>By which names a sandbox may be called (<c>Countersign:AllowedHosts</c>).</summary>
internal sealed class SandboxHostsOptions
{
    /// <summary>More names by which its pages and <c>/sandbox</c> may be called; <c>*.example.com</c> is every name below.</summary>
    /// <value>None by default: loopback names, the host of the public address and those of <c>--urls</c>.</value>
    public string[] AllowedHosts { get; set; } = [];
}
