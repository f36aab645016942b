using System.Text.Json.Nodes;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Endpoints.RelyingParty.Domains;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.RelyingParty.Identities;

/// <summary>
/// What the calls about enrolled persons promise. Members and parameters stand in the order in which they are read and named.
/// </summary>
internal static class IdentityOperations
{
    private const string Tag = "identities";
    private const string AttributesTag = "attributes";
    private const string TestUser = "2001004031";
    private const string OtherTestUser = "2001004035";
    private const string OtherExampleId = "019ab3f0-5c1f-7a83-8d07-c25e94b1f68c";
    private const string ExampleAttributeId = "019ab3f0-6d2f-7e3b-8c75-409f3d82e16b";
    private const string RequestId = "request-1";

    private const string Placeholder = " The id of the example is a placeholder; take one from an answer of `POST /v3/identity`.";

    private const string NoType =
        "`attributeType` is not given back, the contract has no place for it: put what tells attributes apart into the value, or keep the "
            + "ids' meaning yourself.";

    private static readonly Fault _noId = Fault.Invalid(Members.ProveId, "must be 8-4-4-4-12 lower-case hexadecimal digits");

    private static readonly Parameter _idInPath = Parameter.InPath(IdentityMembers.IdInPath, Members.ExampleId);
    private static readonly Parameter _idInQuery = Parameter.InQuery(Members.ProveId, Members.ExampleId);
    private static readonly Parameter _clientRequestId = Parameter.InQuery(Members.RequestId, RequestId);

    public static Operation Enrol { get; } = new()
    {
        Id = "enrolIdentity",
        Tag = Tag,
        Summary = "Enrol a person",
        Description =
            """
            Enrols the person behind a number and answers the id under which your project knows them from now on. There is one identity for
            each number of a project: enrolling the number again answers the same `proveId`, replaces all that was kept with it and
            activates it. If a unify flow has given the number a `proveId` already, it is that one.
            """,
        Credentials = Document.AccessToken,
        Body = new Body(
            new ObjectSchema("EnrolRequest", "Who is to be enrolled.", IsClosed: false, IdentityMembers.Enrolment),
            Members.Object(
                (Members.PhoneNumber, TestUser), (Members.ClientCustomerId, "customer-1"),
                (IdentityMembers.Facts,
                    new JsonArray(Members.Object((Members.AttributeType, "loyalty-tier"), (Members.AttributeValue, "gold"))))),
            IsRequired: true, Members.Json),
        Success = new Reply(
            StatusCodes.Status200OK, "The person is enrolled.",
            new ObjectSchema("EnrolResponse", "An enrolment.", IsClosed: true, [Done, .. ProveId("The person's id in your project.")]),
            Members.Object(("success", true), (Members.ProveId, Members.ExampleId), (IdentityMembers.IdentityId, Members.ExampleId))),
        Refusals = [Errors.Malformed, Fault.NoTestUser, Fault.NotAuthorized, Fault.StepNotAllowed, Fault.OtherProductsTestUser,
            Fault.TooManyRequests],
    };

    public static Operation List { get; } = new()
    {
        Id = "listIdentities",
        Tag = Tag,
        Summary = "List the enrolled persons",
        Description =
            "The ids of your project's enrolled persons, in an order that stays. A page has `lastKey` when there is another: send it as "
            + "`startKey`; that of the example is a placeholder. Ids that only flows have used are in no list.",
        Credentials = Document.AccessToken,
        Parameters =
        [
            Parameter.InQuery(IdentityMembers.Limit, IdentityMembers.MaxOnPage),
            Parameter.InQuery(IdentityMembers.StartKey, Members.ExampleId),
            Parameter.InQuery(IdentityMembers.ShowInactive, false),
            _clientRequestId,
        ],
        Success = new Reply(
            StatusCodes.Status200OK, "A page.",
            new ObjectSchema(
                "IdentityListResponse", "A page of identities.", IsClosed: true,
                new Member("results", Schema.List("The page.", Schema.Closed("An identity.", [.. ProveId("Its id.")])), IsRequired: true),
                new Member("lastKey", Uuid("The `startKey` of the next page. Absent on the last one."))),
            Members.Object(("results", new JsonArray(ExampleIds(OtherExampleId))))),
        Refusals = [Fault.Invalid(IdentityMembers.Limit, $"must be a whole number from 1 to {IdentityMembers.MaxOnPage}"),
            Fault.NotAuthorized, Fault.StepNotAllowed,
            Fault.TooManyRequests],
    };

