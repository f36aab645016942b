namespace Countersign.Client.Tests.Wire;

/// <summary>One operation as the contract has it, and how the client is made to call it.</summary>
public sealed record ContractOperation
{
    public required string Name { get; init; }

    public required string Method { get; init; }

    public required string PathAndQuery { get; init; }

    /// <summary>The operation's path as exceptions say it.</summary>
    public required string Path { get; init; }

    /// <summary>The fixture that must be sent, or null for no body.</summary>
    public string? Request { get; init; }

    /// <summary>The fixture that is answered.</summary>
    public required string Response { get; init; }

    public required Func<ICountersignClient, CancellationToken, Task> CallAsync { get; init; }

    public bool IsRepeated { get; init; }

    public bool HasKey { get; init; }

    /// <summary>Whether an answer may leave everything out.</summary>
    public bool MayBeEmpty { get; init; }

    public override string ToString() => Name;
}
