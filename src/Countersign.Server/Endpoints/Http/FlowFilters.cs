using System.Buffers.Text;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Server.Contract;

namespace Countersign.Server.Endpoints.Http;

/// <summary>What narrows a list of flows, and how it is paged: the same in a query and in a body.</summary>
internal static class FlowFilters
{
    /// <summary>The most flows of one page.</summary>
    public const int MaxLimit = 200;

    /// <summary>Of a page whose limit was not said.</summary>
    public const int DefaultLimit = 50;

    public static Member<DateTimeOffset?> From { get; } = Member.OptionalValue(
        "from", Fields.Moment, "Flows that began at this moment or later: a moment in UTC, or a date for its beginning.");

    public static Member<DateTimeOffset?> To { get; } = Member.OptionalValue(
        "to", Fields.Moment, "Flows that began before this moment: a moment in UTC, or a date for its beginning.");

    public static Member<string?> End { get; } = Member.Optional(
        "end", WordOf(FlowEnd.All, FlowEnd.Expired), "Flows that ended so: a code of `end`.");

    public static Member<string?> Reason { get; } = Member.Optional(
        "reason", WordOf(FlowReason.All, FlowReason.NoGateway), "Flows whose end has this reason, alone or beside others.");

    public static Member<Product?> Product { get; } = Member.OptionalValue(
        "product", Shape.Word(Enum.GetValues<Core.Product>().Select(product => (Products.WordOf(product), product)).ToArray()),
        "Flows of this product.");

    public static Member<bool?> State { get; } = Member.OptionalValue(
        "state", Shape.Word(("running", true), ("ended", false)),
        "`running`: flows of which something may still come; `ended`: flows that have an end.");

    public static Member<int> Limit { get; } = Member.Standard(
        "limit", Shape.Number(1, MaxLimit), DefaultLimit, $"How many flows a page has at most. Default: {DefaultLimit}.");

    public static Member<CorrelationId?> Cursor { get; } = Member.OptionalValue(
        "cursor",
        new TextShape<CorrelationId>(text => Read(text) is { } id
            ? (id, null)
            : (default, "must be the 'next' of an earlier page, as it was answered"))
        {
            Min = 22,
            Max = 22,
            Pattern = "^[A-Za-z0-9_-]+$",
        },
        "`next` of the page before; all else as it was asked for there. Left out, the first page.");

    public static IReadOnlyList<Member> All { get; } = [From, To, End, Reason, Product, State, Limit, Cursor];

    /// <param name="search">Where flows are looked for by one key.</param>
    public static FlowListRequest ReadFrom(RequestMembers members, FlowSearch? search = null)
    {
        var (from, to) = members.ReadSpan(From, To);
        var query = new FlowQuery
        {
            Search = search,
            From = from,
            To = to,
            End = members.Read(End),
            Reason = members.Read(Reason),
            Product = members.Read(Product),
            IsRunning = members.Read(State),
        };
        var limit = members.Read(Limit);
        return new FlowListRequest(query with { Before = members.Read(Cursor) }, limit);
    }

    /// <summary>What a caller sends back to go on; null after the last page.</summary>
    public static string? CursorOf(FlowPage page) =>
        page.Next is { } next ? Base64Url.EncodeToString(next.ToBytes()) : null;

    private static CorrelationId? Read(string text)
    {
        Span<byte> bytes = stackalloc byte[16];
        return text.Length == 22 && Base64Url.IsValid(text) && Base64Url.TryDecodeFromChars(text, bytes, out var written) && written == 16
            ? CorrelationId.FromBytes(bytes)
            : null;
    }

    // There are too many to name them all to who mistyped one.
    private static TextShape<string> WordOf(IReadOnlyList<string> codes, string example) =>
        Shape.Word(codes.Select(code => (code, code)).ToArray(), $"must be a code of docs/flow-events.md, such as {example}");
}

/// <param name="Limit">Of one page.</param>
internal sealed record FlowListRequest(FlowQuery Query, int Limit)
{
    public override string ToString() => nameof(FlowListRequest);
}
