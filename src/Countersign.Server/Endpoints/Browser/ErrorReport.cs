using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Browser;

/// <summary>
/// What a browser SDK says when a step failed inside the page. Any shape is taken: a report about a failure must not fail.
/// </summary>
/// <param name="Message">For deciding only; it is text of a page, so it is neither stored nor logged.</param>
internal sealed record ErrorReport(string Message)
{
    public static ErrorReport Read(RequestBody body) => new(body.TextIfAny(StepMembers.Message) ?? "");

    public override string ToString() => "***";
}
