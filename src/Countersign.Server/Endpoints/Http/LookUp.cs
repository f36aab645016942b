using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Server.Contract;

namespace Countersign.Server.Endpoints.Http;

/// <summary>What flows and persons are looked for by. It stands in a body, never in an address: no address and no log holds it.</summary>
internal static class LookUp
{
    private const string NumberRule = "must be a number with its country code";

    // An empty one is as good as none where a relying party sends it, so there is nothing to be found by it.
    private static readonly TextShape<string> _ownId = Fields.ClientId with
    {
        Min = 1,
        Reader = text => text.Length == 0 ? (null, "must not be empty") : Fields.ClientId.Parse(text),
    };

    public static Member<string?> ClientRequestId { get; } = Members.ClientRequestId.Of(_ownId!).Saying("As the relying party sent it.");

    public static Member<string?> ClientCustomerId { get; } = Members.ClientCustomerId.Of(_ownId!).Saying("As the relying party sent it.");

    /// <summary>
    /// In any way a person writes the number, and read without punctuation, to be found in its numbering plan.
    /// </summary>
    public static Member<string?> PhoneNumber { get; } = Member.Optional(
        Members.PhoneNumber,
        new TextShape<string>(text =>
        {
            var plain = WithoutPunctuation(text);
            return Core.PhoneNumber.WithPlus(plain) is null ? (null, NumberRule) : (plain, null);
        }),
        "A number with its country code.");

    private static readonly string[] _keys = [ClientRequestId, ClientCustomerId, PhoneNumber];

    /// <summary>The line of a number. Null when it is absent, or names none: that stays in the body.</summary>
    public static PhoneNumber? ReadNumber(RequestMembers body, INumberPlan plan, bool isRequired = false)
    {
        PhoneNumber? line = null;
        body.Read(PhoneNumber, isRequired, also: typed => (line = plan.Read(typed!)) is null ? NumberRule : null);
        return line;
    }

    /// <summary>The one key that flows are looked for by. Null when there is none, or several: that stays in the body.</summary>
    public static FlowSearch? ReadSearch(RequestMembers body, INumberPlan plan)
    {
        var request = body.Read(ClientRequestId);
        var customer = body.Read(ClientCustomerId);
        var number = ReadNumber(body, plan);
        if (_keys.Count(body.IsGiven) != 1)
        {
            body.Invalid(_keys[0], $"one of {string.Join(", ", _keys)} must be given, and no other");
        }
        return request is not null ? new FlowSearch.ByClientRequest(request)
            : customer is not null ? new FlowSearch.ByClientCustomer(customer)
            : number is { } line ? new FlowSearch.ByNumber(line)
            : null;
    }

    private static string WithoutPunctuation(string text) =>
        string.Concat(text.Where(c => !char.IsWhiteSpace(c) && c is not ('-' or '.' or '(' or ')' or '/')));
}
