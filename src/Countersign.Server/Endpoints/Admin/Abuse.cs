using System.Diagnostics;
using System.Net;
using Countersign.Core;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Core.Limits;
using Countersign.Core.Pumping;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>POST /admin/abuse/list: what rules hold, what they have held, and what administrators have said.</summary>
internal sealed class ListAbuse(IAbuseStore abuse, PumpingOptions options, TimeProvider time, ILogger<AbuseEntry> logger) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.Of(body => body.Read(AdminMembers.Limit), HandleAsync, isBodyRequired: false);

    private async Task<Answer> HandleAsync(AdminCall<int> call)
    {
        // One more than is answered tells whether there are more.
        var found = await abuse.ListAsync(call.Request + 1, call.Aborted);
        Log.AbuseListed(logger, call.Caller.Name, Math.Min(found.Count, call.Request));
        var now = time.GetUtcNow();
        return Answer.Ok(
            new AbuseListResponse(
                [.. found.Take(call.Request).Select(entry => AbuseView.Of(entry, options, now))], found.Count <= call.Request),
            AdminJson.Answers.AbuseListResponse);
    }
}

/// <summary>POST /admin/abuse/allow: no rule holds a target, for a time.</summary>
internal sealed class AllowAbuse(AbuseWords words) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.Of(words.Read, call => words.SayAsync(call, AbuseVerdict.Allowed));
}

/// <summary>POST /admin/abuse/deny: no text goes to a target, or for it, for a time.</summary>
internal sealed class DenyAbuse(AbuseWords words) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.Of(words.Read, call => words.SayAsync(call, AbuseVerdict.Denied));
}

/// <summary>Keeps what an administrator says. The newest word for a target counts.</summary>
internal sealed class AbuseWords(
    IAbuseStore abuse, PumpingKeys keys, PumpingOptions options, INumberPlan plan, INumberReader numbers, TimeProvider time,
    ILogger<AbuseEntry> logger)
{
    /// <summary>
    /// What is wrong stays in the body, also what no text will ever be found by: a word that changes nothing must not look as if it did.
    /// </summary>
    public AbuseRequest Read(RequestBody body)
    {
        var request = new AbuseRequest(
            body.Read(AbuseMembers.Prefix, also: prefix => numbers.ProblemOfBeginning(prefix!)),
            body.Read(
                AbuseMembers.Country,
                also: country => numbers.Knows(country!) ? null : "is no country whose numbering plan is known"),
            body.Read(AbuseMembers.Address), LookUp.ReadNumber(body, plan), body.Read(AbuseMembers.Hours));
        var given = AbuseMembers.Targets.Where(member => body.IsGiven(member)).ToList();
        if (given.Count == 0)
        {
            body.Missing(
                AbuseMembers.Prefix,
                $"it, or another target; name one of {string.Join(", ", AbuseMembers.Targets.Select(member => member.Name))}");
        }
        foreach (var other in given.Skip(1))
        {
            body.Invalid(
                other, $"stands beside {given[0]}; name one of {string.Join(", ", AbuseMembers.Targets.Select(member => member.Name))}");
        }
        return request;
    }

    public async Task<Answer> SayAsync(AdminCall<AbuseRequest> call, AbuseVerdict verdict)
    {
        var (key, label) = TargetOf(call.Request);
        var now = time.GetUtcNow();
        var entry = new AbuseEntry(
            key, verdict, label, Finding: null, verdict == AbuseVerdict.Denied ? options.Denied : LimitMode.Off, call.Caller.Name, now,
            now.AddHours(call.Request.Hours));
        // Once it has begun it is finished, so that the line in the log is true.
        await abuse.TryAddAsync(entry, CancellationToken.None);
        Log.AbuseSaid(logger, call.Caller.Name, verdict, key.Target, WireTime.Format(entry.Until));
        return Answer.Ok(AbuseView.Of(entry, options, now), AdminJson.Answers.AbuseView);
    }

    private (AbuseKey Key, string Label) TargetOf(AbuseRequest request) => request switch
    {
        { Prefix: { } prefix } => (keys.Abuse(AbuseTarget.Prefix, prefix), PumpingKeys.LabelOfBeginning(prefix)),
        { Country: { } country } => (keys.Abuse(AbuseTarget.Country, country), country),
        { Address: { } address } when Networks.Of(IPAddress.Parse(address)) is var network =>
            (keys.Abuse(AbuseTarget.Address, network), PumpingKeys.LabelOfAddress(network)),
        { PhoneNumber: { } number } => (keys.Abuse(AbuseTarget.Number, number.E164), $"{number}"),
        _ => throw new UnreachableException(),
    };
}

/// <param name="IsComplete">False when there are more than were asked for.</param>
internal sealed record AbuseListResponse(IReadOnlyList<AbuseView> Entries, bool IsComplete)
{
    public override string ToString() => $"{Entries.Count} entries";
}

/// <param name="Label">The target, numbers and addresses masked.</param>
/// <param name="IsPresent">It holds now.</param>
/// <param name="IsEnforced">Texts are refused for it now.</param>
/// <param name="Rule">Absent where an administrator has said it, as the three that follow.</param>
internal sealed record AbuseView(
    string Verdict, string Target, string Label, bool IsPresent, bool IsEnforced, string? Rule, long? Count, long? Max, long? Seconds,
    string? Mode, string? By, DateTimeOffset Since, DateTimeOffset Until)
{
    public static AbuseView Of(AbuseEntry entry, PumpingOptions options, DateTimeOffset now) => new(
        entry.Verdict.ToString().ToLowerInvariant(),
        entry.Key.Target.ToString().ToLowerInvariant(),
        entry.Label,
        entry.Until > now,
        entry.Until > now && entry.Verdict != AbuseVerdict.Allowed && options.ModeOf(entry.Rule) == LimitMode.Enforce,
        entry.Finding?.Rule,
        entry.Finding?.Count,
        entry.Finding?.Max,
        (long?)entry.Finding?.Window.TotalSeconds,
        entry.Verdict == AbuseVerdict.Allowed ? null : entry.Mode.ToString().ToLowerInvariant(),
        entry.By,
        entry.Since,
        entry.Until);

    public override string ToString() => nameof(AbuseView);
}
