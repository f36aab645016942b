using Countersign.Core;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Browser;

/// <summary>The number a page may send along with a start.</summary>
/// <param name="Text">Null when none was given.</param>
/// <param name="IsPresent">True when the member was there, empty or not: that is how published SDKs ask for a resend of a link.</param>
internal sealed record MobileNumber(string? Text, bool IsPresent, bool IsMobile)
{
    public static MobileNumber Read(RequestBody body) =>
        new(body.Text("mobileNumber"), body.IsPresent("mobileNumber"), body.Flag("isMobile"));

    /// <summary>The flow's own number in any spelling is no change.</summary>
    public bool IsOtherThan(PhoneNumber number) =>
        Text is not null && !(PhoneNumber.TryParse(WithoutPunctuation(Text), out var given) && given == number);

    private static string WithoutPunctuation(string text) => string.Concat(text.Where(c => c is not (' ' or '(' or ')' or '-' or '.' or '/')));

    public override string ToString() => "***";
}
