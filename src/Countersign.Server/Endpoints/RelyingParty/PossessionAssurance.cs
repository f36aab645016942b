using Countersign.Core.Flows;

namespace Countersign.Server.Endpoints.RelyingParty;

/// <summary>What else is known of how possession was shown: <c>assurance</c> of the answers about a flow.</summary>
/// <param name="SameDevice">True or left out.</param>
internal sealed record PossessionAssurance(bool? SameDevice)
{
    /// <summary>Null where there is nothing to say.</summary>
    public static PossessionAssurance? Of(Flow flow) => flow.IsSameDevice ? new PossessionAssurance(SameDevice: true) : null;
}
