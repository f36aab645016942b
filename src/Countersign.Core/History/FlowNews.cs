using Countersign.Core.Flows;
using Countersign.Core.Possession;
using Countersign.Core.Unify;

namespace Countersign.Core.History;

/// <summary>
/// What a relying party is told of a flow: found in how it was and how it is, so that whoever saves it tells all of it, and once.
/// </summary>
public static class FlowNews
{
    /// <summary>What has become true between two states of a flow, in the order in which it did.</summary>
    /// <param name="before">As it stood in the store; null for one that begins.</param>
    public static IReadOnlyList<Announcement> Between(Flow? before, Flow after)
    {
        var news = new List<Announcement>();
        if (before is null)
        {
            news.Add(Of(after, AnnouncementType.FlowStarted, after.CreatedAt));
        }
        if (OfPossession(before, after) is { } possession)
        {
            news.Add(possession);
        }
        foreach (var fact in after.Timeline)
        {
            if (TypesOf(fact) is { Count: > 0 } types && before?.Timeline.Contains(fact) != true)
            {
                news.AddRange(types.Select(type => OfFact(after, fact, type)));
            }
        }
        if ((before is null || Ending.Reached(before) is null) && Ending.Reached(after) is { } ending)
        {
            news.Add(Finished(after, ending));
        }
        return news;
    }

    /// <summary>What is left to be told of a flow whose life is over: that it has ended, unless it was told before.</summary>
    public static IReadOnlyList<Announcement> AtLast(Flow flow)
    {
        if (Ending.Reached(flow) is not null)
        {
            return [];
        }
        var last = Ending.AtLast(flow);
        var news = Between(flow, last);
        return Ending.Reached(last) is null ? [.. news, Finished(last, Ending.Of(last))] : news;
    }

    private static Announcement? OfPossession(Flow? before, Flow after) => after.Possession switch
    {
        PossessionState.Succeeded succeeded when before?.Possession is not PossessionState.Succeeded =>
            Of(after, AnnouncementType.PossessionSucceeded, MomentOf(after, FlowEventCode.PossessionProven)) with
            {
                Method = succeeded.Method.Name,
            },
        PossessionState.Failed when before?.Possession is not PossessionState.Failed =>
            LastOf(after, FlowEventCode.PossessionFailed) is { } fact
                ? Of(after, AnnouncementType.PossessionFailed, fact.At) with { Method = fact.Method, Reason = fact.Reason }
                // A key that proves nothing has a fact of its own.
                : Of(after, AnnouncementType.PossessionFailed, MomentOf(after, FlowEventCode.DeviceKeyUnavailable)) with
                {
                    Method = PossessionMethod.DeviceKey.Name,
                },
        _ => null,
    };

    /// <summary>What a relying party is told of a fact beside what follows from the states.</summary>
    private static List<string> TypesOf(FlowEvent fact)
    {
        var types = new List<string>();
        switch (fact.Code)
        {
            case FlowEventCode.BindingDone or FlowEventCode.PossessionNotAccepted:
                if (Says(fact, FlowReason.Recycled))
                {
                    types.Add(AnnouncementType.NumberRecycled);
                }
                if (Says(fact, FlowReason.WithDevice))
                {
                    types.Add(AnnouncementType.DeviceTied);
                }
                break;
            case FlowEventCode.BudgetSpent when fact.Limit is not { IsShadow: true }:
                types.Add(AnnouncementType.BudgetSpent);
                break;
            case FlowEventCode.CapReached:
                types.Add(AnnouncementType.CapReached);
                break;
        }
        return types;
    }

    private static Announcement OfFact(Flow flow, FlowEvent fact, string type) => Of(flow, type, fact.At) with
    {
        Reason = fact.Limit?.Rule ?? fact.Cap?.Rule,
        Device = type == AnnouncementType.DeviceTied && flow.Tail is UnifyProgress { State: UnifyState.Done { Identity: { } bound } }
            ? bound.DeviceId : null,
    };

    private static Announcement Finished(Flow flow, Ending ending) => Of(flow, AnnouncementType.FlowFinished, ending.At) with
    {
        End = ending.End,
        Reason = ending.Reason,
    };

    private static Announcement Of(Flow flow, string type, DateTimeOffset at) => new()
    {
        Id = Guid.CreateVersion7(at),
        Type = type,
        At = at,
        Project = flow.ProjectId,
        Flow = flow.Id,
        Subject = flow.Subject,
    };

    private static bool Says(FlowEvent fact, string reason) => fact.Reason?.Split(',').Contains(reason, StringComparer.Ordinal) == true;

    private static DateTimeOffset MomentOf(Flow flow, string code) =>
        LastOf(flow, code)?.At ?? (flow.Timeline is [.., var last] ? last.At : flow.CreatedAt);

    private static FlowEvent? LastOf(Flow flow, string code) => flow.Timeline.LastOrDefault(fact => fact.Code == code);
}
