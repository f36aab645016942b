using Countersign.Core.History;
using Microsoft.Extensions.Options;

namespace Countersign.Server.Hosting;

internal sealed class HistoryOptionsValidator : IValidateOptions<HistoryOptions>
{
    public ValidateOptionsResult Validate(string? name, HistoryOptions options) =>
        RetentionRule.ProblemOf(options.Retention, "History:Retention") is { } problem
            ? ValidateOptionsResult.Fail(problem)
            : ValidateOptionsResult.Success;
}
