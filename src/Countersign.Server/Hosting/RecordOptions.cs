using Microsoft.Extensions.Options;

namespace Countersign.Server.Hosting;

/// <summary>How own identity records are kept (<c>Countersign:Records</c>).</summary>
internal sealed class RecordOptions
{
    /// <summary>Below <c>Countersign</c>.</summary>
    public const string Section = "Records";

    /// <summary>How long a record is kept after its <c>valid_to</c>, or, without one, after the last import that brought it.</summary>
    /// <value>365 days by default; one day to 100 years. In days alone: <c>90</c> or <c>90.00:00:00</c>.</value>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(365);
}

internal sealed class RecordOptionsValidator : IValidateOptions<RecordOptions>
{
    public ValidateOptionsResult Validate(string? name, RecordOptions options) =>
        options.Retention < TimeSpan.FromDays(1) || options.Retention > TimeSpan.FromDays(36525)
            ? ValidateOptionsResult.Fail(
                "Countersign:Records:Retention must be from 1 day to 100 years; write days (90) or days and a time (90.00:00:00).")
            : ValidateOptionsResult.Success;
}
