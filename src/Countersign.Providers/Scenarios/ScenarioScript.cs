using Countersign.Core;
using Countersign.Core.Scenarios;

namespace Countersign.Providers.Scenarios;

/// <summary>What the adapters of one scenario know: the scenario, and where it stands.</summary>
internal sealed class ScenarioScript(Scenario scenario)
{
    public Scenario Scenario => scenario;

    public ScenarioFlow Flow => scenario.Flow;

    public Product Product => ScenarioWords.Products[scenario.Flow.Product];

    public FlowType Type => ScenarioWords.Types[scenario.Flow.Type];

    /// <summary>The step that is being played.</summary>
    public ScenarioStep Step { get; set; } = scenario.Steps[0];

    /// <summary>The text whose way is being decided, from 1.</summary>
    public int Text { get; set; } = 1;

    /// <summary>The present step looks at a text whose process has died.</summary>
    public bool IsTakenUp { get; set; }

    public ScenarioText? PresentText => scenario.Texts?.ElementAtOrDefault(Text - 1);

    /// <summary>The tokens by which receipts find their texts.</summary>
    public Dictionary<(int Text, int Attempt), (Secret Token, GatewayName Gateway)> Receipts { get; } = [];

    /// <summary>What the browser has to bring back from the network; null while it was not sent there.</summary>
    public Secret? NetworkProof { get; set; }

    /// <summary>Why the passkey that is shown is refused.</summary>
    public string? PasskeyReason => Step.Reason;

    /// <summary>The risk is asked for before anything else is done, so that its answer is a step.</summary>
    public bool WaitsForRisk => scenario.Flow.Refuses is { Count: > 0 } || Product == Product.Unify;

    public override string ToString() => scenario.ToString();
}
