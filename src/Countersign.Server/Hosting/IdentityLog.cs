using Countersign.Core.Enrolments;

namespace Countersign.Server.Hosting;

/// <summary>Writes to the log who was enrolled, and who no longer is.</summary>
internal sealed class IdentityLog(ILogger<IdentityLog> logger) : IIdentityJournal
{
    public void Enrolled(Guid identity) => Log.IdentityEnrolled(logger, identity);

    public void SetActive(Guid identity, bool isActive) => Log.IdentitySetActive(logger, identity, isActive);

    public void Removed(Guid identity) => Log.IdentityRemoved(logger, identity);
}
