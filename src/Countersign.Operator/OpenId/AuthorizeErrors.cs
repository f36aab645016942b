using Countersign.Operator.State;

namespace Countersign.Operator.OpenId;

/// <summary>The refusals a fault can ask for where a person is authorized.</summary>
internal static class AuthorizeErrors
{
    public static IReadOnlyList<(Fault Fault, string Error)> All { get; } =
    [
        (Fault.ConsentRequired, "consent_required"),
        (Fault.AccessDenied, "access_denied"),
        (Fault.LoginRequired, "login_required"),
        (Fault.InteractionRequired, "interaction_required"),
        (Fault.TemporarilyUnavailable, "temporarily_unavailable"),
        (Fault.ServerError, "server_error"),
    ];
}
