using Countersign.Core.Audit;
using Countersign.Server.Hosting;

namespace Countersign.Server.Doctor;

/// <summary>Since when settings are as they are, by the audit of the starts: as far back as that goes.</summary>
/// <param name="Starts">The newest first, each with the settings that were otherwise at the start before.</param>
internal sealed record SettingHistory(IReadOnlyList<(DateTimeOffset At, IReadOnlyList<string> Changed)> Starts)
{
    /// <summary>More starts than a server has between two looks; what is older counts as older than the oldest of them.</summary>
    private const int MaxStarts = 500;

    public static async Task<SettingHistory> ReadAsync(IAuditStore store, CancellationToken cancellationToken)
    {
        var found = await store.FindAsync(new AuditSearch(Act: AuditWriter.StartAct), MaxStarts, cancellationToken);
        // That of a start a moment ago is not linked yet.
        var waiting = await store.ListWaitingAsync(DateTimeOffset.MinValue, MaxStarts, cancellationToken);
        return new SettingHistory(
        [
            .. waiting.Where(entry => entry.Act.Act == AuditWriter.StartAct).Concat(found.Select(one => one.Entry))
                .OrderByDescending(entry => entry.At)
                .Select(entry => (entry.At, (IReadOnlyList<string>)[.. entry.Act.Changes.Select(change => change.Name)])),
        ]);
    }

    /// <summary>
    /// The last start with which a setting, or one below it, was changed; of one that was never changed the first start. At least so long
    /// it is as it is. Null where no start is known.
    /// </summary>
    /// <param name="setting">Below <c>Countersign</c>.</param>
    public DateTimeOffset? SinceOf(string setting)
    {
        var path = $"{SettingNames.Root}:{setting}";
        foreach (var (at, changed) in Starts)
        {
            if (changed.Any(name => name.StartsWith(path, StringComparison.OrdinalIgnoreCase)
                && (name.Length == path.Length || name[path.Length] == ':')))
            {
                return at;
            }
        }
        return Starts is [.., var oldest] ? oldest.At : null;
    }

    public override string ToString() => $"{Starts.Count} starts";
}
