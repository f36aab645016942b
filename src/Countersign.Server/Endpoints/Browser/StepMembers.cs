using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Possession;
using Countersign.Core.Possession.MobileAuth;
using Countersign.Server.Contract;

namespace Countersign.Server.Endpoints.Browser;

/// <summary>Members of the requests that take a flow's steps.</summary>
internal static class StepMembers
{
    // Its bound and its spelling are judged with the number: a page is told in the answer's data.
    public static Member<string?> MobileNumber { get; } = Member.Optional(
        "mobileNumber", Shape.Text() with { Max = NumberChange.MaxCharacters, Pattern = "^[A-Za-z0-9+ ()./-]*$" },
        "The number, where the page asked for it, as the person typed it; the flow's own number in any spelling is no change. On a "
        + "link, this member with an empty text asks for a resend.");

    public static Member<bool> IsMobile { get; } = Member.Flag("isMobile", "Whether the page runs on a phone, which opens no socket.");

    public static Member<string?> CellularIp { get; } = Member.Optional("cellularIp", Shape.Text(),
        "The phone's address in the mobile network, where the page knows it.");

    public static Member<MobileAuthTransport> Implementation { get; } = Member.Standard(
        "implementation",
        Shape.Word(
            ("fetch", MobileAuthTransport.Fetch), ("pixel", MobileAuthTransport.Pixel), ("redirect", MobileAuthTransport.Redirect)) with
        {
            Words = null,
            Pattern = "^(fetch|pixel|redirect)$",
        },
        MobileAuthTransport.Fetch,
        "How the page opens the address: `fetch` (the default), `pixel` (possible with test users alone) or "
        + "`redirect`, where the page itself goes there.");

    // Its bound is judged with the address: a page is told in the answer.
    public static Member<string?> ReturnUrl { get; } = Member.Optional(
        "returnUrl", Shape.Text() with { Max = ReturnAddress.MaxCharacters, Format = "uri" },
        "With `redirect`: where the page comes back to, with `#countersign-flow=…&countersign-vfp=…` added. It must be "
        + "on one of the project's web origins and have no fragment.");

    public static Member<Secret> Vfp { get; } = Member.Required(
        "vfp", new TextShape<Secret>(text => (new Secret(text), null)) { TakesEmpty = true },
        "What the browser brought back. May be empty when a pixel was used.");

    public static Member<Secret> Otp { get; } = Member.Required(
        "otp", new TextShape<Secret>(text => (new Secret(TypedCode.Read(text)), null)) { TakesEmpty = true },
        "What the person typed. Decimal "
        + "digits of every script count as their digits; white space, hyphens and invisible characters are dropped.");

    /// <summary>Of a report, which is taken in any shape.</summary>
    public static Member Message { get; } = new("message", Schema.Text(
        "The SDK's own words. They decide whether a lost socket is told from a person who gave up; they "
        + "are neither stored nor logged."));
}
