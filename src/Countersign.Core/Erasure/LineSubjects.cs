using Countersign.Core.Audit;
using Countersign.Core.Enrolments;
using Countersign.Core.History;
using Countersign.Core.Keys;

namespace Countersign.Core.Erasure;

/// <summary>
/// By what entries of the audit may name whoever has a line: its number, and what a relying party calls them and their flows.
/// </summary>
internal sealed class LineSubjects
{
    private readonly SecretHasher _hasher;
    private readonly HashSet<AuditSubject> _all = [];

    public LineSubjects(SecretHasher hasher, PhoneNumber line)
    {
        _hasher = hasher;
        Line = AuditSubject.OfNumber(hasher, line);
        _all.Add(Line);
    }

    /// <summary>As whoever has the number.</summary>
    public AuditSubject Line { get; }

    public IReadOnlyCollection<AuditSubject> All => _all;

    /// <returns>Those that were not known.</returns>
    public IReadOnlyList<AuditSubject> Add(IEnumerable<ListedFlow> flows) => Add(flows.SelectMany(row => ((string, string?)[])
    [
        ("clientCustomerId", row.Flow?.ClientCustomerId),
        ("clientRequestId", row.Flow?.ClientRequestId ?? row.Outcome?.ClientRequestId),
    ]));

    /// <inheritdoc cref="Add(IEnumerable{ListedFlow})"/>
    public IReadOnlyList<AuditSubject> Add(IEnumerable<ProjectIdentity> identities) =>
        Add(identities.SelectMany(identity => ((string, string?)[])
        [
            ("proveId", identity.Id.ToString()),
            ("clientCustomerId", identity.Details.ClientCustomerId),
        ]));

    public override string ToString() => "***";

    private List<AuditSubject> Add(IEnumerable<(string Kind, string? Text)> names) =>
        [.. names.Where(name => name.Text is not null).Select(name => AuditSubject.Of(_hasher, name.Kind, name.Text!)).Where(_all.Add)];
}
