using Countersign.Core;
using Countersign.Core.Texts;
using Countersign.Providers.Sandbox;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Sandbox;

/// <summary>GET /sandbox/messages?to=: the texts that a number would have received, whole, newest last.</summary>
internal sealed class Messages(ITextStore store, INumberPlan plan, SandboxOptions sandbox) : IEndpoint
{
    public static Member<string> To { get; } = Member.Required("to", Fields.Phone with { Pattern = null },
        "The number, in any spelling that `/v3/verify` accepts. A `+` need not be escaped.");

    public RequestDelegate Endpoint => async context =>
    {
        var family = sandbox.ErrorCodes;
        // A plus sign in a query is a space unless it is escaped, and people do not escape it.
        var to = context.Request.Query[To].ToString().Trim();
        if (to.Length == 0)
        {
            await Answer.Of(Fault.Missing(To), family).WriteAsync(context);
            return;
        }
        var typed = context.Request.Query[To].ToString() is [' ', ..] ? "+" + to : to;
        if (plan.Read(typed) is not { } number)
        {
            await Answer.Of(Fault.Invalid(To, "not a telephone number"), family).WriteAsync(context);
            return;
        }

        var texts = await store.ListAsync(number, context.RequestAborted);
        await Answer.Ok(texts.Select(SandboxMessage.Of).ToArray(), SandboxJson.Answers.SandboxMessageArray).WriteAsync(context);
    };
}

/// <param name="Kind">"otp", "link" or "notice".</param>
/// <param name="Text">As the phone shows it.</param>
/// <param name="State">What became of it.</param>
internal sealed record SandboxMessage(
    string Id, string To, string Kind, string Text, string? Link, string? Code, DateTimeOffset SentAt, string State)
{
    public static SandboxMessage Of(StoredText stored)
    {
        var text = stored.Text;
        var proof = text.Proof.Reveal();
        return new SandboxMessage(
            text.Id.ToString("D"), text.To.E164, TextKinds.WordOf(text.Kind), text.Text.Reveal(),
            text.Kind == TextKind.Link ? proof : null, text.Kind == TextKind.Otp ? proof : null, stored.Fate.SentAt ?? text.CreatedAt,
            stored.Fate.State.ToString().ToLowerInvariant());
    }

    public override string ToString() => Kind;
}
