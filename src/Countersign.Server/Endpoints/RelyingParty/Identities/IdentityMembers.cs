using Countersign.Server.Contract;

namespace Countersign.Server.Endpoints.RelyingParty.Identities;

/// <summary>Members of requests about enrolled persons.</summary>
internal static class IdentityMembers
{
    /// <summary>The most items of a batch.</summary>
    public const int MaxItems = 100;

    /// <summary>The most identities of a page.</summary>
    public const int MaxOnPage = 100;

    public static Member<Guid> IdInPath { get; } = Members.ProveId.Saying("The identity: the `proveId` of an enrolment in your project.");

    /// <summary>The same by its older name.</summary>
    public static Member<Guid> IdentityId { get; } = Member.Required("identityId", Fields.Uuid, IdInPath.Description);

    public static Member<Guid> AttributeId { get; } = Member.Required("attributeId", Fields.Uuid, "The attribute, from `/v3/discover`.");

    public static Member<string> MobileNumber { get; } = Member.Required("mobileNumber", Fields.Phone,
        "The number, by the rules of `phoneNumber`. A `+` may be sent as it is or as `%2B`.");

    public static Member<int> Limit { get; } = Member.Standard(
        "limit", Shape.Number(1, MaxOnPage), MaxOnPage, $"How many at most. Left out: {MaxOnPage}.");

    public static Member<Guid?> StartKey { get; } = Member.OptionalValue("startKey", Fields.UuidOr("must be the lastKey of a page"),
        "The `lastKey` of the page before.");

    public static Member<bool> ShowInactive { get; } = Member.Flag("showInactive", "Whether deactivated ones are listed too.");

    public static Member<string?> ClientCustomerId { get; } = Members.ClientCustomerId.Saying(
        "Your own id of the person, kept and answered. Any text, but nothing personal.");

    public static ObjectListMember Facts { get; } = Members.IdentityAttributes(
        "Facts about the person that you want kept with the identity, encrypted.");

    /// <summary>What an enrolment says, alone or as an item of a batch.</summary>
    public static Member[] Enrolment { get; } = [Members.PhoneNumber, ClientCustomerId, Members.ClientHumanId, Members.UnkeptRequestId,
        Members.DeviceId, Facts];

    // One of the two must be there, so neither is required.
    public static ObjectListMember Items { get; } = new(
        "items", "One for each person.", Schema.Open("One enrolment.", Enrolment), MaxItems, Min: 1);

    public static ObjectListMember Identities { get; } = new(
        "identities", "Alias of `items`. Send either, never both.", Schema.Open("One enrolment.", Enrolment), MaxItems, Min: 1);
}
