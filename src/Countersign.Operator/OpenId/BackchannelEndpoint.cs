using System.Text.Json.Nodes;
using Countersign.Operator.Hosting;
using Countersign.Operator.State;

namespace Countersign.Operator.OpenId;

/// <summary><c>/bc-authorize</c>: CIBA in poll mode. Nobody is asked here, so a request is ready when it is made.</summary>
internal sealed class BackchannelEndpoint(
    ClientAuthentication authentication, LoginHints hints, Faults faults, FaultyStages stages, BackchannelRequests requests,
    TimeProvider time)
{
    public async Task HandleAsync(HttpContext context) => await (await AnswerAsync(context)).WriteAsync(context);

    private async Task<Answer> AnswerAsync(HttpContext context)
    {
        if (await Parameters.OfFormAsync(context.Request, context.RequestAborted) is not { } parameters)
        {
            return Answer.OAuthError(400, "invalid_request", "send a form (application/x-www-form-urlencoded)");
        }
        var (client, refusal) = await authentication.AuthenticateAsync(context, parameters, "/bc-authorize");
        if (client is null)
        {
            return refusal!;
        }
        if (parameters.DuplicateName is not null)
        {
            return Answer.OAuthError(400, "invalid_request", "a parameter is there more than once");
        }
        var (scopes, problem) = Scopes.ForPerson(parameters["scope"]);
        if (scopes is null)
        {
            return Answer.OAuthError(400, "invalid_scope", problem);
        }
        if (parameters["login_hint_token"] is not null || parameters["id_token_hint"] is not null
            || parameters["login_hint"] is not { } hint || !LoginHints.HasForm(hint))
        {
            return Answer.OAuthError(400, "invalid_request", $"give one login_hint: {LoginHints.Forms}");
        }

        var hinted = hints.Find(hint);
        context.Notes().Number = hinted?.Number;
        var faulty = faults.For(hinted?.Number);
        if (await stages.PassAsync(Stage.Authorize, faulty, context.RequestAborted) is { } broken)
        {
            return broken;
        }
        if (hinted is null)
        {
            return Answer.OAuthError(400, "unknown_user_id", "login_hint points at nobody whom this operator knows");
        }
        if (scopes.NeedPossession && !hinted.ProvesPossession)
        {
            return Answer.OAuthError(
                400, "unknown_user_id", "a number alone does not show who holds the SIM, which number verification needs");
        }
        var error = AuthorizeErrors.All.FirstOrDefault(pair => faulty.Has(pair.Fault)).Error;
        if (error is not null)
        {
            return Answer.OAuthError(error is "temporarily_unavailable" or "server_error" ? 503 : 400, error, "a fault was set");
        }

        var now = time.GetUtcNow();
        var lifetime = faulty.Has(InjectedFault.ExpiredCode) ? TimeSpan.Zero : BackchannelRequests.Lifetime;
        var id = requests.Issue(new BackchannelRequest(client.Id, scopes, hinted.Number, now, now + lifetime));
        return new Answer(200, new JsonObject
        {
            ["auth_req_id"] = id,
            ["expires_in"] = (int)BackchannelRequests.Lifetime.TotalSeconds,
            ["interval"] = (int)BackchannelRequests.Interval.TotalSeconds,
        });
    }
}
