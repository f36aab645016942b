namespace Countersign.Core.Flows;

/// <summary>The bare origin under which browsers and phones reach this server; never taken from a request.</summary>
/// <param name="origin">Asked at each use: the default is known only once the server listens.</param>
public sealed class PublicAddress(Func<string> origin)
{
    /// <summary>Scheme, lower-case host, port unless it is the scheme's own; no path and no trailing slash.</summary>
    public string Origin => origin();
}
