// A relying party in one file: a form, a phone, an outcome.
//
//   COUNTERSIGN_URL            the server, such as http://127.0.0.1:8080
//   COUNTERSIGN_CLIENT_ID      your project's credentials; the sandbox prints them at its start
//   COUNTERSIGN_CLIENT_SECRET
//   ONBOARDING_PUBLIC_URL      where a phone reaches this application; default: the address in the browser
//   ONBOARDING_SDK_URL         the browser SDK, if not the server's own copy
//   ONBOARDING_WEBHOOK_SECRET  of a webhook that leads to /webhooks: whsec_…; two with a space between them while they are exchanged
using System.Security.Cryptography;
using Countersign.Client;
using Microsoft.Extensions.Caching.Memory;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Services.AddCountersign();
builder.Services.AddMemoryCache();
builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, OnboardingJson.Default));

var app = builder.Build();
var sdkUrl = SdkUrl(app.Configuration);

app.Use((context, next) =>
{
    // Scripts come from here and from where the browser SDK is; a name or a number that holds markup stays text.
    context.Response.Headers.ContentSecurityPolicy =
        $"script-src 'self' {sdkUrl.GetLeftPart(UriPartial.Authority)}; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";
    return next(context);
});
app.UseDefaultFiles();
app.UseStaticFiles();

app.MapGet("/config", () => new PageConfig(sdkUrl));

app.MapPost("/verify", async (
    Person person, HttpContext http, ICountersignClient countersign, IMemoryCache sessions, CancellationToken cancellationToken) =>
{
    // The browser may choose between the two checks, but not to have none: FlowType.None is never taken from outside.
    var flowType = person.FlowType == "desktop" ? FlowType.Desktop : FlowType.Mobile;
    try
    {
        var flow = await countersign.VerifyAsync(
            new VerifyRequest
            {
                FlowType = flowType,
                PhoneNumber = person.PhoneNumber,
                FirstName = person.FirstName,
                LastName = person.LastName,
                FinalTargetUrl = flowType == FlowType.Desktop ? LandingPage(http) : null,
                AllowOtpRetry = true,
            },
            cancellationToken: cancellationToken);

        // The correlation id stays here. If the browser could name the flow, it could name one that somebody else has passed.
        sessions.Set(NewSession(http), flow.CorrelationId, Onboarding.FlowLife);
        return Results.Ok(new Started(flow.AuthToken!));
    }
    catch (CountersignException e) when (e.Code is CountersignErrorCode.InvalidRequest or CountersignErrorCode.TestUserNotFound)
    {
        return Results.BadRequest(new Refusal("Please check the number and the name."));
    }
    catch (CountersignException e)
    {
        Log.VerifyFailed(app.Logger, e);
        return Unavailable("The check is not available. Please try again later.");
    }
});

app.MapPost("/finish", async (
    HttpContext http, ICountersignClient countersign, IMemoryCache sessions, CancellationToken cancellationToken) =>
{
    if (http.Request.Cookies[Onboarding.SessionCookie] is not { } session || sessions.Get<string>(session) is not { } correlationId)
    {
        return Results.BadRequest(new Refusal("The check has ended. Please start again."));
    }

    try
    {
        // The browser only says that it is done; how it ended is asked of the server.
        var status = await countersign.GetStatusAsync(correlationId, cancellationToken);

        // Here an application opens the account, on True and on nothing else. What the browser gets is for show.
        return Results.Ok(new Finished(status.Outcome.Value));
    }
    catch (CountersignException e)
    {
        Log.StatusFailed(app.Logger, e, correlationId);
        return Unavailable("The result is not available. Please try again later.");
    }
});

if (app.Configuration["ONBOARDING_WEBHOOK_SECRET"] is { Length: > 0 } secrets)
{
    var verifier = new WebhookVerifier(secrets.Split(' '));
    app.MapPost("/webhooks", async (HttpContext http, IMemoryCache had, CancellationToken cancellationToken) =>
    {
        // The bytes as they came are what was signed. An event has some hundreds.
        if (await ReadAsync(http.Request.Body, maxBytes: 64 * 1024, cancellationToken) is not { } body)
        {
            return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
        }
        try
        {
            var told = verifier.Read(
                http.Request.Headers[WebhookVerifier.IdHeader], http.Request.Headers[WebhookVerifier.TimestampHeader],
                http.Request.Headers[WebhookVerifier.SignatureHeader], body);
            // It may come twice. Here an application keeps the ids with what it does about them, in one transaction.
            if (!had.TryGetValue(told.Id, out _))
            {
                had.Set(told.Id, true, TimeSpan.FromDays(1));
                Log.Told(app.Logger, told.Type, told.CorrelationId, told.Sequence, told.End);
            }
            return Results.NoContent();
        }
        catch (WebhookException e)
        {
            Log.WebhookRefused(app.Logger, e.Fault);
            return Results.BadRequest();
        }
    });
}

app.Run();

static async Task<byte[]?> ReadAsync(Stream stream, int maxBytes, CancellationToken cancellationToken)
{
    var (body, some) = (new MemoryStream(), new byte[4096]);
    while (await stream.ReadAsync(some, cancellationToken) is > 0 and var count)
    {
        if (body.Length + count > maxBytes)
        {
            return null;
        }
        body.Write(some, 0, count);
    }
    return body.ToArray();
}

static IResult Unavailable(string text) => Results.Json(new Refusal(text), statusCode: StatusCodes.Status503ServiceUnavailable);

static Uri SdkUrl(IConfiguration configuration)
{
    var server = configuration["COUNTERSIGN_URL"] is { Length: > 0 } url ? $"{url.TrimEnd('/')}/sdk/countersign.js" : null;
    return new Uri(configuration["ONBOARDING_SDK_URL"] ?? server
        ?? throw new InvalidOperationException("Set COUNTERSIGN_URL or ONBOARDING_SDK_URL."));
}

// Live servers compare this address with a list of yours, so a forged Host header leads nowhere.
string LandingPage(HttpContext http) =>
    (app.Configuration["ONBOARDING_PUBLIC_URL"]?.TrimEnd('/') ?? $"{http.Request.Scheme}://{http.Request.Host}") + "/landing.html";

static string NewSession(HttpContext http)
{
    // A new id for each flow: one that was planted in the browser before is worth nothing.
    var session = RandomNumberGenerator.GetHexString(32);
    http.Response.Cookies.Append(Onboarding.SessionCookie, session, new CookieOptions
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = http.Request.IsHttps,
        MaxAge = Onboarding.FlowLife,
    });
    return session;
}
