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
}
