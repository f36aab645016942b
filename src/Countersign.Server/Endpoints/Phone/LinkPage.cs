using System.Text;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Geography;
using Countersign.Core.Possession;
using Countersign.Core.Possession.InstantLink;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Pages;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using RazorSlices;

namespace Countersign.Server.Endpoints.Phone;

/// <summary>
/// /l/{token}: the page behind the link in a text. Opening it changes nothing, however often and by whomever it is fetched: previews,
/// scanners and proxies open links too. Only a press of one of its two buttons does.
/// </summary>
internal sealed class LinkPage(LinkCalls calls, CrossSite crossSite, SeenBrowsers browsers, IGeoTable geography, TimeProvider time)
{
    private const string ReasonHeader = "Countersign-Reason";

    /// <summary>GET and HEAD.</summary>
    public RequestDelegate Open => async context =>
    {
        var link = await FindAsync(context);
        // Opening it is then a press.
        Guards.Drop("L01", ref link, () => link is null ? null
            : calls.ConfirmAsync(link, default, browsers.Of(context), context.RequestAborted).GetAwaiter().GetResult()
                is LinkConfirmOutcome.NotConfirmed { Link: var after } ? after : link);
        await ShowAsync(context, link);
    };

    /// <summary>POST: one of the two buttons.</summary>
    public RequestDelegate Press => async context =>
    {
        var link = await FindAsync(context);
        var stand = StandOf(link?.Flow);
        Guards.Drop("L10", ref stand, () => stand == LinkPageState.Confirmed ? LinkPageState.Match : stand);
        if (link is null || stand is not (LinkPageState.Tap or LinkPageState.Match))
        {
            if (link is { Flow.IsDecided: true })
            {
                await calls.RepeatAsync(link, context.RequestAborted);
            }
            await ShowAsync(context, link);
            return;
        }
        var isForeign = crossSite.Sent(context);
        Guards.Drop("L03", ref isForeign, () => false);
        if (isForeign)
        {
            // Before the form is looked at: another site's page neither confirms nor declines nor uses up an entry.
            await ShowAsync(context, link, StatusCodes.Status403Forbidden, LinkTexts.NotUnderstood);
            return;
        }

        var form = await ReadFormAsync(context.Request);
        var digits = DigitsIn(form.GetValueOrDefault("digits"));
        switch (form.GetValueOrDefault("action"))
        {
            case "confirm" when stand == LinkPageState.Match && digits is null:
                await ShowAsync(context, link, StatusCodes.Status400BadRequest, LinkTexts.DigitsIncomplete);
                break;
            case "confirm":
                await ConfirmAsync(context, link, digits ?? default);
                break;
            case "decline":
                await ShowAsync(context, await calls.DeclineAsync(link, context.RequestAborted));
                break;
            default:
                await ShowAsync(context, link, StatusCodes.Status400BadRequest, LinkTexts.NotUnderstood);
                break;
        }
    };

    /// <summary>After a failure of the server: whether the link is open is not known.</summary>
    public static Task ShowFailureAsync(HttpContext context)
    {
        context.Response.Headers[ReasonHeader] = "not-available";
        SetHeaders(context, "'none'");
        return PageWriter.WriteAsync(
            context, context.Response.StatusCode,
            Render(new LinkView(LinkPageState.NotAvailable, Languages.Of(context.Request), Project: "")));
    }

    private async Task<OpenedLink?> FindAsync(HttpContext context) =>
        LinkAddress.TokenIn(context.Request.RouteValues["token"] as string ?? "") is { } token
            ? await calls.FindAsync(token, context.RequestAborted)
            : null;

    private async Task ConfirmAsync(HttpContext context, OpenedLink link, Secret digits)
    {
        switch (await calls.ConfirmAsync(link, digits, browsers.Of(context), context.RequestAborted))
        {
            case LinkConfirmOutcome.Confirmed { Link.Flow: { FinalTargetUrl: { } target } flow }:
                context.Response.Headers.Location = WithResult(target, flow.Id);
                context.Response.StatusCode = StatusCodes.Status303SeeOther;
                SetHeaders(context, $"'self' {OriginOf(target)}");
                break;
            case LinkConfirmOutcome.Confirmed { Link: var confirmed }:
                await ShowAsync(context, confirmed);
                break;
            case LinkConfirmOutcome.NotConfirmed { Link: var after }:
                await ShowAsync(context, after, problem: LinkTexts.DigitsWrong);
                break;
            default:
                await ShowAsync(context, null);
                break;
        }
    }

