using Countersign.Client.Tests.Support;

namespace Countersign.Client.Tests.Wire;

/// <summary>All operations behind the client's properties, as a table. Requests hold every member that the contract has.</summary>
internal static class Contract
{
    public const string ProveId = "0198a2f0-1111-7222-8333-444455556666";
    public const string AttributeId = "550e8400-e29b-41d4-a716-446655440000";

    public static TheoryData<ContractOperation> All { get; } =
    [
        Post(
            "start", "/v3/start", "start-request-full", "start-response",
            (client, token) => client.PreFill.StartAsync(FullStart, cancellationToken: token))
            with { IsRepeated = true, HasKey = true },
        Post(
            "validate", "/v3/validate", "validate-request", "validate-response",
            (client, token) => client.PreFill.ValidateAsync(Some.CorrelationId, token))
            with { IsRepeated = true },
        Post(
            "challenge", "/v3/challenge", "challenge-request", "challenge-response",
            (client, token) => client.PreFill.ChallengeAsync(Challenge, token)),
        Post(
            "complete", "/v3/complete", "complete-request", "complete-response",
            (client, token) => client.PreFill.CompleteAsync(Complete, token)),

        Post(
            "unify", "/v3/unify", "unify-request-full", "unify-response",
            (client, token) => client.Unify.StartAsync(FullUnify, cancellationToken: token))
            with { IsRepeated = true, HasKey = true },
        Post(
            "unify status", "/v3/unify-status", "unify-status-request", "unify-status-response",
            (client, token) => client.Unify.GetStatusAsync(Some.CorrelationId, token))
            with { IsRepeated = true },
        Post(
            "unify bind", "/v3/unify-bind", "unify-bind-request", "unify-status-response",
            (client, token) => client.Unify.BindAsync(Bind, token)),
        Post(
            "revoke device", "/v3/device/revoke", "revoke-device-request", "change-response",
            (client, token) => client.Unify.RevokeDeviceAsync(Revoke, token))
            with { IsRepeated = true },

        Post(
            "one-call verify", "/v3/verify", "one-call-request-full", "one-call-response",
            (client, token) => client.OneCall.VerifyAsync(FullOneCall, cancellationToken: token))
            with { IsRepeated = true, HasKey = true },
        Post(
            "one-call batch", "/v3/verify/batch", "one-call-batch-request", "one-call-batch-response",
            (client, token) => client.OneCall.VerifyBatchAsync(OneCallBatch, token)),

        Post(
            "enrol", "/v3/identity", "enrol-request-full", "enrol-response",
            (client, token) => client.Identities.EnrolAsync(FullEnrol, token)),
        Post(
            "enrol batch", "/v3/identity/batch", "enrol-batch-request", "enrol-batch-response",
            (client, token) => client.Identities.EnrolBatchAsync(EnrolBatch, token)),
        Get(
            "list", "/v3/identity", "/v3/identity", "list-identities-response",
            (client, token) => client.Identities.ListAsync(cancellationToken: token)),
        Get(
            "list a page",
            "/v3/identity?limit=2&startKey=next%20page%2F%3D2&showInactive=true&clientRequestId=request-9",
            "/v3/identity",
            "list-identities-response",
            (client, token) => client.Identities.ListAsync(FullList, token)),
        Get(
            "get", $"/v3/identity/{ProveId}", "/v3/identity/{proveId}", "identity-response",
            (client, token) => client.Identities.GetAsync(ProveId, token)),
        Get(
            "look up", "/v3/identity/%2B12001004011/lookup", "/v3/identity/{mobileNumber}/lookup", "lookup-response",
            (client, token) => client.Identities.LookUpAsync(Some.PhoneNumber, token)),
        Change("POST", "activate", "/activate", (client, token) => client.Identities.ActivateAsync(ProveId, token)),
        Change("POST", "deactivate", "/deactivate", (client, token) => client.Identities.DeactivateAsync(ProveId, token)),
        Change("DELETE", "disenrol", "", (client, token) => client.Identities.DisenrolAsync(ProveId, token)),
        Get(
            "cross-domain", $"/v3/identity/{ProveId}/cross-domain", "/v3/identity/{identityId}/cross-domain", "cross-domain-response",
            (client, token) => client.Identities.ListCrossDomainAsync(ProveId, token))
            with { Method = "POST" },
        Get(
            "discover", $"/v3/discover?proveId={ProveId}&clientRequestId=request-9", "/v3/discover", "discover-response",
            (client, token) => client.Identities.DiscoverAsync(Discover, token)),
        Get(
            "fetch", $"/v3/fetch?proveId={ProveId}&attributeId={AttributeId}&clientRequestId=request-9", "/v3/fetch", "fetch-response",
            (client, token) => client.Identities.FetchAsync(Fetch, token)),

        Post("link", "/v3/domain/link", "link-domain-request", "change-response", (client, token) => client.Domains.LinkAsync(Link, token)),
        Post(
            "confirm link", "/v3/domain/confirm-link", "confirm-link-request", "change-response",
            (client, token) => client.Domains.ConfirmLinkAsync("pcid-2", cancellationToken: token)),
        Post(
            "confirm link of scopes", "/v3/domain/confirm-link", "confirm-link-request-full", "change-response",
            (client, token) => client.Domains.ConfirmLinkAsync("pcid-2", ["identities", "attributes"], token)),
        Post(
            "unlink", "/v3/domain/unlink", "unlink-domain-request", "change-response",
            (client, token) => client.Domains.UnlinkAsync(Unlink, token)),
        Get("domain id", "/v3/domain/id", "/v3/domain/id", "domain-id-response", (client, token) => client.Domains.GetIdAsync(token)),
        Get(
            "linked domains", "/v3/domain/linked", "/v3/domain/linked", "linked-domains-response",
            (client, token) => client.Domains.GetLinkedAsync(token))
            with { MayBeEmpty = true },

        Get("flows", "/flows", "/flows", "flows-response", (client, token) => client.Flows.ListAsync(cancellationToken: token)),
        Get(
            "a page of flows",
            "/flows?from=2026-01-01T00%3A00%3A00Z&to=2026-01-31T22%3A00%3A00Z&end=possession.expired&reason=no-gateway"
                + "&product=unify&state=ended&limit=2&cursor=AZqz8FwefSqbZD-OLHHQWg",
            "/flows",
            "flows-response",
            (client, token) => client.Flows.ListAsync(FullFlows, token)),
        Post(
            "search flows", "/flows/search", "search-flows-request", "flows-response",
            (client, token) => client.Flows.SearchAsync(FullSearch, token))
            with { IsRepeated = true },
        Get(
            "get flow", $"/flows/{Some.CorrelationId}", "/flows/{correlationId}", "flow-response",
            (client, token) => client.Flows.GetAsync(Some.CorrelationId, token)),
        Get(
            "cancel flow", $"/flows/{Some.CorrelationId}/cancel", "/flows/{correlationId}/cancel", "flow-response",
            (client, token) => client.Flows.CancelAsync(Some.CorrelationId, token))
            with { Method = "POST" },
    ];

