using Countersign.Core;
using Countersign.Core.History;
using Countersign.Core.Texts;

namespace Countersign.Server.Endpoints.Http;

/// <summary>How a flow stands, in the words of the wire.</summary>
internal static class FlowWords
{
    public static string StateOf(FlowAccount flow) => flow.Ending is null ? "running" : "ended";

    public static string Of(TextState state) => state.ToString().ToLowerInvariant();

    /// <summary>Proven and not accepted is not passed.</summary>
    public static string Of(PossessionVerdict possession) => possession switch
    {
        PossessionVerdict.Proven => "success",
        PossessionVerdict.Open => "pending",
        PossessionVerdict.NotAsked => "not_applicable",
        _ => "failed",
    };
}
