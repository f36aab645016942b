using Countersign.Core;
using Countersign.Core.Texts;

namespace Countersign.Server.Tests.Whole.Texts;

/// <summary>Persons who said STOP, and whoever asks for them may be kept waiting.</summary>
internal sealed class StoppedPersons : ISuppressions
{
    public HashSet<string> Numbers { get; } = [];

    /// <summary>The sender that was asked for last.</summary>
    public string? Sender { get; private set; }

    /// <summary>What is asked for is answered when this is done.</summary>
    public TaskCompletionSource? Gate { get; set; }

    public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task<bool> IsSuppressedAsync(PhoneNumber to, string? sender, CancellationToken cancellationToken)
    {
        Sender = sender;
        Asked.TrySetResult();
        if (Gate is { } gate)
        {
            await gate.Task;
        }
        return Numbers.Contains(to.E164);
    }
}