    public static Operation EnrolBatch { get; } = new()
    {
        Id = "enrolIdentityBatch",
        Tag = Tag,
        Summary = "Enrol many persons",
        Description =
            $"""
            Enrols up to {IdentityMembers.MaxItems} persons in one call, each as `POST /v3/identity` would; the body may have
            {Identities.EnrolBatch.MaxBytes} bytes. The results stand in the order of the items. An item that is refused has an `error`, the
            message that its own call would have got, and the others are enrolled all the same. `items` is required; `identities` is another
            name for it.
            """,
        Credentials = Document.AccessToken,
        Body = new Body(
            new ObjectSchema(
                "EnrolBatchRequest", "Who is to be enrolled.", IsClosed: false,
                IdentityMembers.Items,
                IdentityMembers.Identities,
                Members.UnkeptRequestId),
            Members.Object((IdentityMembers.Items, new JsonArray(
                Members.Object((Members.PhoneNumber, TestUser)), Members.Object((Members.PhoneNumber, OtherTestUser))))),
            IsRequired: true, Members.Json),
        Success = new Reply(
            StatusCodes.Status200OK, "What became of each item.",
            new ObjectSchema(
                "EnrolBatchResponse", "What became of each item.", IsClosed: true,
                new Member(
                    "results",
                    Schema.List(
                        "In the order of the items.",
                        Schema.Closed(
                            "One item's result: the id under both its names, or the error.",
                            [
                                .. ProveId("The person's id.").Select(member => member with { IsRequired = false }),
                                new Member("error", Schema.Text("Why the item was refused.")),
                            ])),
                    IsRequired: true)),
            Members.Object(("results", new JsonArray(
                ExampleIds(Members.ExampleId), ExampleIds(OtherExampleId))))),
        Refusals = [Fault.Missing(IdentityMembers.Items), Fault.NotAuthorized, Fault.StepNotAllowed, Fault.TooManyRequests],
    };

    public static Operation LookUp { get; } = new()
    {
        Id = "lookUpIdentity",
        Tag = Tag,
        Summary = "Find a person by number",
        Description =
            "The enrolled person behind a number, active or not; an empty list when there is none. The number stands in the path, where "
            + "proxies in front of a server write it to their logs: keep such logs as you keep personal data, or ask by `proveId`. This "
                + "server "
            + "itself logs no paths.",
        Credentials = Document.AccessToken,
        Parameters =
        [
            Parameter.InPath(IdentityMembers.MobileNumber, TestUser),
            _clientRequestId,
        ],
        Success = new Reply(
            StatusCodes.Status200OK, "Who was found.",
            new ObjectSchema(
                "IdentityLookupResponse", "Who was found.", IsClosed: true,
                new Member("items", Schema.List("One or none.", Schema.Closed("An enrolled person.", ShownIdentity)), IsRequired: true)),
            Members.Object(("items", new JsonArray(ExampleIdentity)))),
        Refusals =
        [
            Fault.Invalid(IdentityMembers.MobileNumber, "only letters, digits and + are allowed"), Fault.NoTestUser, Fault.NotAuthorized,
                Fault.StepNotAllowed,
            Fault.OtherProductsTestUser, Fault.TooManyRequests,
        ],
    };

    public static Operation Show { get; } = new()
    {
        Id = "getIdentity",
        Tag = Tag,
        Summary = "Read an identity",
        Description = "What is kept of an enrolled person, active or not. The attributes are read with `/v3/discover` and `/v3/fetch`."
            + Placeholder,
        Credentials = Document.AccessToken,
        Parameters = [_idInPath, _clientRequestId],
        Success = new Reply(
            StatusCodes.Status200OK, "The identity.",
            new ObjectSchema("IdentityResponse", "An enrolled person.", IsClosed: true, ShownIdentity),
            ExampleIdentity),
        Refusals = [_noId, Fault.NotAuthorized, Fault.StepNotAllowed, Fault.NotFound, Fault.TooManyRequests],
    };

