using Countersign.Core.Enrolments;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Core.Keys;

namespace Countersign.Core.Erasure;

/// <summary>
/// All that the store holds of a line, of whichever project and however it was written. What is found by the id of a flow or an identity is
/// found by that. Every write is durable before its task completes, and may be repeated.
/// </summary>
public interface IPersonStore
{
    /// <summary>Those behind the line in every project, and those that have left it.</summary>
    /// <param name="former">A key that the line had until it was destroyed; null for the one that it has.</param>
    Task<IReadOnlyList<ProjectIdentity>> ListIdentitiesAsync(PhoneNumber line, LineKey? former, CancellationToken cancellationToken);

    /// <summary>Of every source and import, also what no project sees.</summary>
    Task<IReadOnlyList<KeptRecord>> ListRecordsAsync(PhoneNumber line, CancellationToken cancellationToken);

    /// <summary>When the line was proven, and when it was left.</summary>
    Task<IReadOnlyList<KeptMoment>> ListMomentsAsync(PhoneNumber line, CancellationToken cancellationToken);

    /// <summary>The flows and one-call verifications among these whose answer is remembered, to be repeated.</summary>
    Task<IReadOnlyList<CorrelationId>> ListAnsweredAsync(IReadOnlyCollection<CorrelationId> ids, CancellationToken cancellationToken);

    /// <summary>Removes flows, or the outcomes in their place, with all that is kept under their ids.</summary>
    Task<ErasedCounts> EraseFlowsAsync(IReadOnlyCollection<CorrelationId> ids, CancellationToken cancellationToken);

    /// <summary>Removes identities with their devices, and what is still tied to one that is gone.</summary>
    Task<ErasedCounts> EraseIdentitiesAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken);

    /// <summary>Removes what is found by the number alone.</summary>
    /// <param name="former">A key that the line had until it was destroyed; null for the one that it has.</param>
    /// <param name="keepsStop">Who wrote STOP stays.</param>
    Task<ErasedCounts> EraseLineAsync(PhoneNumber line, LineKey? former, bool keepsStop, CancellationToken cancellationToken);

    /// <summary>Removes what a project holds of persons. The project stays, with its clients and its sums.</summary>
    Task<ErasedCounts> EraseProjectAsync(ProjectId project, CancellationToken cancellationToken);
}

/// <param name="HasLeft">The identity that held the line has left it: when it began.</param>
public sealed record KeptMoment(ProjectId Project, DateTimeOffset At, bool HasLeft)
{
    public override string ToString() => nameof(KeptMoment);
}

/// <summary>How many rows of each class went.</summary>
public sealed class ErasedCounts
{
    private readonly Dictionary<DataClass, int> _rows = [];
    private readonly HashSet<DataClass> _bare = [];

    public int Total => _rows.Values.Sum();

    /// <summary>How many of a class.</summary>
    public int Of(DataClass of) => _rows.GetValueOrDefault(of);

    /// <summary>
    /// Whether some of them were from before lines had keys, or, where a project was erased, projects: what copies hold of such a row leads
    /// to the person, whatever is destroyed.
    /// </summary>
    public bool HadBare(DataClass of) => _bare.Contains(of);

    public void Add(DataClass of, int rows) => _rows[of] = Of(of) + rows;

    /// <summary>Adds rows from before there were those keys.</summary>
    public void AddBare(DataClass of, int rows)
    {
        Add(of, rows);
        if (rows > 0)
        {
            _bare.Add(of);
        }
    }

    public void Add(ErasedCounts others)
    {
        foreach (var (of, rows) in others._rows)
        {
            Add(of, rows);
        }
        _bare.UnionWith(others._bare);
    }

    /// <summary>The same but for one class.</summary>
    public ErasedCounts Without(DataClass of)
    {
        var others = new ErasedCounts();
        others.Add(this);
        others._rows.Remove(of);
        return others;
    }

    public override string ToString() => $"{Total} rows";
}
