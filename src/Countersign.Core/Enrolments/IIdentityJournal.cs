namespace Countersign.Core.Enrolments;

/// <summary>Hears of every change of who is enrolled, for those who operate this: it writes down what, not whose.</summary>
public interface IIdentityJournal
{
    void Enrolled(Guid identity);

    void SetActive(Guid identity, bool isActive);

    void Removed(Guid identity);
}
