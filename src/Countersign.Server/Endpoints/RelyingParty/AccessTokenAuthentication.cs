using Countersign.Core.Projects;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty;

/// <summary>A relying party's call shows a living access token of a client. Who it is is the call's <see cref="Caller"/>.</summary>
internal sealed class AccessTokenAuthentication(
    AccessTokens tokens, ProjectDirectory directory, RequestRate rate, ErrorCodeOptions errorCodes, ErrorForms forms)
    : BearerAuthentication
{
    public const string Scheme = "access token";

    protected override ErrorCodes Family => errorCodes.ErrorCodes;

    protected override async ValueTask<string?> FindCallerAsync(string token)
    {
        if (await tokens.FindLivingAsync(token, Context.RequestAborted) is not { } access
            || await directory.FindProjectAsync(access.ProjectId, Context.RequestAborted) is not { } project)
        {
            return null;
        }
        Context.Features.Set(new Caller(access.ClientId, project));
        return access.ClientId.ToString();
    }

    protected override Answer Say(Fault fault) => forms.Say(Context, fault, Family);

    // The token was checked before: whoever has a good one is let in, whatever comes from the same address.
    protected override Fault Refuse() =>
        TokenIn(Context) is null || rate.TryTakeBadToken(Context) ? Fault.NotAuthorized : Fault.TooManyRequests;
}
