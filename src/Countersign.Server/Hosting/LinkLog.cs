using Countersign.Core.Domains;

namespace Countersign.Server.Hosting;

/// <summary>Writes each change of a link between projects to the log.</summary>
internal sealed class LinkLog(ILogger<LinkLog> logger) : ILinkJournal
{
    public void Requested(string from, string to, LinkScopes scopes) => Log.LinkRequested(logger, from, to, scopes);

    public void Confirmed(string from, string to) => Log.LinkConfirmed(logger, from, to);

    public void Removed(string from, string to) => Log.LinkRemoved(logger, from, to);
}