    private static readonly IdentityAttributeEntry _wallet = new() { AttributeType = "walletId", AttributeValue = "wallet-1" };

    private static ChallengeOutcome Passed => new() { Id = "captcha-1", IsPassed = true };

    private static StartRequest FullStart => new()
    {
        FlowType = FlowType.Desktop,
        PhoneNumber = "+12001001695",
        FinalTargetUrl = "https://www.example.com",
        SmsMessage = "Grüße: ####",
        ClientCustomerId = "customer-7",
        ClientRequestId = "request-9",
        EmailAddress = "milo@example.com",
        IpAddress = "203.0.113.7",
        BirthDate = new BirthDate(1982, 2, 25),
        Ssn = new NationalId("5479"),
        AllowOtpRetry = true,
        NumberChange = false,
        Challenge = Passed,
    };

    private static ChallengeRequest Challenge => new()
    {
        CorrelationId = Some.CorrelationId,
        BirthDate = BirthDate.OfDay(2, 25),
        Ssn = new NationalId("5479"),
    };

    private static CompleteRequest Complete => new()
    {
        CorrelationId = Some.CorrelationId,
        Individual = new Individual
        {
            FirstName = "Zoë",
            LastName = "O'Neill",
            Addresses =
            [
                new PostalAddress
                {
                    Address = "12 Elm Street",
                    ExtendedAddress = "Apt 4",
                    City = "Springfield",
                    Region = "IL",
                    PostalCode = "62701",
                },
            ],
            EmailAddresses = ["zoe@example.com"],
            BirthDate = new BirthDate(1982, 2, 25),
            Ssn = new NationalId("265228370"),
        },
    };

