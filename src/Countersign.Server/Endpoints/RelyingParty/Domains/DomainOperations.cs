using System.Text.Json.Nodes;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.RelyingParty.Domains;

/// <summary>What the calls about links between projects promise.</summary>
internal static class DomainOperations
{
    /// <summary>Of the project that makes the calls of the examples.</summary>
    public const string ExampleIssuer = "5c1b7a90-3e4d-8f21-9a0b-6c7d8e9f0a1b";

    private const string Tag = "domains";
    private const string OwnPcid = "1f2e3d4c-5b6a-8978-8695-a4b3c2d1e0ff";
    private const string OtherPcid = "7d0f1c58-3b0e-8b8e-9a55-0e6c1d2f4a90";

    private static readonly Parameter _clientRequestId = Parameter.InQuery(Members.RequestId, "request-1");

    public static Operation Link { get; } = new()
    {
        Id = "linkDomain",
        Tag = Tag,
        Summary = "Ask another project for a link",
        Description =
            """
            Asks the project with this `pcid` to let yours see what the scopes name: `identities`, that the same person is enrolled there
            (`cross-domain`), and `attributes`, what is kept there with the person (`discover`, `fetch`). Without `scopes`, `identities` is
            asked for alone. Nothing is seen before the other confirms it. The other project sees your name and the scopes among its
            requests; its own name you see once it has confirmed.

            Asking again for the same changes nothing. Asking with other scopes is a new request, and a link that was confirmed ends until
            this one is. The `pcid` of the example is a placeholder.
            """,
        Credentials = Document.AccessToken,
        Body = new Body(
            new ObjectSchema(
                "LinkDomainRequest", "What is asked of whom.", IsClosed: false,
                DomainMembers.Pcid,
                DomainMembers.Scopes,
                Members.UnkeptRequestId),
            Members.Object((DomainMembers.Pcid, OtherPcid), (DomainMembers.Scopes, new JsonArray("identities"))),
            IsRequired: true, Members.Json),
        Success = Changed("It is asked, or was before."),
        Refusals = [Fault.Missing(DomainMembers.Pcid), Fault.NotAuthorized, Fault.StepNotAllowed, Fault.NotFound, Fault.TooManyRequests],
    };

    public static Operation ConfirmLink { get; } = new()
    {
        Id = "confirmDomainLink",
        Tag = Tag,
        Summary = "Agree to a link",
        Description =
            "Confirms what the project with this `pcid` has asked of yours; from now on it sees what the scopes of its request name. Read "
            + "the "
            + "scopes in `requestsFrom` of `/v3/domain/linked` first, and send them: should the request have changed since, nothing is "
                + "confirmed. Without "
            + "`scopes`, what your project read there last is agreed to, and `identities` alone if it has not looked. Without a request, "
                + "or with one for "
            + "other scopes, the answer is 8011. Confirming twice is no fault. The `pcid` of the example is a placeholder.",
        Credentials = Document.AccessToken,
        Body = new Body(
            new ObjectSchema(
                "ConfirmLinkRequest", "Whose request is confirmed.", IsClosed: false,
                DomainMembers.PcidOfAsking,
                DomainMembers.ScopesAsRead,
                Members.UnkeptRequestId),
            Members.Object((DomainMembers.Pcid, OtherPcid), (DomainMembers.Scopes, new JsonArray("identities"))),
            IsRequired: true, Members.Json),
        Success = Changed("The link is confirmed."),
        Refusals = [Fault.Missing(DomainMembers.Pcid), Fault.NotAuthorized, Fault.StepNotAllowed, Fault.NotFound, Fault.TooManyRequests],
    };

    public static Operation Unlink { get; } = new()
    {
        Id = "unlinkDomain",
        Tag = Tag,
        Summary = "End a link",
        Description =
            "Ends the link that `pcidFrom` has asked of `pcidTo`, or takes back or declines the request. Either side may; one of the "
            + "two ids has to be your own. The link in the other direction, if there is one, stays. The ids of the example are "
                + "placeholders.",
        Credentials = Document.AccessToken,
        Body = new Body(
            new ObjectSchema(
                "UnlinkRequest", "Which link.", IsClosed: false,
                DomainMembers.PcidFrom,
                DomainMembers.PcidTo,
                Members.UnkeptRequestId),
            Members.Object((DomainMembers.PcidFrom, OwnPcid), (DomainMembers.PcidTo, OtherPcid)),
            IsRequired: true, Members.Json),
        Success = Changed("The link or request is gone."),
        Refusals = [Fault.Missing(DomainMembers.PcidFrom), Fault.NotAuthorized, Fault.StepNotAllowed, Fault.NotFound,
            Fault.TooManyRequests],
    };

