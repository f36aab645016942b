namespace Countersign.Client.Testing;

/// <summary>The three kinds of flows that a fake keeps. An id of one kind is unknown to the others, as at the server.</summary>
internal enum FakeFlowKind
{
    Verify,
    PreFill,
    Unify,
}

/// <summary>A flow as it stands. Immutable: the journal replaces it.</summary>
internal sealed record FakeFlow(FakeFlowKind Kind, string CorrelationId, VerificationOutcome Outcome)
{
    /// <summary>Completed when the flow is replaced.</summary>
    public TaskCompletionSource<bool> Changed { get; init; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public FlowType FlowType { get; init; }

    public string? PhoneNumber { get; init; }

    public string? ProveId { get; init; }

    public string? ClientHumanId { get; init; }

    public string? ClientRequestId { get; init; }

    /// <summary>The pre-fill step that comes next.</summary>
    public NextStep Next { get; init; } = NextStep.Validate;

    /// <summary>Whether a pre-fill flow was started without birth date and number.</summary>
    public bool IsChallengeMissing { get; init; }

    /// <summary>Whether a unify flow without possession was bound.</summary>
    public bool IsBound { get; init; }
}
