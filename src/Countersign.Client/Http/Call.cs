using Countersign.Client.Wire;

namespace Countersign.Client.Http;

/// <summary>One call of the contract, ready to be sent any number of times with the same bytes.</summary>
internal sealed class Call
{
    public required Operation Operation { get; init; }

    /// <summary>What is asked for, where the operation's path has parameters or a query; null for the operation's path as it is.</summary>
    public string? PathAndQuery { get; init; }

    /// <summary>The JSON to send; null for a call without a body.</summary>
    public byte[]? Body { get; init; }

    /// <summary>Whether sending it twice does no more than sending it once.</summary>
    public required bool IsRepeatable { get; init; }

    public string? IdempotencyKey { get; init; }

    public string? CorrelationId { get; init; }

    /// <summary>
    /// A call that begins a flow or asks about a person. It is repeatable with a key alone: without one a second try could be a second
    /// flow, a second text or a second question.
    /// </summary>
    public static Call Keyed<TRequest>(Operation operation, TRequest request, RequestOptions? options)
    {
        var key = Client.IdempotencyKey.For(options ?? new RequestOptions());
        return new Call { Operation = operation, Body = WireJson.Write(request), IsRepeatable = key is not null, IdempotencyKey = key };
    }

    /// <summary>A call that asks how a flow stands, and changes nothing by being made twice.</summary>
    public static Call AboutFlow(Operation operation, string correlationId) => new()
    {
        Operation = operation,
        Body = WireJson.Write(new CorrelationIdBody { CorrelationId = correlationId }),
        IsRepeatable = true,
        CorrelationId = correlationId,
    };
}
