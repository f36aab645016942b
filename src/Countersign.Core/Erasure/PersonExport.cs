using Countersign.Core.Audit;
using Countersign.Core.Devices;
using Countersign.Core.Enrolments;
using Countersign.Core.Events;
using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Core.Keys;
using Countersign.Core.Limits;
using Countersign.Core.Projects;
using Countersign.Core.Pumping;
using Countersign.Core.Receipts;
using Countersign.Core.Texts;

namespace Countersign.Core.Erasure;

/// <summary>Finds all that is held of a line, for the person who asks: the same classes as an erasure takes away.</summary>
public sealed class PersonExport(
    IPersonStore persons, IOutcomeStore outcomes, ILinePseudonyms pseudonyms, ITextStore texts, IReceiptStore receipts, IEventLog events,
    IDeviceStore devices, ISuppressionList suppressions, LineBudgets budgets, IAbuseStore abuse, PumpingKeys abuseKeys, IAuditStore audit,
    IProjectStore projects, SecretHasher hasher, TimeProvider time)
{
    private const int AtOnce = 200;

    public async Task<HeldOfLine> FindAsync(PhoneNumber line, CancellationToken cancellationToken)
    {
        var pseudonym = await pseudonyms.FindAsync(line, cancellationToken);
        var flows = await ListFlowsAsync(
            new FlowQuery { Search = new FlowSearch.ByNumber(line), Line = pseudonym }, cancellationToken);
        List<CorrelationId> ids = [.. flows.Select(row => row.Id)];
        var identities = await persons.ListIdentitiesAsync(line, null, cancellationToken);
        var all = (await projects.ListProjectsAsync(cancellationToken)).Select(project => project.Id).ToList();
        return new HeldOfLine
        {
            At = time.GetUtcNow(),
            Flows = flows,
            HasPseudonym = pseudonym is not null,
            Texts = await texts.ListAsync(line, cancellationToken),
            Receipts = await WithReceiptsAsync(ids, cancellationToken),
            Events = await ListEventsAsync(flows, cancellationToken),
            Answered = await persons.ListAnsweredAsync(ids, cancellationToken),
            Identities = identities,
            Devices = await ListDevicesAsync(identities, cancellationToken),
            Records = await persons.ListRecordsAsync(line, cancellationToken),
            Moments = await persons.ListMomentsAsync(line, cancellationToken),
            Stops = await suppressions.ListAsync(line, int.MaxValue, cancellationToken),
            Spent = [.. (await budgets.ShowAsync(line, all, cancellationToken)).Where(one => one.Count > 0)],
            // Those that are over, too.
            Abuse = await abuse.FindAsync(
                [abuseKeys.Abuse(AbuseTarget.Number, line.E164)], DateTimeOffset.UnixEpoch, cancellationToken),
            Audit = await ListAuditAsync(line, flows, identities, cancellationToken),
        };
    }

    private async Task<IReadOnlyList<ListedFlow>> ListFlowsAsync(FlowQuery query, CancellationToken cancellationToken)
    {
        var found = new List<ListedFlow>();
        while (true)
        {
            var page = await outcomes.ListAsync(query, null, AtOnce, cancellationToken);
            found.AddRange(page);
            if (page.Count < AtOnce)
            {
                return found;
            }
            query = query with { Before = page[^1].Id };
        }
    }

    private async Task<IReadOnlyList<CorrelationId>> WithReceiptsAsync(
        IReadOnlyList<CorrelationId> ids, CancellationToken cancellationToken)
    {
        var found = new List<CorrelationId>();
        foreach (var id in ids)
        {
            if (await receipts.FindAsync(id, cancellationToken) is not null)
            {
                found.Add(id);
            }
        }
        return found;
    }

    private async Task<IReadOnlyList<PublishedEvent>> ListEventsAsync(
        IReadOnlyList<ListedFlow> flows, CancellationToken cancellationToken)
    {
        var found = new List<PublishedEvent>();
        foreach (var row in flows)
        {
            if ((row.Flow?.ProjectId ?? row.Outcome?.ProjectId) is { } project)
            {
                found.AddRange((await events.ListAsync(project, 0, row.Id, AtOnce, cancellationToken)).Events);
            }
        }
        return found;
    }

    private async Task<IReadOnlyList<HeldDevice>> ListDevicesAsync(
        IReadOnlyList<ProjectIdentity> identities, CancellationToken cancellationToken)
    {
        var found = new List<HeldDevice>();
        foreach (var identity in identities)
        {
            found.AddRange(await devices.OfIdentityAsync(identity.Id, PersonDevices.MaxDevices, cancellationToken));
        }
        return found;
    }

    private async Task<IReadOnlyList<FoundAudit>> ListAuditAsync(
        PhoneNumber line, IReadOnlyList<ListedFlow> flows, IReadOnlyList<ProjectIdentity> identities, CancellationToken cancellationToken)
    {
        var found = new List<FoundAudit>();
        var subjects = new LineSubjects(hasher, line);
        subjects.Add(flows);
        subjects.Add(identities);
        foreach (var subject in subjects.All)
        {
            found.AddRange(await ListAuditAsync(subject, cancellationToken));
        }
        return [.. found.DistinctBy(one => one.Position).OrderByDescending(one => one.Position)];
    }

    private async Task<IReadOnlyList<FoundAudit>> ListAuditAsync(AuditSubject subject, CancellationToken cancellationToken)
    {
        var found = new List<FoundAudit>();
        while (true)
        {
            var search = new AuditSearch(Subject: subject, Before: found.Count > 0 ? found[^1].Position : null);
            var page = await audit.FindAsync(search, AtOnce, cancellationToken);
            found.AddRange(page);
            if (page.Count < AtOnce)
            {
                return found;
            }
        }
    }
}

/// <summary>All that is held of a line.</summary>
public sealed record HeldOfLine
{
    public required DateTimeOffset At { get; init; }

    /// <summary>Newest first: flows, and outcomes where they have taken their place.</summary>
    public required IReadOnlyList<ListedFlow> Flows { get; init; }

    /// <summary>Something stands for the line in outcomes.</summary>
    public required bool HasPseudonym { get; init; }

    public required IReadOnlyList<StoredText> Texts { get; init; }

    /// <summary>Of these flows a receipt was asked for.</summary>
    public required IReadOnlyList<CorrelationId> Receipts { get; init; }

    /// <summary>In the order of each flow.</summary>
    public required IReadOnlyList<PublishedEvent> Events { get; init; }

    /// <inheritdoc cref="IPersonStore.ListAnsweredAsync"/>
    public required IReadOnlyList<CorrelationId> Answered { get; init; }

    public required IReadOnlyList<ProjectIdentity> Identities { get; init; }
    public required IReadOnlyList<HeldDevice> Devices { get; init; }
    public required IReadOnlyList<KeptRecord> Records { get; init; }
    public required IReadOnlyList<KeptMoment> Moments { get; init; }
    public required IReadOnlyList<Suppression> Stops { get; init; }

    /// <summary>Of limits of which something is spent.</summary>
    public required IReadOnlyList<Spending> Spent { get; init; }

    public required IReadOnlyList<AbuseEntry> Abuse { get; init; }

    /// <summary>Newest first.</summary>
    public required IReadOnlyList<FoundAudit> Audit { get; init; }

    public override string ToString() => "***";
}
