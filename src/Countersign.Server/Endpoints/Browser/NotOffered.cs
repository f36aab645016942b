using Countersign.Server.Endpoints.Http;
using Countersign.Server.Security;

namespace Countersign.Server.Endpoints.Browser;

/// <summary>
/// Steps of the protocol that this server does not have: refused with an error, and the browser is led back to the step it should take.
/// </summary>
internal sealed class NotOffered(BrowserEndpoint browser) : IEndpoint
{
    /// <summary>Paths below /v1/client/.</summary>
    public static IReadOnlyList<string> Paths { get; } =
    [
        "user/response", "user/mobileactive", "user/mobileactive/error",
        "user/ppb/finish", "user/ppb/error", "user/docv/start", "user/docv/finish", "user/docv/error",
    ];

    public RequestDelegate Endpoint => browser.Of(NoRequest.Read, async call =>
    {
        var flow = await call.ChangeAsync((present, _) => present);
        return StepAnswer.Fail(StepError.NotOffered, Steps.NameOf(flow));
    });
}