    public static Operation Id { get; } = new()
    {
        Id = "getDomain",
        Tag = Tag,
        Summary = "Read your own ids",
        Description = "Under which ids other projects know yours. They stay.",
        Credentials = Document.AccessToken,
        Parameters = [_clientRequestId],
        Success = new Reply(
            StatusCodes.Status200OK, "The ids.",
            new ObjectSchema(
                "DomainResponse", "A project as others know it.", IsClosed: true,
                Pcid(DomainMembers.Pcid, "Give it to those who are to ask your project for a link."),
                new Member("name", Schema.Text("The project's name."), IsRequired: true),
                Pcid("issuerId", "Stands with each attribute that your project keeps.")),
            Members.Object((DomainMembers.Pcid, OwnPcid), ("name", "Countersign sandbox"), ("issuerId", ExampleIssuer))),
        Refusals = [Fault.Invalid(Members.RequestId, "longer than 256 characters"), Fault.NotAuthorized, Fault.StepNotAllowed,
            Fault.TooManyRequests],
    };

    public static Operation Linked { get; } = new()
    {
        Id = "listDomainLinks",
        Tag = Tag,
        Summary = "List links and requests",
        Description =
            "All links and requests from and to your project, oldest request first. The sandbox has one project, so there all four "
            + "lists are empty.",
        Credentials = Document.AccessToken,
        Parameters = [_clientRequestId],
        Success = new Reply(
            StatusCodes.Status200OK, "Links and requests.",
            new ObjectSchema(
                "LinkedDomainsResponse", "Links and requests.", IsClosed: true,
                new Member("linkedTo", Schema.List(
                    "Links that your project asked for and the other confirmed: you see what is theirs.", LinkSchema("accepted")),
                    IsRequired: true),
                new Member("linkedFrom", Schema.List(
                    "Links that the other asked for and your project confirmed: they see what is yours.", LinkSchema("accepted")),
                    IsRequired: true),
                new Member("requestsTo", Schema.List(
                    "What your project has asked for and the other not confirmed; without its name.",
                    LinkSchema("requested", hasName: false)),
                    IsRequired: true),
                new Member("requestsFrom", Schema.List(
                    "What others have asked of your project and it has not confirmed.", LinkSchema("requested")), IsRequired: true)),
            Members.Object(("linkedTo", new JsonArray(Members.Object(
                (DomainMembers.Pcid, OtherPcid), ("name", "Another shop"), ("acceptedAt", 1795341600),
                    ("acceptedString", "2026-11-22T10:00:00Z"),
                (DomainMembers.Scopes, new JsonArray("identities"))))), ("linkedFrom", new JsonArray()), ("requestsTo", new JsonArray()),
                ("requestsFrom", new JsonArray()))),
        Refusals = [Fault.Invalid(Members.RequestId, "longer than 256 characters"), Fault.NotAuthorized, Fault.StepNotAllowed,
            Fault.TooManyRequests],
    };

    private static JsonObject LinkSchema(string what, bool hasName = true) => Schema.Closed(
        "The other project.",
        [
            Pcid(DomainMembers.Pcid, "Its id."),
            .. hasName ? [new Member("name", Schema.Text("Its name."), IsRequired: true)] : (Member[])[],
            new Member($"{what}At", Schema.Number($"When it was {what}, in seconds since 1970."), IsRequired: true),
            new Member($"{what}String", Schema.Time("The same moment in ISO 8601, UTC."), IsRequired: true),
            new Member(DomainMembers.Scopes, Schema.List("What is seen over it.", ScopeWords.Scope.Describe("A scope.")), IsRequired: true),
        ]);

    private static Reply Changed(string description) => new(
        StatusCodes.Status200OK, description,
        new ObjectSchema(
            "DomainChangeResponse", "The change is made.", IsClosed: true,
            new Member("success", Schema.Flag("True. A boolean, not a text."), IsRequired: true)),
        Members.Object(("success", true)));

    private static Member Pcid(string name, string description) => new(name, Members.Uuid(description), IsRequired: true);
}
