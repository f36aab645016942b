using Countersign.Core.Money;
using Countersign.Core.Projects;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>GET /admin/caps: what texts have cost today and this month, and what they may.</summary>
internal sealed class ShowCaps(
    ISpendingStore spending, IProjectStore projects, ServerCaps server, ProjectRules rules, TimeProvider time) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.OfPath(async call =>
    {
        var now = time.GetUtcNow();
        var spent = (await spending.ListAsync(now, call.Aborted)).ToDictionary(one => one.Owner);
        var entries = new List<CapView>();
        // What a key that keeps to projects may not see are the others, and with the server's sum it would.
        if (!call.Caller.Rights.IsLimited)
        {
            entries.AddRange(ViewsOf(SpendingOwner.Server, server.Caps));
        }
        foreach (var project in await projects.ListProjectsAsync(call.Aborted))
        {
            if (call.Caller.Rights.Includes(project.Id))
            {
                entries.AddRange(ViewsOf(SpendingOwner.Of(project.Id), project.Settings.Caps));
            }
        }
        var unpriced = entries.Exists(entry => entry.Cap is not null)
            ? rules.Caps.Unpriced(rules.Caps.Gateways)
            : [];
        return Answer.Ok(
            new CapListResponse(server.Prices?.Currency, entries, [.. unpriced]), AdminJson.Answers.CapListResponse);

        // What was counted before the last cap was taken out is no sum of anything any more.
        IEnumerable<CapView> ViewsOf(SpendingOwner owner, Caps? caps) => (caps ?? server.Caps) is null
            ? []
            : Enum.GetValues<CapWindow>().Select(window => new CapView(
                owner.Project?.ToString(), AdminWords.Of(window),
                spent.GetValueOrDefault(owner)?.In(window, now) ?? 0, caps?.Of(window),
                caps?.Of(window) is { } cap && spent.GetValueOrDefault(owner)?.Reaches(window, cap, now) == true,
                CapWindows.EndOf(window, now)));
    });
}

/// <param name="Currency">Absent without a price list.</param>
/// <param name="Unpriced">Gateways that get no text of whoever has a cap.</param>
internal sealed record CapListResponse(string? Currency, IReadOnlyList<CapView> Spending, IReadOnlyList<string> Unpriced)
{
    public override string ToString() => $"{Spending.Count} windows";
}

/// <param name="Project">Absent for the whole server.</param>
/// <param name="Window">"day" or "month".</param>
/// <param name="Cap">Absent where there is none.</param>
/// <param name="IsSpent">The cap is reached, or a text has found no room.</param>
/// <param name="Until">The end of the window.</param>
internal sealed record CapView(string? Project, string Window, decimal Spent, decimal? Cap, bool IsSpent, DateTimeOffset Until)
{
    public override string ToString() => nameof(CapView);
}
