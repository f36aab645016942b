using Countersign.Core;
using Countersign.Core.Audit;
using Microsoft.Extensions.Options;

namespace Countersign.Server.Hosting;

/// <summary>Links what was written down into the chain, some seconds after it was done.</summary>
internal sealed class AuditUpkeep(AuditChainer chainer, FailureLog failures, TimeProvider time, ILogger<AuditChainer> logger)
    : BackgroundService
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(2);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new PeriodicWorker(_interval, chainer.RoundAsync, failure => Log.AuditNotLinked(logger, failures.Record(failure)))
        {
            WaitsFirst = true,
        }
        .RunAsync(time, stoppingToken);
}

/// <summary>
/// Writes to the log what the audit finds. The log is kept elsewhere than the store, so what it says of the chain counts.
/// </summary>
internal sealed class AuditLog(ILogger<AuditChainer> logger) : IAuditJournal
{
    public void CheckpointMade(AuditCheckpoint checkpoint) =>
        Log.AuditSigned(logger, checkpoint.Position, Convert.ToHexStringLower(checkpoint.Hash), checkpoint.Key);

    public void WrittenAgain(int count) => Log.AuditWrittenAgain(logger, count);

    public void Cut(long position) => Log.AuditCut(logger, position);

    public void Pruned(long upTo) => Log.AuditPruned(logger, upTo);
}

internal sealed class AuditOptionsValidator : IValidateOptions<AuditOptions>
{
    private const string Path = $"Countersign:{AuditOptions.Section}";

    public ValidateOptionsResult Validate(string? name, AuditOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        if (options.Retention < TimeSpan.FromDays(30) || options.Retention > TimeSpan.FromDays(36525))
        {
            result.AddError(
                $"{Path}:Retention must be from 30 days to 100 years; write days (400) or days and a time (400.00:00:00).");
        }
        if (options.CheckpointAfter < TimeSpan.FromSeconds(1) || options.CheckpointAfter > TimeSpan.FromDays(1))
        {
            result.AddError($"{Path}:CheckpointAfter must be from 00:00:01 to 1.00:00:00.");
        }
        if (options.CheckpointEvery is < 1 or > 100_000)
        {
            result.AddError($"{Path}:CheckpointEvery must be 1 to 100000.");
        }
        return result.Build();
    }
}
