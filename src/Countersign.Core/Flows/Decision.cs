using Countersign.Core.Texts;

namespace Countersign.Core.Flows;

/// <summary>What shall become of a flow, and the text that goes with it.</summary>
public readonly record struct Decision(Flow Flow, OutgoingText? Text = null);
