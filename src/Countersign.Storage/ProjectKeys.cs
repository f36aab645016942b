using Countersign.Core;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>The keys of projects, for who looks in all of them at once.</summary>
internal static class ProjectKeys
{
    /// <summary>All there are. One that is not there any more has no key.</summary>
    public static async Task<IReadOnlyList<KeyOwner>> ListProjectsAsync(this IDatabase database, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            new Statement("SELECT id FROM projects"), row => (KeyOwner)ProjectId.Parse(row.GetString(0)), cancellationToken);

    /// <summary>With their twins.</summary>
    /// <exception cref="UnavailableException">One is there and cannot be opened: what stands under it would not be found.</exception>
    public static async Task<IEnumerable<LineKey>> OfProjectsAsync(
        this ILineKeys lines, IReadOnlyList<KeyOwner> projects, CancellationToken cancellationToken) =>
        (await lines.FindAsync(projects, cancellationToken)).SelectMany(one => (one.Value ?? throw OneLine.Unreadable(one.Key)).All);
}
