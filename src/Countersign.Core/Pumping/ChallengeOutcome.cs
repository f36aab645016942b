namespace Countersign.Core.Pumping;

/// <summary>What a relying party says of a test for persons (a captcha) that it has given before it begins a flow.</summary>
/// <param name="Id">The test's own id: it counts once for a project.</param>
/// <param name="IsPassed">What looks like pumping does not stop the flow's texts, nor does the limit by address.</param>
public sealed record ChallengeOutcome(string Id, bool IsPassed)
{
    public override string ToString() => IsPassed ? "passed" : "not passed";
}

/// <summary>Ids of challenges that relying parties have named.</summary>
public interface ITakenChallenges
{
    /// <summary>How long an id is remembered, longer than a test for persons is good for.</summary>
    static TimeSpan Memory { get; } = TimeSpan.FromHours(24);

    /// <summary>Takes an id for a project; false when another call has taken it, on whatever node. Durable when this returns.</summary>
    /// <param name="call">Names the call, which may come again; null for one that is its own.</param>
    Task<bool> TryTakeAsync(ProjectId project, string id, SecretHash? call, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Forgets those that are old enough.</summary>
    /// <returns>How many, at most <paramref name="limit"/>.</returns>
    Task<int> RemoveExpiredAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken);
}
