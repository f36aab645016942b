using Countersign.Core;
using Countersign.Server.Contract;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>Members of what is asked to be erased.</summary>
internal static class ErasureMembers
{
    public static Member<CorrelationId?> Flow { get; } = Member.OptionalValue(
        Members.CorrelationIdName, Fields.CorrelationId, "One flow, or one-call verification, of whichever project.");

    public static Member<ProjectId?> Project { get; } = AdminMembers.OnlyProject.Saying("The persons of this project.");

    public static Member<bool> KeepStop { get; } = Member.Flag(
        "keepStop", "Whether the person wrote STOP is kept, so that no text goes to the number; goes with a number alone.");

    public static Member<int?> Rows { get; } = Member.OptionalValue(
        "rows", Shape.Number(1, int.MaxValue, "rows"),
        "How many rows there are, as a call without it has said: they are removed. Absent, they are counted.");

    public static Member<bool> Outcomes { get; } = Member.Flag(
        "outcomes", "With outcomes of lines that have no pseudonym any more, and what else tells of their flows: after a backup of the "
            + "store from before an erasure was put back, and not after the database of keys was lost.");
}
