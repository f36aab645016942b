using System.Text.RegularExpressions;
using Countersign.Operator.Devices;
using Countersign.Operator.Hosting;
using Countersign.Operator.State;
using Microsoft.AspNetCore.WebUtilities;

namespace Countersign.Operator.OpenId;

/// <summary>
/// <c>/authorize</c>: the code flow, authenticated by the network. Nobody is asked anything (prompt=none is implied), so the answer is
/// always a redirect at once; only a client or an address that is not registered gets none, for it would be an open redirect.
/// </summary>
internal sealed partial class AuthorizeEndpoint(
    Clients clients, RequestObjects requestObjects, DeviceRecognition devices, Subscribers subscribers, Faults faults, FaultyStages stages,
    AuthorizationCodes codes, Issuer issuer, TimeProvider time)
{
    public async Task HandleAsync(HttpContext context)
    {
        var outer = HttpMethods.IsPost(context.Request.Method)
            ? await Parameters.OfFormAsync(context.Request, context.RequestAborted)
            : Parameters.Of(context.Request.Query);
        if (clients.Find(outer?["client_id"]) is not { } client)
        {
            await Answer.OAuthError(400, "invalid_request", "client_id is missing or not registered").WriteAsync(context);
            return;
        }
        context.Notes().Client = client.Id;

        var (parameters, problem) = outer!["request"] is { } request
            ? await requestObjects.ReadAsync(request, client, context.RequestAborted)
            : (outer, "");
        // What a broken request object says is not believed; an address beside it is, if it is registered.
        var redirectUri = (parameters ?? outer)["redirect_uri"];
        if (redirectUri is null || !client.RedirectUris.Contains(redirectUri, StringComparer.Ordinal))
        {
            problem = parameters is null ? problem : "redirect_uri is missing or not registered for this client";
            await Answer.OAuthError(400, "invalid_request", problem).WriteAsync(context);
            return;
        }
        if (parameters is null)
        {
            Redirect(context, redirectUri, outer["state"], "invalid_request_object", problem, FaultSet.None);
            return;
        }

        var (number, how) = devices.Recognise(context);
        context.Notes().Number = number;
        var faulty = faults.For(number);
        if (await stages.PassAsync(Stage.Authorize, faulty, context.RequestAborted) is { } broken)
        {
            await broken.WriteAsync(context);
            return;
        }
        var state = parameters["state"];
        if (Refusal(parameters, outer) is var (error, description))
        {
            Redirect(context, redirectUri, state, error, description, faulty);
            return;
        }
        if (RefusalByFault(faulty) is { } failure)
        {
            Redirect(context, redirectUri, state, failure, "a fault was set", faulty);
            return;
        }
        if (number is null || subscribers.Find(number) is null)
        {
            Redirect(context, redirectUri, state, "login_required", number is null ? how : "the SIM is of no subscriber of this operator",
                faulty);
            return;
        }

        context.Notes().Note = how;
        Redirect(context, redirectUri, state, faulty, ("code", IssueCode(client.Id, redirectUri, parameters, number, faulty)));
    }

    private string IssueCode(string clientId, string redirectUri, Parameters parameters, Msisdn number, FaultSet faulty)
    {
        var now = time.GetUtcNow();
        var lifetime = faulty.Has(InjectedFault.ExpiredCode) ? TimeSpan.Zero : AuthorizationCodes.Lifetime;
        var (scopes, _) = Scopes.ForPerson(parameters["scope"]);
        var code = codes.Issue(new AuthorizedRequest(
            clientId, redirectUri, parameters["code_challenge"]!, scopes!, parameters["nonce"], number, now, now + lifetime));
        if (faulty.Has(InjectedFault.ReusedCode))
        {
            // As if somebody had been quicker.
            codes.Redeem(code, out _);
        }
        return code;
    }

    private static (string Error, string Description)? Refusal(Parameters parameters, Parameters outer)
    {
        if ((parameters.DuplicateName ?? outer.DuplicateName) is { } twice)
        {
            return ("invalid_request",
                $"{(twice.Length <= 40 && twice.All(char.IsAsciiLetterOrDigit) ? twice : "a parameter")} is there more than once");
        }
        if (outer["request_uri"] is not null)
        {
            return ("request_uri_not_supported", "give the request object itself, as request");
        }
        if (parameters["response_type"] != "code")
        {
            return ("unsupported_response_type", "response_type must be code");
        }
        if (parameters["response_mode"] is { } mode and not "query")
        {
            return ("invalid_request", "response_mode must be query or absent");
        }
        if (parameters["code_challenge_method"] != "S256" || parameters["code_challenge"] is not { } challenge
            || !Challenge().IsMatch(challenge))
        {
            return ("invalid_request", "PKCE is required: code_challenge_method S256 and code_challenge of 43 characters (RFC 7636)");
        }
        if (Scopes.ForPerson(parameters["scope"]) is (null, var problem))
        {
            return ("invalid_scope", problem);
        }
        // There is nobody to talk to: a prompt that needs a page cannot be answered with one.
        return parameters["prompt"] is null or "none" ? null
            : ("interaction_required", "nobody is asked here; leave prompt out or send none");
    }

    private static string? RefusalByFault(FaultSet faults) =>
        AuthorizeErrors.All.FirstOrDefault(pair => faults.Has(pair.Fault)).Error;

    private void Redirect(HttpContext context, string redirectUri, string? state, string error, string description, FaultSet faulty)
    {
        context.Notes().Note = $"{error} ({description})";
        Redirect(context, redirectUri, state, faulty, ("error", error), ("error_description", description));
    }

    private void Redirect(
        HttpContext context, string redirectUri, string? state, FaultSet faulty, params ReadOnlySpan<(string Name, string Value)> answer)
    {
        var query = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (name, value) in answer)
        {
            query[name] = value;
        }
        if (state is not null)
        {
            query["state"] = faulty.Has(InjectedFault.WrongState) ? "another-state" : state;
        }
        if (!faulty.Has(InjectedFault.NoIssuerInRedirect))
        {
            // RFC 9207: says whose answer this is, so that it cannot be taken for another operator's.
            query["iss"] = faulty.Has(InjectedFault.WrongIssuerInRedirect) ? IdTokens.AnotherIssuer : issuer.Origin;
        }
        context.Response.StatusCode = StatusCodes.Status302Found;
        context.Response.Headers.Location = QueryHelpers.AddQueryString(redirectUri, query);
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
    }

    [GeneratedRegex("^[A-Za-z0-9_-]{43}\\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Challenge();
}
