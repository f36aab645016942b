using Countersign.Core;
using Countersign.Core.Limits;
using Countersign.Core.Projects;
using Countersign.Core.Pumping;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>POST /admin/budget/show: what is spent of the limits of a number. It stands in a body, never in an address.</summary>
internal sealed class ShowBudget(
    LineBudgets budgets, PumpingGuard guard, IProjectStore projects, INumberPlan plan, TimeProvider time, ILogger<LineBudgets> logger)
    : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.Of(body => BudgetRequest.Read(body, plan), HandleAsync);

    private async Task<Answer> HandleAsync(AdminCall<BudgetRequest> call)
    {
        var number = call.Request.PhoneNumber;
        var spent = await budgets.ShowAsync(number, await BudgetRequest.ProjectsAsync(projects, call.Aborted), call.Aborted);
        Log.BudgetShown(logger, call.Caller.Name);
        return BudgetResponse.Of(spent, await guard.JudgeAsync(number, isExempt: false, time.GetUtcNow(), call.Aborted));
    }
}

/// <summary>POST /admin/budget/lift: what was counted of a number counts no more.</summary>
internal sealed class LiftBudget(
    LineBudgets budgets, PumpingGuard guard, IProjectStore projects, INumberPlan plan, TimeProvider time, ILogger<LineBudgets> logger)
    : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.Of(body => BudgetRequest.Read(body, plan), HandleAsync);

    private async Task<Answer> HandleAsync(AdminCall<BudgetRequest> call)
    {
        var number = call.Request.PhoneNumber;
        // Before: once it is lifted, what was spent is known by this answer alone.
        var held = await guard.JudgeAsync(number, isExempt: false, time.GetUtcNow(), call.Aborted);
        var lifted = await budgets.LiftAsync(number, await BudgetRequest.ProjectsAsync(projects, call.Aborted));
        Log.BudgetLifted(logger, call.Caller.Name, string.Join(' ', lifted.Select(one => one.Rule).Distinct(StringComparer.Ordinal)));
        return BudgetResponse.Of(lifted, held);
    }
}

internal sealed record BudgetRequest(PhoneNumber PhoneNumber)
{
    public static BudgetRequest Read(RequestBody body, INumberPlan plan) =>
        new(LookUp.ReadNumber(body, plan, isRequired: true).GetValueOrDefault());

    public static async Task<IReadOnlyList<ProjectId>> ProjectsAsync(IProjectStore projects, CancellationToken cancellationToken) =>
        [.. (await projects.ListProjectsAsync(cancellationToken)).Select(project => project.Id)];

    public override string ToString() => "***";
}

/// <param name="Held">Absent where texts may go, as far as no limit here is reached.</param>
internal sealed record BudgetResponse(IReadOnlyList<SpendingView> Budgets, HoldView? Held)
{
    public static Answer Of(IReadOnlyList<Spending> spent, LimitReached? held) => Answer.Ok(
        new BudgetResponse([.. spent.Select(SpendingView.Of)], held is null ? null : new HoldView(held.Rule, held.Until)),
        AdminJson.Answers.BudgetResponse);

    public override string ToString() => $"{Budgets.Count} budgets";
}

/// <param name="Rule">One about pumping, or an administrator's word.</param>
internal sealed record HoldView(string Rule, DateTimeOffset Until)
{
    public override string ToString() => nameof(HoldView);
}

/// <param name="Project">Absent for all projects together.</param>
/// <param name="Until">Absent when one more is possible now.</param>
internal sealed record SpendingView(string Rule, string? Project, long Count, long Max, long WindowSeconds, DateTimeOffset? Until)
{
    public static SpendingView Of(Spending one) => new(
        one.Rule, one.Project?.ToString(), one.Count, one.Max, (long)one.Window.TotalSeconds, one.Until);

    public override string ToString() => nameof(SpendingView);
}
