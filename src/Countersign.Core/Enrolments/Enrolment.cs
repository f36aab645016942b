using Countersign.Core.Numbers;
using Countersign.Core.Projects;

namespace Countersign.Core.Enrolments;

/// <summary>Who is enrolled and who no longer: for single calls, for a batch item by item, and for the calls about one identity.</summary>
public sealed class Enrolment(INumberAdmission admission, IIdentityStore identities, IIdentityJournal journal, TimeProvider time)
{
    public async Task<EnrolOutcome> EnrolAsync(Project project, EnrolRequest request, CancellationToken cancellationToken)
    {
        var admitting = (await admission.AdmitAsync(request.PhoneNumber, NumberUse.Identities, cancellationToken)).In(project.Settings);
        if (admitting is not Admission.Admitted admitted)
        {
            return new EnrolOutcome.Refused(admitting);
        }

        var now = time.GetUtcNow();
        var details = new IdentityDetails(
            request.PhoneNumber, request.ClientCustomerId, request.ClientHumanId, request.DeviceId,
            request.Facts.Count == 0 ? null
                : [.. request.Facts.Select(fact => new IdentityFact(Guid.CreateVersion7(now), fact.Type, fact.Value))]);
        var identity = await identities.EnrolAsync(project.Id, admitted.Number, details, now, cancellationToken);
        journal.Enrolled(identity.Id);
        return new EnrolOutcome.Enrolled(identity.Id);
    }

    /// <summary>Who is enrolled with a number, active or not.</summary>
    public async Task<LookUpOutcome> LookUpAsync(Project project, string phoneNumber, CancellationToken cancellationToken)
    {
        var admitting = await admission.AdmitAsync(phoneNumber, NumberUse.Identities, cancellationToken);
        if (admitting is not Admission.Admitted admitted)
        {
            return new LookUpOutcome.Refused(admitting);
        }
        return await identities.FindAsync(project.Id, admitted.Number, cancellationToken) is { IsEnrolled: true } identity
            ? new LookUpOutcome.Found(identity)
            : new LookUpOutcome.Nobody();
    }

    /// <summary>Returns false when the project has enrolled no such identity.</summary>
    public async Task<bool> TrySetActiveAsync(Project project, Guid id, bool isActive, CancellationToken cancellationToken)
    {
        if (!await identities.SetActiveAsync(project.Id, id, isActive, cancellationToken))
        {
            return false;
        }
        journal.SetActive(id, isActive);
        return true;
    }

    /// <summary>Returns false when the project has enrolled no such identity.</summary>
    public async Task<bool> TryRemoveAsync(Project project, Guid id, CancellationToken cancellationToken)
    {
        if (!await identities.RemoveAsync(project.Id, id, time.GetUtcNow(), cancellationToken))
        {
            return false;
        }
        journal.Removed(id);
        return true;
    }
}

/// <summary>A well-formed enrolment.</summary>
public sealed record EnrolRequest(
    string PhoneNumber, string? ClientCustomerId, string? ClientHumanId, string? DeviceId, IReadOnlyList<GivenFact> Facts)
{
    public override string ToString() => "***";
}

/// <summary>A fact about a person as a relying party gives it.</summary>
public sealed record GivenFact(string Type, string Value)
{
    public override string ToString() => "***";
}

/// <summary>What becomes of an enrolment: a closed set.</summary>
public abstract record EnrolOutcome
{
    private EnrolOutcome() { }

    public sealed record Enrolled(Guid Id) : EnrolOutcome;

    /// <summary>The number may not be used; never <see cref="Admission.Admitted"/>.</summary>
    public sealed record Refused(Admission Why) : EnrolOutcome;
}

/// <summary>What a look-up by number comes to: a closed set.</summary>
public abstract record LookUpOutcome
{
    private LookUpOutcome() { }

    public sealed override string ToString() => GetType().Name;

    public sealed record Found(ProjectIdentity Identity) : LookUpOutcome;

    public sealed record Nobody : LookUpOutcome;

    /// <summary>The number may not be used; never <see cref="Admission.Admitted"/>.</summary>
    public sealed record Refused(Admission Why) : LookUpOutcome;
}
