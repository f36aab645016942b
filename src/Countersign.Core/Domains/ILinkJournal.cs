namespace Countersign.Core.Domains;

/// <summary>Hears of every change of a link, for those who operate this. Links are between projects, by their own ids.</summary>
public interface ILinkJournal
{
    void Requested(string from, string to, LinkScopes scopes);

    void Confirmed(string from, string to);

    void Removed(string from, string to);
}
