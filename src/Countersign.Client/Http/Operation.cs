namespace Countersign.Client.Http;

/// <summary>One operation of the contract: its name in telemetry, its method and its path on the server.</summary>
/// <param name="Name">For telemetry.</param>
/// <param name="Method">GET, POST or DELETE.</param>
/// <param name="Path">
/// As the contract writes it, with the parameters' names in braces. Exceptions say this one: the path that is sent may hold a number.
/// </param>
internal sealed record Operation(string Name, HttpMethod Method, string Path)
{
    public static Operation Token { get; } = Post("token", "/token");

    public static Operation Verify { get; } = Post("verify", "/v3/verify");

    public static Operation VerifyStatus { get; } = Post("verify_status", "/v3/verify-status");

    public static Operation Start { get; } = Post("start", "/v3/start");

    public static Operation Validate { get; } = Post("validate", "/v3/validate");

    public static Operation Challenge { get; } = Post("challenge", "/v3/challenge");

    public static Operation Complete { get; } = Post("complete", "/v3/complete");

    public static Operation Unify { get; } = Post("unify", "/v3/unify");

    public static Operation UnifyStatus { get; } = Post("unify_status", "/v3/unify-status");

    public static Operation UnifyBind { get; } = Post("unify_bind", "/v3/unify-bind");

    public static Operation RevokeDevice { get; } = Post("device_revoke", "/v3/device/revoke");

    public static Operation OneCallVerify { get; } = Post("one_call_verify", "/v3/verify");

    public static Operation OneCallVerifyBatch { get; } = Post("one_call_verify_batch", "/v3/verify/batch");

    public static Operation Enrol { get; } = Post("identity_enrol", "/v3/identity");

    public static Operation EnrolBatch { get; } = Post("identity_enrol_batch", "/v3/identity/batch");

    public static Operation ListIdentities { get; } = Get("identity_list", "/v3/identity");

    public static Operation GetIdentity { get; } = Get("identity_get", "/v3/identity/{proveId}");

    public static Operation LookUp { get; } = Get("identity_lookup", "/v3/identity/{mobileNumber}/lookup");

    public static Operation Activate { get; } = Post("identity_activate", "/v3/identity/{proveId}/activate");

    public static Operation Deactivate { get; } = Post("identity_deactivate", "/v3/identity/{proveId}/deactivate");

    public static Operation Disenrol { get; } = new("identity_disenrol", HttpMethod.Delete, "/v3/identity/{proveId}");

    public static Operation CrossDomain { get; } = Post("identity_cross_domain", "/v3/identity/{identityId}/cross-domain");

    public static Operation Discover { get; } = Get("discover", "/v3/discover");

    public static Operation Fetch { get; } = Get("fetch", "/v3/fetch");

    public static Operation LinkDomain { get; } = Post("domain_link", "/v3/domain/link");

    public static Operation ConfirmDomainLink { get; } = Post("domain_confirm_link", "/v3/domain/confirm-link");

    public static Operation UnlinkDomain { get; } = Post("domain_unlink", "/v3/domain/unlink");

    public static Operation DomainId { get; } = Get("domain_id", "/v3/domain/id");

    public static Operation LinkedDomains { get; } = Get("domain_linked", "/v3/domain/linked");

    public static Operation ListFlows { get; } = Get("flow_list", "/flows");

    public static Operation SearchFlows { get; } = Post("flow_search", "/flows/search");

    public static Operation GetFlow { get; } = Get("flow_get", "/flows/{correlationId}");

    public static Operation CancelFlow { get; } = Post("flow_cancel", "/flows/{correlationId}/cancel");

    /// <summary>Method and path, as exceptions name the operation.</summary>
    public override string ToString() => $"{Method} {Path}";

    private static Operation Get(string name, string path) => new(name, HttpMethod.Get, path);

    private static Operation Post(string name, string path) => new(name, HttpMethod.Post, path);
}