    public static Operation Remove { get; } = new()
    {
        Id = "removeIdentity",
        Tag = Tag,
        Summary = "Forget an identity",
        Description =
            "Forgets the person, the id and all that was kept with it, and unties the devices that were tied to it. If the number is "
            + "enrolled "
            + "again it gets another id." + Placeholder,
        Credentials = Document.AccessToken,
        Parameters = [_idInPath, _clientRequestId],
        Success = Changed("It is forgotten."),
        Refusals = [_noId, Fault.NotAuthorized, Fault.StepNotAllowed, Fault.NotFound, Fault.TooManyRequests],
    };

    public static Operation Activate { get; } = SetActive(
        "activateIdentity", "Activate an identity", "Makes a deactivated identity active again. An active one stays so." + Placeholder,
        "It is active.");

    public static Operation Deactivate { get; } = SetActive(
        "deactivateIdentity", "Deactivate an identity",
        "Keeps the identity and takes it out of use: it is listed only with `showInactive=true`, results of flows do not name it, and "
        + "linked projects "
            + "do not see it. Enrolling the number again activates it." + Placeholder,
        "It is inactive.");

    public static Operation CrossDomain { get; } = new()
    {
        Id = "crossDomainIdentities",
        Tag = Tag,
        Summary = "Find the same person in linked projects",
        Description =
            "The active identities behind the same number in the projects that have confirmed a link your project asked for with the scope "
            + "`identities`. Without such a link the count is 0, whoever else may know the person. The sandbox has one project, so there "
                + "it is always 0."
            + Placeholder,
        Credentials = Document.AccessToken,
        Parameters = [Parameter.InPath(IdentityMembers.IdentityId, Members.ExampleId)],
        Body = Empty("CrossDomainRequest"),
        Success = new Reply(
            StatusCodes.Status200OK, "Where the person is enrolled too.",
            new ObjectSchema(
                "CrossDomainResponse", "The same person in linked projects.", IsClosed: true,
                new Member("count", Schema.Number("How many.", min: 0), IsRequired: true),
                LinkedIdentities(IdentityMembers.Identities, "The identities; empty when there are none."),
                LinkedIdentities("identites", "The same list as `identities`, spelled as clients until September 2025 read it.")),
            Members.Object(("count", 0), ("identities", new JsonArray()), ("identites", new JsonArray()))),
        Refusals = [Fault.Invalid(IdentityMembers.IdentityId, "must be 8-4-4-4-12 lower-case hexadecimal digits"), Fault.NotAuthorized,
            Fault.StepNotAllowed,
            Fault.NotFound, Fault.TooManyRequests],
    };

    public static Operation Discover { get; } = new()
    {
        Id = "discoverAttributes",
        Tag = AttributesTag,
        Summary = "List a person's attributes",
        Description =
            "Which attributes are kept with the same person: first your own, then those of projects that have confirmed a link your "
            + "project "
            + "asked for with the scope `attributes`. The ids are new with each enrolment. " + NoType + Placeholder,
        Credentials = Document.AccessToken,
        Parameters = [_idInQuery, _clientRequestId],
        Success = new Reply(
            StatusCodes.Status200OK, "The attributes.",
            new ObjectSchema(
                "DiscoverResponse", "The attributes of a person.", IsClosed: true,
                new Member("results", Schema.List("The attributes.", Schema.Closed("An attribute.", AttributeMembers)), IsRequired: true)),
            Members.Object(("results", new JsonArray(ExampleAttribute)))),
        Refusals = [Fault.Missing(Members.ProveId), Fault.NotAuthorized, Fault.StepNotAllowed, Fault.NotFound, Fault.TooManyRequests],
    };

    public static Operation Fetch { get; } = new()
    {
        Id = "fetchAttribute",
        Tag = AttributesTag,
        Summary = "Read an attribute",
        Description = "The value of one attribute that `/v3/discover` lists for this person. An empty list when it lists no such one. "
            + NoType + " The ids of the example are placeholders.",
        Credentials = Document.AccessToken,
        Parameters =
        [
            _idInQuery, Parameter.InQuery(IdentityMembers.AttributeId, ExampleAttributeId), _clientRequestId,
        ],
        Success = new Reply(
            StatusCodes.Status200OK, "The value.",
            new ObjectSchema(
                "FetchResponse", "The value of an attribute.", IsClosed: true,
                new Member(
                    "results",
                    Schema.List(
                        "One or none.",
                        Schema.Closed(
                            "An attribute.", [.. AttributeMembers, Members.AttributeValue.Answered("The value.", isRequired: true)])),
                    IsRequired: true)),
            Members.Object(("results", new JsonArray(ExampleAttributeWithValue)))),
        Refusals = [Fault.Missing(Members.ProveId), Fault.NotAuthorized, Fault.StepNotAllowed, Fault.NotFound, Fault.TooManyRequests],
    };

