using Countersign.Core;
using Countersign.Core.Domains;

namespace Countersign.Server.Hosting;

/// <summary>Writes each change of a link between projects to the log.</summary>
internal sealed class LinkLog(ILogger<LinkLog> logger) : ILinkJournal
{
    public void Requested(ProjectId from, ProjectId to, LinkScopes scopes) => Log.LinkRequested(logger, from, to, scopes);

    public void Confirmed(ProjectId from, ProjectId to) => Log.LinkConfirmed(logger, from, to);

    public void Removed(ProjectId from, ProjectId to) => Log.LinkRemoved(logger, from, to);
}
