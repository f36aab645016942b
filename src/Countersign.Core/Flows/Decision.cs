using Countersign.Core.Limits;
using Countersign.Core.Texts;

namespace Countersign.Core.Flows;

/// <summary>What shall become of a flow, and the text that goes with it.</summary>
public readonly record struct Decision(Flow Flow, OutgoingText? Text = null)
{
    /// <summary>The text repeats one: where it may not be sent, nothing happens.</summary>
    public bool IsResend { get; init; }

    /// <summary>A code was compared, and it was another one.</summary>
    public bool IsWrongEntry { get; init; }

    /// <summary>The network of the browser that asked for it; null when nobody did, or it is not known.</summary>
    public BrowserNetwork? From { get; init; }

    /// <summary>The flow as it stood in the store: what has become true since is announced. Null where nothing is.</summary>
    public Flow? Former { get; init; }

    /// <summary>What is counted with it, and refused with it when others were first; null when nothing is.</summary>
    public CounterChange? Charge { get; init; }
}