    private static Member Done => new("success", Schema.Flag("True. A boolean, not a text."), IsRequired: true);

    private static Member[] ShownIdentity =>
    [
        .. ProveId("The person's id in your project."),
        Members.PhoneNumber.Answered("The number, as it was given at enrolment.", isRequired: true),
        new("active", Schema.Flag("False when it was deactivated."), IsRequired: true),
        Members.ClientCustomerId.Answered("Your own id of the person, when you gave one."),
        Members.ClientHumanId.Answered("Your own id of the person across your systems, when you gave one."),
        Members.DeviceId.Answered("The device, when you gave one."),
        new("createdAt", Schema.Number("When the id was given, in seconds since 1970."), IsRequired: true),
        new("creationString", Schema.Time("The same moment in ISO 8601, UTC."), IsRequired: true),
    ];

    private static JsonObject ExampleIdentity => Members.Object(
        (Members.ProveId, Members.ExampleId), (IdentityMembers.IdentityId, Members.ExampleId), (Members.PhoneNumber, TestUser),
            ("active", true),
        (Members.ClientCustomerId, "customer-1"),
        ("createdAt", 1795341600), ("creationString", "2026-11-22T10:00:00Z"));

    private static Member[] AttributeMembers =>
    [
        new(IdentityMembers.AttributeId, Uuid("The attribute's id."), IsRequired: true),
        new("issuerId", Uuid("Whose it is: the `issuerId` of the project that keeps it."), IsRequired: true),
    ];

    private static JsonObject ExampleAttribute => Members.Object(
        (IdentityMembers.AttributeId, ExampleAttributeId), ("issuerId", DomainOperations.ExampleIssuer));

    private static JsonObject ExampleAttributeWithValue
    {
        get
        {
            var example = ExampleAttribute;
            example[Members.AttributeValue] = "gold";
            return example;
        }
    }

    private static Member LinkedIdentities(string name, string description) => new(
        name,
        Schema.List(description, Schema.Closed(
            "One identity.",
            new Member("clientName", Schema.Text("The other project's name."), IsRequired: true),
            new Member(IdentityMembers.IdentityId, Uuid("The person's `proveId` there."), IsRequired: true),
            new Member("pcid", Uuid("The other project's id for others."), IsRequired: true))),
        IsRequired: true);

    private static Operation SetActive(string id, string summary, string description, string done) => new()
    {
        Id = id,
        Tag = Tag,
        Summary = summary,
        Description = description,
        Credentials = Document.AccessToken,
        Parameters = [_idInPath],
        Body = Empty("IdentityChangeRequest"),
        Success = Changed(done),
        Refusals = [_noId, Fault.NotAuthorized, Fault.StepNotAllowed, Fault.NotFound, Fault.TooManyRequests],
    };

    private static Reply Changed(string description) => new(
        StatusCodes.Status200OK, description,
        new ObjectSchema("IdentityChangeResponse", "The change is made.", IsClosed: true, Done),
        Members.Object(("success", true)));

    private static Body Empty(string name) => new(
        new ObjectSchema(name, "Nothing is required, not even a body.", IsClosed: false, Members.UnkeptRequestId),
        Members.Object((Members.RequestId, RequestId)),
        IsRequired: false, Members.Json);

    /// <summary>The id by its two names.</summary>
    private static Member[] ProveId(string description) =>
    [
        new(Members.ProveId, Uuid(description), IsRequired: true),
        new(IdentityMembers.IdentityId, Uuid("The same id under its older name, which clients from before April 2026 read."),
            IsRequired: true),
    ];

    private static JsonObject ExampleIds(string id) => Members.Object((Members.ProveId, id), (IdentityMembers.IdentityId, id));

    private static JsonObject Uuid(string description) => Members.Uuid(description);
}
