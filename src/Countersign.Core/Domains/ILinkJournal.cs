namespace Countersign.Core.Domains;

/// <summary>Hears of every change of a link, for those who operate this. Links are between projects, by their own ids.</summary>
public interface ILinkJournal
{
    void Requested(ProjectId from, ProjectId to, LinkScopes scopes);

    void Confirmed(ProjectId from, ProjectId to);

    void Removed(ProjectId from, ProjectId to);
}