    private static UnifyRequest FullUnify => new()
    {
        FlowType = FlowType.Desktop,
        PhoneNumber = "+12001004014",
        ProveId = ProveId,
        DeviceId = "device-1",
        FinalTargetUrl = "https://www.example.com",
        SmsMessage = "Grüße: ####",
        ClientCustomerId = "customer-7",
        ClientHumanId = "human-8",
        ClientRequestId = "request-9",
        EmailAddress = "lorant@example.com",
        IpAddress = "2001:db8::7",
        AllowOtpRetry = true,
        NumberChange = false,
        Challenge = Passed,
        Rebind = true,
        CheckReputation = false,
    };

    private static UnifyBindRequest Bind =>
        new() { CorrelationId = Some.CorrelationId, PhoneNumber = "+12001004014", ClientRequestId = "request-9" };

    private static RevokeDeviceRequest Revoke => new() { DeviceId = "device-1", ClientRequestId = "request-9" };

    private static OneCallRequest FullOneCall => new()
    {
        VerificationType = VerificationType.VerifiedUser,
        PhoneNumber = "+12001004053",
        FirstName = "Elena",
        LastName = "Coldman",
        EmailAddress = "elena@example.com",
        IpAddress = "203.0.113.7",
        UserAgent = "Mozilla/5.0 (X11)",
        ClientCustomerId = "customer-7",
        ClientHumanId = "human-8",
        ClientRequestId = "request-9",
        ProveId = ProveId,
        IdentityAttributes = [_wallet],
    };

    private static OneCallBatchRequest OneCallBatch => new()
    {
        ClientRequestId = "batch-1",
        Items =
        [
            new OneCallRequest
            {
                VerificationType = VerificationType.VerifiedUser,
                PhoneNumber = "+12001004053",
                FirstName = "Elena",
                LastName = "Coldman",
            },
            new OneCallRequest { VerificationType = VerificationType.VerifiedUser, PhoneNumber = "?" },
        ],
    };

    private static EnrolRequest FullEnrol => new()
    {
        PhoneNumber = "+12001004031",
        ClientCustomerId = "customer-7",
        ClientHumanId = "human-8",
        ClientRequestId = "request-9",
        DeviceId = "device-1",
        IdentityAttributes = [_wallet],
    };

    private static EnrolBatchRequest EnrolBatch => new()
    {
        Items =
        [
            new EnrolRequest { PhoneNumber = "+12001004031", ClientCustomerId = "customer-7", DeviceId = "device-1" },
            new EnrolRequest { PhoneNumber = "?" },
        ],
        ClientRequestId = "batch-1",
    };

    private static ListIdentitiesRequest FullList =>
        new() { Limit = 2, StartKey = "next page/=2", ShowInactive = true, ClientRequestId = "request-9" };

    private static ListFlowsRequest FullFlows => new()
    {
        From = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
        To = new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.FromHours(2)),
        End = "possession.expired",
        Reason = "no-gateway",
        Product = "unify",
        State = "ended",
        Limit = 2,
        Cursor = "AZqz8FwefSqbZD-OLHHQWg",
    };

    private static SearchFlowsRequest FullSearch => new()
    {
        ClientRequestId = "request-9", ClientCustomerId = "customer-7", PhoneNumber = Some.PhoneNumber, Within = FullFlows,
    };

    private static DiscoverRequest Discover => new() { ProveId = ProveId, ClientRequestId = "request-9" };

    private static FetchRequest Fetch => new() { ProveId = ProveId, AttributeId = AttributeId, ClientRequestId = "request-9" };

    private static LinkDomainRequest Link => new() { Pcid = "pcid-2", Scopes = ["identity"] };

    private static UnlinkDomainRequest Unlink => new() { PcidFrom = "pcid-1", PcidTo = "pcid-2" };

    private static ContractOperation Post(
        string name, string path, string request, string response, Func<ICountersignClient, CancellationToken, Task> callAsync) => new()
        {
            Name = name,
            Method = "POST",
            PathAndQuery = path,
            Path = path,
            Request = request,
            Response = response,
            CallAsync = callAsync,
        };

    private static ContractOperation Get(
        string name,
        string pathAndQuery,
        string path,
        string response,
        Func<ICountersignClient, CancellationToken, Task> callAsync) => new()
        {
            Name = name,
            Method = "GET",
            PathAndQuery = pathAndQuery,
            Path = path,
            Response = response,
            CallAsync = callAsync,
            IsRepeated = true,
        };

    private static ContractOperation Change(
        string method, string name, string suffix, Func<ICountersignClient, CancellationToken, Task> callAsync) => new()
        {
            Name = name,
            Method = method,
            PathAndQuery = $"/v3/identity/{ProveId}{suffix}",
            Path = $"/v3/identity/{{proveId}}{suffix}",
            Response = "change-response",
            CallAsync = callAsync,
        };
}
