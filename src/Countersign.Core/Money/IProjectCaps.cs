namespace Countersign.Core.Money;

/// <summary>Knows the caps of projects.</summary>
public interface IProjectCaps
{
    /// <summary>Null when the project has none.</summary>
    ValueTask<Caps?> FindAsync(ProjectId project, CancellationToken cancellationToken);
}
