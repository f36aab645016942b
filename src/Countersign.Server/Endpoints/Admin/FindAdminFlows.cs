using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Texts;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Endpoints.RelyingParty;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>POST /admin/flows/find: the living flows, of whatever project, with a relying party's own id or a number. These stand in a body, never in an address.</summary>
internal static class FindAdminFlows
{
    /// <summary>The most flows in one answer.</summary>
    public const int Most = 50;

    private static readonly string[] _keys = ["clientRequestId", "clientCustomerId", "phoneNumber"];

    public static RequestDelegate Endpoint { get; } = AdminEndpoint.Of(Read, HandleAsync);

    private static FlowSearch? Read(RequestBody body)
    {
        var request = body.Text(_keys[0], check: Fields.ClientId);
        var customer = body.Text(_keys[1], check: Fields.ClientId);
        var number = body.Text(_keys[2], check: text => TryParse(text, out _) ? null : "must be a number with its country code");
        if (_keys.Count(body.IsGiven) != 1)
        {
            body.Invalid(_keys[0], $"one of {string.Join(", ", _keys)} must be given, and no other");
            return null;
        }
        return request is not null ? new FlowSearch.ByClientRequest(request)
            : customer is not null ? new FlowSearch.ByClientCustomer(customer)
            : number is not null && TryParse(number, out var parsed) ? new FlowSearch.ByNumber(parsed)
            : null;
    }

    private static async Task<Answer> HandleAsync(AdminCall<FlowSearch?> call)
    {
        // A flow stands under the one form of its line.
        var search = call.Request is FlowSearch.ByNumber { Number: var typed }
            ? new FlowSearch.ByNumber(call.Service<INumberPlan>().FormOf(typed))
            : call.Request!;
        var found = await call.Service<FlowRunner>().FindAsync(search, Most + 1, call.Aborted);
        var texts = call.Service<ITextStore>();
        var flows = new List<FlowResponse>();
        foreach (var flow in found.Take(Most))
        {
            flows.Add(FlowResponse.Of(flow, await texts.ListAsync(flow.Id, call.Aborted)));
        }
        return Answer.Ok(new FlowListResponse(flows, IsComplete: found.Count <= Most), AdminJson.Answers.FlowListResponse);
    }

    // As people write it: spaces, hyphens, dots and brackets are not the number's.
    private static bool TryParse(string text, out PhoneNumber number) =>
        PhoneNumber.TryParse(string.Concat(text.Where(c => !char.IsWhiteSpace(c) && c is not ('-' or '.' or '(' or ')' or '/'))), out number);
}

/// <param name="Flows">Newest first.</param>
/// <param name="IsComplete">False when there are more than an answer holds.</param>
internal sealed record FlowListResponse(IReadOnlyList<FlowResponse> Flows, bool IsComplete)
{
    public override string ToString() => $"{Flows.Count} flows";
}
