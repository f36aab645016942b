using Countersign.Core;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Endpoints.RelyingParty;

namespace Countersign.Server.Endpoints.Browser;

/// <summary>The number a page may send along with a start.</summary>
/// <param name="Text">Null when none was given.</param>
/// <param name="IsPresent">True when the member was there, empty or not: that is how published SDKs ask for a resend of a link.</param>
internal sealed record MobileNumber(string? Text, bool IsPresent, bool IsMobile)
{
    public static MobileNumber Read(RequestBody body) =>
        new(body.Text("mobileNumber", check: Fields.Phone), body.IsPresent("mobileNumber"), body.Flag("isMobile"));

    /// <summary>The flow's own number in any spelling is no change.</summary>
    public bool IsOtherThan(PhoneNumber number) => Text is not null && !(PhoneNumber.TryParse(Text, out var given) && given == number);

    public override string ToString() => "***";
}
