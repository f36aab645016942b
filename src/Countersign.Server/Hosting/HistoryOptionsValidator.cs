using Countersign.Core.History;
using Microsoft.Extensions.Options;

namespace Countersign.Server.Hosting;

internal sealed class HistoryOptionsValidator : IValidateOptions<HistoryOptions>
{
    public ValidateOptionsResult Validate(string? name, HistoryOptions options) =>
        options.Retention < TimeSpan.FromDays(1) || options.Retention > TimeSpan.FromDays(3653)
            ? ValidateOptionsResult.Fail(
                "Countersign:History:Retention must be from 1 day to ten years; write days (90) or days and a time (90.00:00:00).")
            : ValidateOptionsResult.Success;
}
