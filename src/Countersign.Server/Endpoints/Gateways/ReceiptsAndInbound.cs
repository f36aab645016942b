using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Texts;
using Countersign.Server.Endpoints.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Countersign.Server.Endpoints.Gateways;

/// <summary>
/// What the providers of text gateways call: receipts at <c>/gateways/{name}/receipts/{token}</c>, and what persons write at
/// <c>/gateways/{name}/inbound/{secret}</c>. The gateway's adapter says whether a request is genuine and what it means.
/// </summary>
internal sealed class ReceiptsAndInbound(
    IEnumerable<IGatewayCallbacks> gateways, ITextReceipts receipts, InboundTexts texts, PublicAddress address, ErrorCodeOptions errorCodes,
    ILogger<GatewayCallback> logger)
{
    /// <summary>A body is at most this long; the longest that a provider sends is a few kilobytes.</summary>
    public const int MaxBytes = 64 * 1024;

    public RequestDelegate Receipts => context => AnswerAsync(context, CallbackKind.Receipt, "token");

    public RequestDelegate Inbound => context => AnswerAsync(context, CallbackKind.Inbound, "secret");

    private async Task AnswerAsync(HttpContext context, CallbackKind kind, string tokenName)
    {
        var fault = await TakeAsync(context, kind, (string?)context.Request.RouteValues[tokenName]);
        if (fault is not null)
        {
            await Answer.Of(fault, errorCodes.ErrorCodes).WriteAsync(context);
            return;
        }
        // Nothing is said: some gateways send on to the person what they are answered.
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task<Fault?> TakeAsync(HttpContext context, CallbackKind kind, string? token)
    {
        _ = GatewayName.TryParse((string?)context.Request.RouteValues["name"], out var name);
        if (gateways.FirstOrDefault(gateway => gateway.Name == name) is not { } callbacks)
        {
            return Fault.NotFound;
        }
        if (!(await RequestBody.ReadBytesAsync(context.Request, MaxBytes)).Is(out var body, out var tooLarge))
        {
            return tooLarge;
        }

        switch (callbacks.Read(CallbackOf(context, kind, token, body)))
        {
            case CallbackReading.Receipt { Token: var answered } when answered.Reveal() == InboundTexts.ReceiptToken:
                return null;
            case CallbackReading.Receipt receipt:
                // It is kept even if the provider does not wait for the answer.
                if (await receipts.ReceiveAsync(
                    receipt.Token, name, receipt.State, receipt.NetworkError, CancellationToken.None))
                {
                    return null;
                }
                Log.ReceiptUnknown(logger, name);
                return Fault.NotFound;
            case CallbackReading.Inbound inbound:
                await texts.TakeAsync(name, inbound);
                return null;
            case CallbackReading.Nothing:
                return null;
            case CallbackReading.Forged:
                Log.CallbackForged(logger, name, kind);
                return Fault.StepNotAllowed;
            case var other:
                Log.CallbackUnreadable(
                    logger, name, kind, (other as CallbackReading.Unreadable)?.Why ?? "it is not what this provider sends");
                return Fault.Malformed("this is not what the gateway's provider sends");
        }
    }

    private GatewayCallback CallbackOf(HttpContext context, CallbackKind kind, string? token, byte[] body)
    {
        var request = context.Request;
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (header, values) in request.Headers)
        {
            headers[header] = values.ToString();
        }
        // As it was sent, since signatures are over it; the host is ours and not the request's.
        var origin = address.Origin;
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var url = target.StartsWith('/') ? origin + target
            : $"{origin}{request.Path.ToUriComponent()}{request.QueryString.ToUriComponent()}";
        return new GatewayCallback(kind, request.Method, token,
            new Uri(url, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }), headers, body);
    }
}
