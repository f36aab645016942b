namespace Countersign.Core.Flows;

/// <summary>The bare origin under which browsers and phones reach this server; never taken from a request.</summary>
/// <param name="origin">Asked at the first use: the default is known only once the server listens. One that throws is asked again.</param>
public sealed class PublicAddress(Func<string> origin)
{
    private readonly Lazy<string> _origin = new(origin, LazyThreadSafetyMode.PublicationOnly);

    /// <summary>Scheme, lower-case host, port unless it is the scheme's own; no path and no trailing slash.</summary>
    public string Origin => _origin.Value;
}
