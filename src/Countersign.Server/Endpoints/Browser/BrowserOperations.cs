using System.Text.Json.Nodes;
using Countersign.Core.Flows;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;
using Countersign.Server.Security;

namespace Countersign.Server.Endpoints.Browser;

/// <summary>What the endpoints of the browser protocol promise: all speak the same answer, so they stand together.</summary>
internal static class BrowserOperations
{
    public static readonly ObjectSchema Answer = new(
        "StepAnswer", "What the browser is to do now.", IsClosed: true,
        new Member("next",
            Schema.Text(
                "The step to take: `device/passive` and steps below it, `mobile/instant`, `mobile/otp`, `mobile/instantlink`, `done`, or "
            + "empty: stay in this step."), IsRequired: true),
        new Member("data", Schema.Closed(
            "What the step needs. With `code` and `message` it says that the input was not right and may be given again.",
            new Member("redirectUrl", Schema.Text("Where to go so that the mobile network can say whose phone this is.", format: "uri")),
            new Member("code", Schema.Number("Why the input was not right.")),
            new Member("message", Schema.Text("The same in words.")),
            new Member(Members.DeviceId, Schema.Text("The id of the device whose key was registered.", format: "uuid")),
            PasskeyMembers.CreationOptions,
            PasskeyMembers.RequestOptions)),
        new Member("error", Schema.Closed(
            "The step has failed for good; `next` says what follows.",
            new Member("code", Schema.Number("Kind of failure, see the table of this document."), IsRequired: true),
            new Member("message", Schema.Text("The same in words."), IsRequired: true))),
        new Member("matchCode", Schema.Text("Six digits to show on the desktop; the person types them on the phone. Only in flows of "
            + "projects with `linkConfirmation: match`.", pattern: "^[0-9]{6}$")));

    private static readonly ObjectSchema _number = new(
        "NumberRequest", "A start or a resend.", IsClosed: false,
        StepMembers.MobileNumber,
        StepMembers.IsMobile);

    private static readonly ObjectSchema _report = new(
        "StepErrorReport", "What went wrong in the page. Any shape is taken.", IsClosed: false,
        new Member("code", Schema.Number("The SDK's own code.")),
        StepMembers.Message);

    private static readonly ObjectSchema _anything = new("AnyRequest", "Nothing of it is read.", IsClosed: false);

    private static readonly JsonObject _done = Members.Object(("next", Steps.Done));

    public static Operation MobileAuthStart { get; } = Of(
        "startMobileAuth", "Begin Mobile Auth",
        """
        Answers `{"next":"","data":{"redirectUrl":"…"}}`: the browser opens that address over the mobile network and brings what it gets
        there to `mobile/instant/finish`. In the sandbox that is the value of `testVfp` in the address, which need not be opened.
        Where Mobile Auth is not possible, or the page may not come back to its `returnUrl`, the answer is an error with `next: mobile/otp`.
        What comes back is good for six seconds, with `redirect` for a minute.
        """,
        new ObjectSchema(
            "MobileAuthStartRequest", "How the page can open the address.", IsClosed: false,
            StepMembers.CellularIp,
            StepMembers.Implementation,
            StepMembers.ReturnUrl),
        Members.Object((StepMembers.Implementation, "fetch")),
        Members.Object(("next", ""), ("data", Members.Object(("redirectUrl",
            "http://127.0.0.1:8080/sandbox/mobile-auth?testVfp=example")))));

    public static Operation MobileAuthFinish { get; } = Of(
        "finishMobileAuth", "Hand in what the mobile network said",
        "Answers `{\"next\":\"done\"}` when the network confirmed the number, else an error with `next: mobile/otp`. The proof is good "
            + "for one flow and one use. The `vfp` of the example is a placeholder.",
        new ObjectSchema(
            "MobileAuthFinishRequest", "The proof.", IsClosed: false,
            StepMembers.Vfp),
        Members.Object((StepMembers.Vfp, "example")), _done);

    public static Operation MobileAuthError { get; } = OfReport("reportMobileAuthError", "Report that Mobile Auth failed in the page",
        "Answers the step that follows: `mobile/otp`, or `done` when the flow is decided.");

    public static Operation OtpStart { get; } = Of(
        "startOtp", "Send the code, or send it again",
        """
        Answers `{"next":""}`: the code is on its way, ask the person for it. A second call sends the same code again: at most three times
        in a flow; a later one is answered the same and sends nothing. Another number, `{"mobileNumber":"2002000001"}`, ends the code that
        is out and gets a new one: in flows of start and unify, up to three times. Where it is refused the answer has `data` (8007, 8009,
        10002 or 10003) and nothing is sent.
        """,
        _number, [], Members.Object(("next", "")));

