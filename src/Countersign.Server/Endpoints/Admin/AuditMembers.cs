using System.Text.Json.Serialization;
using Countersign.Core.Audit;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>Members of requests about the audit.</summary>
internal static class AuditMembers
{
    private static readonly TextShape<string> _word =
        Shape.Text(text => text.Length is >= 1 and <= 300 ? null : "must be 1 to 300 characters") with { Min = 1, Max = 300 };

    public static Member<DateTimeOffset?> From { get; } = Member.OptionalValue(
        "from", Fields.Moment, "From this moment on: in UTC, or a date for its beginning.");

    public static Member<DateTimeOffset?> To { get; } = Member.OptionalValue(
        "to", Fields.Moment, "Before this moment: in UTC, or a date for its beginning.");

    public static Member<string?> Actor { get; } = Member.Optional(
        "actor",
        Shape.Text(text => text == AuditWriter.Server || (text.Length <= 300 && (HasName(text, "admin-key:") || HasName(text, "client:")))
            ? null
            : "must be admin-key:<name>, client:<id> or server") with
        {
            Min = 1, Max = 300, Pattern = "^(server|(admin-key|client):.+)$",
        }, "Who: `admin-key:` and its name, `client:` and its id, or `server`.");

    public static Member<string?> Act { get; } = Member.Optional(
        "act", _word, "What: the `operationId` of this document, `disclose`, `start`, `checkpoint`, `chain-cut`.");

    public static Member<string?> Target { get; } = Member.Optional(
        "target", _word, "To what: its kind and id, such as `project:shop`, `client:shop-1`, `admin-key:desk` or `flow:` and its id.");

    public static Member<int?> Before { get; } = Member.OptionalValue(
        "before", Shape.Number(1, int.MaxValue), "Before this position: of the last entry of an answer, for the next.");

    private static bool HasName(string text, string kind) =>
        text.StartsWith(kind, StringComparison.Ordinal) && text.Length > kind.Length;

    public static Member<int> After { get; } = Member.Standard(
        "after", Shape.Number(0, int.MaxValue), 0, "Behind this position. Default: 0, from the beginning.");
}

/// <summary>What is answered about the audit.</summary>
[JsonSerializable(typeof(AuditListResponse))]
[JsonSerializable(typeof(AuditEntriesResponse))]
[JsonSerializable(typeof(AuditCheckpointsResponse))]
internal sealed partial class AuditJson : JsonSerializerContext
{
    public static AuditJson Answers { get; } = new(HttpJson.NewOptions());
}