    /// <param name="status">For a link that is still open; all others have their own.</param>
    /// <param name="problem">For a link that is still open.</param>
    private Task ShowAsync(HttpContext context, OpenedLink? link, int status = StatusCodes.Status200OK, Phrase? problem = null)
    {
        var stand = StandOf(link?.Flow);
        var language = Languages.Of(context.Request);
        var view = new LinkView(stand, language, link?.Project.Name ?? "");
        var target = "'none'";
        if (view.IsOpen)
        {
            view = view with { Problem = problem?.In(language, link!.EntriesLeft), Origin = WhereBegun(context, link!.Flow, language) };
            target = link!.Flow.FinalTargetUrl is { } url ? $"'self' {OriginOf(url)}" : "'self'";
        }
        else
        {
            status = stand == LinkPageState.Unknown ? StatusCodes.Status404NotFound : StatusCodes.Status410Gone;
            context.Response.Headers[ReasonHeader] = ReasonOf(link?.Flow);
        }

        SetHeaders(context, target);
        return PageWriter.WriteAsync(context, status, Render(view));
    }

    /// <summary>Where the link was asked for; null in a flow of a version that did not keep it.</summary>
    private LinkOrigin? WhereBegun(HttpContext context, Flow flow, Language language) => flow.BegunBy is { } begun
        ? new LinkOrigin(
            begun.Family, begun.Platform, (int)(time.GetUtcNow() - flow.CreatedAt).TotalMinutes,
            begun.Address is { } address ? geography.CountryOf(address, language.Tag()) : null, begun.IsVery(browsers.Of(context)))
        : null;

    // The request delegate generator does not see the types that Razor makes: they stay behind this return type.
    private static RazorSlice<LinkView> Render(LinkView view) => Pages.Link.Create(view);

    private static void SetHeaders(HttpContext context, string formAction)
    {
        var headers = context.Response.Headers;
        // Browsers hold form-action against the redirect that answers a form too, so the landing page's origin is in it.
        var policy = $"default-src 'none'; style-src {PageStyle.Source}; form-action {formAction}; frame-ancestors 'none'; base-uri 'none'";
        Guards.Drop("L02", ref policy, () => policy + "; script-src 'unsafe-inline'");
        Guards.Drop("L14", ref policy, () => policy.Replace("frame-ancestors 'none'; ", "", StringComparison.Ordinal));
        Guards.Break("L04", () => headers.SetCookie = "seen=1");
        headers.ContentSecurityPolicy = policy;
        headers.CacheControl = "no-store";
        headers["X-Robots-Tag"] = "noindex";
        headers.Vary = "Accept-Language";
    }

    private static LinkPageState StandOf(Flow? flow) => flow?.Possession switch
    {
        PossessionState.Challenged when flow.MatchDigits is not null => LinkPageState.Match,
        PossessionState.Challenged => LinkPageState.Tap,
        PossessionState.Succeeded => LinkPageState.Confirmed,
        PossessionState.Failed { Reason: PossessionFailure.Declined } => LinkPageState.Declined,
        PossessionState.Failed { Reason: PossessionFailure.Expired } => LinkPageState.Expired,
        PossessionState.Failed { Reason: PossessionFailure.WrongProof } => LinkPageState.WrongEntries,
        PossessionState.Failed => LinkPageState.Stopped,
        _ => LinkPageState.Unknown,
    };

    /// <summary>Stable words for machines; the page has the words for people.</summary>
    private static string ReasonOf(Flow? flow) => flow?.Possession switch
    {
        PossessionState.Succeeded => "confirmed",
        PossessionState.Failed { Reason: var reason } => reason switch
        {
            PossessionFailure.Declined => "declined",
            PossessionFailure.Expired => "expired",
            PossessionFailure.WrongProof => "wrong-entries",
            PossessionFailure.GivenUp => "given-up",
            PossessionFailure.BudgetSpent => "budget-spent",
            PossessionFailure.Cancelled => "cancelled",
            _ => "unavailable",
        },
        _ => "unknown",
    };

    /// <summary>The form's fields; none when the body is no form, or too large.</summary>
    private static async Task<Dictionary<string, string>> ReadFormAsync(HttpRequest request)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
        {
            return fields;
        }

        if (!(await RequestBody.ReadBytesAsync(request)).Is(out var bytes, out _))
        {
            return fields;
        }
        foreach (var field in new QueryStringEnumerable(Encoding.UTF8.GetString(bytes)))
        {
            fields[field.DecodeName().ToString()] = field.DecodeValue().ToString();
        }
        return fields;
    }

    /// <summary>Six digits, or null: what cannot be right is no try, so that a scanner that fills in forms uses none up.</summary>
    private static Secret? DigitsIn(string? text)
    {
        var typed = TypedCode.Read(text ?? "");
        return typed.Length == 6 && typed.All(char.IsAsciiDigit) ? new Secret(typed) : null;
    }

    private static string WithResult(string target, CorrelationId id)
    {
        var separator = !target.Contains('?', StringComparison.Ordinal) ? "?" : target.EndsWith('?') ? "" : "&";
        return $"{target}{separator}authId={id}&asc=true";
    }

    private static string OriginOf(string target) => new Uri(target).GetLeftPart(UriPartial.Authority);
}
