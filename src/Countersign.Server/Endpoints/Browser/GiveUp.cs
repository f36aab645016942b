using Countersign.Core.Possession;

namespace Countersign.Server.Endpoints.Browser;

/// <summary>Ends a flow that its page gave up. What was proven before stays proven.</summary>
internal static class GiveUp
{
    public static async Task<StepAnswer> HandleAsync(BrowserCall<ErrorReport> call)
    {
        await call.ChangeAsync((flow, now) => flow.After(new PossessionEvent.GivenUp(), now));
        return StepAnswer.Done;
    }
}
