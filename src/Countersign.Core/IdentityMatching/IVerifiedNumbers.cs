namespace Countersign.Core.IdentityMatching;

/// <summary>Remembers when possession of a number was last proven to a project.</summary>
public interface IVerifiedNumbers
{
    /// <summary>Returns null when it never was, or that is forgotten.</summary>
    Task<DateTimeOffset?> FindAsync(ProjectId projectId, PhoneNumber number, CancellationToken cancellationToken);

    Task RecordAsync(ProjectId projectId, PhoneNumber number, DateTimeOffset now, CancellationToken cancellationToken);
}

/// <summary>Keeps what is remembered. It may have to be forgotten where nobody remembers any more.</summary>
public interface IVerifiedNumberStore : IVerifiedNumbers
{
    /// <summary>Forgets what was noted before a moment.</summary>
    Task<int> RemoveAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);
}
