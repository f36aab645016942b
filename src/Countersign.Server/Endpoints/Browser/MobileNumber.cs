using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Browser;

/// <summary>The number a page may send along with a start.</summary>
/// <param name="Text">Null when none was given.</param>
/// <param name="IsPresent">True when the member was there, empty or not: that is how published SDKs ask for a resend of a link.</param>
internal sealed record MobileNumber(string? Text, bool IsPresent, bool IsMobile)
{
    public static MobileNumber Read(RequestBody body) =>
        new(body.Read(StepMembers.MobileNumber), body.IsPresent(StepMembers.MobileNumber), body.Read(StepMembers.IsMobile));

    public override string ToString() => "***";
}
