using Countersign.Operator.State;

namespace Countersign.Operator.OpenId;

/// <summary>The refusals a fault can ask for where a person is authorized.</summary>
internal static class AuthorizeErrors
{
    public static IReadOnlyList<(InjectedFault Fault, string Error)> All { get; } =
    [
        (InjectedFault.ConsentRequired, "consent_required"),
        (InjectedFault.AccessDenied, "access_denied"),
        (InjectedFault.LoginRequired, "login_required"),
        (InjectedFault.InteractionRequired, "interaction_required"),
        (InjectedFault.TemporarilyUnavailable, "temporarily_unavailable"),
        (InjectedFault.ServerError, "server_error"),
    ];
}
