using Countersign.Core;
using Countersign.Core.Assurance;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.OneCall;

/// <summary>A well-formed question of the one-call contract: the body of a call, or an item of a batch.</summary>
internal sealed record OneCallRequest(OneCallQuestion Question, string? ClientCustomerId, string? ClientHumanId, string? ClientRequestId)
{
    /// <summary>What its answer tells of the person, for the audit.</summary>
    public async Task<Disclosure> TellsAsync(int members, DisclosureAudit audit) => new(
        OneCallSchemas.WordOf(Question.Type), members, await audit.AboutAsync(Question.PhoneNumber, Question.Type));

    /// <summary>The one rule for single calls and for items. Problems stay in the members.</summary>
    public static OneCallRequest Read(RequestMembers members)
    {
        var type = ReadType(members);
        var needsName = type is { } known && AssuranceTable.AsksForName(known);
        var number = members.Read(Members.PhoneNumber);
        var given = members.Read(OneCallSchemas.FirstName, isRequired: needsName);
        var family = members.Read(OneCallSchemas.LastName, isRequired: needsName);
        var email = members.Read(Members.EmailAddress);
        // Read so that a bad one is named; no source that this server has asks for them.
        members.Read(Members.IpAddress);
        members.Read(Members.UserAgent);
        var clientCustomerId = members.Read(Members.ClientCustomerId);
        var clientHumanId = members.Read(Members.ClientHumanId);
        var clientRequestId = members.Read(Members.ClientRequestId);
        // It selects nothing: the number does.
        members.Read(OneCallSchemas.ProveIdGiven);
        var elements = members.Read(OneCallSchemas.Elements, element =>
            new GivenElement(element.Read(Members.AttributeType), element.Read(Members.AttributeValue)));
        var name = given is null || family is null ? null : new PersonName(given, family);
        return new OneCallRequest(
            new OneCallQuestion(type.GetValueOrDefault(), number, name, email, elements), clientCustomerId, clientHumanId, clientRequestId);
    }

    /// <summary>The question with who asks it.</summary>
    public OneCallQuestion AskedBy(ClientId client) =>
        Question with { Client = client, ClientRequestId = ClientRequestId, ClientCustomerId = ClientCustomerId };

    private static VerificationType? ReadType(RequestMembers members)
    {
        if (members.IsGiven(OneCallSchemas.Type) && (members.IsGiven(Members.PossessionType) || members.IsGiven(Members.FlowType)))
        {
            members.Invalid(
                OneCallSchemas.Type,
                $"belongs to the one-call contract, {Members.PossessionType} and {Members.FlowType} to the two-call one: send one of them");
            return null;
        }
        return members.Read(OneCallSchemas.Type);
    }

    public override string ToString() => Question.ToString();
}