    public static Operation OtpFinish { get; } = Of(
        "finishOtp", "Hand in the code",
        """
        Right: `{"next":"done"}`. Wrong, with an entry left: `{"next":"mobile/otp","data":{"code":10001,"message":"…"}}`. Wrong, with none
        left: `{"next":"done","error":{"code":10005 or 10001,…}}`. Any text is an entry, an empty one and one of the wrong length too.
        """,
        new ObjectSchema("OtpFinishRequest", "One entry.", IsClosed: false, StepMembers.Otp),
        Members.Object((StepMembers.Otp, "1234")), _done);

    public static Operation OtpError { get; } = OfReport("reportOtpError", "Report that the person gave up, or that the page failed",
        "Answers `{\"next\":\"done\"}`. An undecided flow has failed; what was proven before stays proven.");

    public static Operation InstantLinkStart { get; } = Of(
        "startInstantLink", "Send the link, or send it again",
        """
        Answers `{"next":""}`, or `{"next":"","data":{}}` when the flow allows no retry: an empty `data` tells published SDKs to wait for
        the socket. A call without `mobileNumber` while a link is out sends nothing, so a reloaded page finds its link still good; one with
        it, empty or the flow's own number, sends a new link that replaces the former, at most three times in a flow. Another number in
        `mobileNumber` is taken or refused as in `mobile/otp/start`; the former link is dead from then on.
        """,
        _number, Members.Object((StepMembers.IsMobile, false)), Members.Object(("next", ""), ("data", new JsonObject())));

    public static Operation InstantLinkError { get; } = OfReport(
        "reportInstantLinkError", "Report a lost socket, or that the page gave up",
        "After a lost connection the answer is `{\"next\":\"mobile/instantlink\"}`: the page begins the step again and the link that is "
            + "out stays good. Otherwise `{\"next\":\"done\"}` and an undecided flow has failed.");

    public static Operation Status { get; } = new()
    {
        Id = "openStatusSocket",
        Tag = "status",
        Summary = "Wait for the result on a WebSocket",
        Description =
            """
            A WebSocket without a subprotocol (RFC 6455). The browser sends the text `ping` every 30 seconds and hears `pong`. The server
            sends one other text, once: a `StepAnswer`, `{"next":"done"}` or `{"next":"done","error":{…}}`, as soon as the flow is decided,
            at once when it is decided already. Then the browser closes. The flow's life ends 15 minutes after it began; a socket that is
            still open then is closed without a result. A flow has four sockets at a server: the next closes its oldest with code 1008. A
            server that has no socket left answers 503. The token stands in the address because a browser cannot set headers here; the
            server does not log it.
            """,
        Parameters = [new Parameter("token", "query", Schema.Text("The flow's auth token."), Members.ExampleToken, IsRequired: true)],
        Success = new Reply(StatusCodes.Status101SwitchingProtocols, "The socket is open."),
        OtherSuccess = new Reply(StatusCodes.Status200OK, "The socket is open, asked for by CONNECT over HTTP/2 (RFC 8441)."),
        Refusals = Refusals,
        SaysRate = false,
    };

    /// <summary>A step of the protocol that this server refuses politely.</summary>
    public static Operation NotOffered(string path) => new()
    {
        Id = "refuse" + string.Concat(path.Split('/', '-').Select(part => char.ToUpperInvariant(part[0]) + part[1..])),
        Tag = "not offered",
        Summary = $"{path}: not offered",
        Description = "Part of the protocol and not of this server. Answers error 10003 and, in `next`, the step that the flow is in.",
        Credentials = Document.AuthToken,
        Body = new Body(_anything, [], IsRequired: false, Members.Json),
        Success = new Reply(
            StatusCodes.Status200OK, "Refused, with the step that follows.", Answer,
            Members.Object(("next", Steps.Otp), ("error", Members.Object(("code", StepError.NotOffered.Code),
                ("message", StepError.NotOffered.Message))))),
        Refusals = Refusals,
        SaysRate = false,
    };

    public static Fault[] Refusals => [Fault.Malformed("body is not valid JSON, or nested too deeply"), Fault.NotAuthorized,
        Fault.StepNotAllowed, Fault.TooManyRequests];

    public static Operation OfReport(string id, string summary, string description, string tag = "steps") =>
        Of(id, summary, description + " May be sent more than once.", _report, Members.Object((StepMembers.Message, "the person gave up")),
            _done, tag);

    public static Operation Of(
        string id, string summary, string description, ObjectSchema request, JsonObject example, JsonObject answer, string tag = "steps") =>
        new()
    {
        Id = id,
        Tag = tag,
        Summary = summary,
        Description = description,
        Credentials = Document.AuthToken,
        Body = new Body(request, example, IsRequired: request.Members.Any(member => member.IsRequired), Members.Json),
        Success = new Reply(StatusCodes.Status200OK, "What to do now; failures of the step too are answers with 200.", Answer, answer),
        Refusals = Refusals,
        SaysRate = false,
    };
}
