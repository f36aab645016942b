using System.Collections.Frozen;
using Countersign.Core.Audit;
using Countersign.Core.Names;
using Countersign.Server.Endpoints.RelyingParty;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>The words that entries of the audit can have: one that none has must not pass for one that nothing was done of.</summary>
internal sealed class AuditWords(EndpointDataSource endpoints, ActStates states, AdminOptions admin)
{
    // What the server itself writes down beside calls of the admin API.
    private static readonly string[] _ownActs =
        [DisclosureAudit.Act, AuditWriter.StartAct, AuditChainer.CheckpointAct, AuditChainer.CutAct];

    private static readonly string[] _ownKinds = ["entry"];

    // At the first call: before, not everything is mapped.
    private readonly Lazy<FrozenSet<string>> _acts = new(() => _ownActs.Concat(
        from endpoint in endpoints.Endpoints
        let access = endpoint.Metadata.GetMetadata<AdminAccess>()
        where access is not null
            && endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Any(method => AdminAct.Is(method, access))
        select endpoint.Metadata.GetRequiredMetadata<Operation>().Id).ToFrozenSet(StringComparer.Ordinal));

    private readonly Lazy<FrozenSet<string>> _kinds = new(() => _ownKinds.Concat(
        from endpoint in endpoints.Endpoints
        let target = endpoint.Metadata.GetMetadata<ActTarget>()
        where target is not null
        select target.Kind).ToFrozenSet(StringComparer.Ordinal));

    /// <summary>How things of a kind stand, where that can be known.</summary>
    private readonly Lazy<FrozenDictionary<string, ActState>> _states = new(() => endpoints.Endpoints
        .Select(endpoint => endpoint.Metadata.GetMetadata<ActTarget>()).OfType<ActTarget>().Where(target => target.State is not null)
        .DistinctBy(target => target.Kind, StringComparer.Ordinal)
        .ToFrozenDictionary(target => target.Kind, target => target.State!(states), StringComparer.Ordinal));

    public string? ProblemOfAct(string? act) => act is null || _acts.Value.Contains(act) ? null
        : "must be the operationId of a call that is written down, or one of "
            + $"{string.Join(", ", _ownActs)}{(EditDistance.Nearest(act, _acts.Value) is { } near ? $"; did you mean '{near}'?" : "")}";

    /// <summary>Of a target, which has a kind before its id.</summary>
    public string? ProblemOfTarget(string? target) =>
        target is null || (target.Split(':', 2) is [var kind, { Length: > 0 }] && _kinds.Value.Contains(kind)) ? null
            : $"must be a kind and an id, such as project:shop; kinds are {string.Join(", ", _kinds.Value.Order(StringComparer.Ordinal))}";

    /// <summary>What is wrong with an actor or a target that no entry has: null where there is such a one, or nobody can know.</summary>
    public async Task<string?> ProblemOfUnknownAsync(string word, CancellationToken cancellationToken) =>
        word.Split(':', 2) is not [var kind, var name] || !_states.Value.TryGetValue(kind, out var state)
            || (kind == ActTargets.AdminKey.Kind && admin.Keys.ContainsKey(name))
            || (await state(name, cancellationToken)).Count > 0
                ? null : $"names no {kind} that there is, nor one that the audit has seen";
}
