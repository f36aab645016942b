using Countersign.Core.Devices;
using Countersign.Core.Projects;

namespace Countersign.Core.Enrolments;

/// <summary>
/// The browsers that prove a person, for those who are asked to end that: the person has lost one, or was talked into it.
/// </summary>
public sealed class PersonDevices(
    IProjectStore projects, IIdentityStore identities, IDeviceStore devices, DeviceKeyOptions options, TimeProvider time)
{
    /// <summary>Of one person and project; nobody has as many.</summary>
    public const int MaxDevices = 1000;

    /// <summary>The devices of a person in the projects that are asked for, newest first.</summary>
    public async Task<IReadOnlyList<PersonDevice>> ListAsync(
        PersonKey person, Func<ProjectId, bool> isAsked, CancellationToken cancellationToken)
    {
        var horizon = options.HorizonAt(time.GetUtcNow());
        var found = new List<PersonDevice>();
        foreach (var project in (await ProjectsOfAsync(person, cancellationToken)).Where(isAsked))
        {
            if (await FindAsync(project, person, cancellationToken) is { } identity)
            {
                found.AddRange((await devices.OfIdentityAsync(identity.Id, MaxDevices, cancellationToken)).Select(held =>
                    new PersonDevice(identity.Id, held.Device, held.Passkeys, IsOver: !held.Device.IsWithin(horizon))));
            }
        }
        return [.. found.OrderByDescending(held => held.Device.CreatedAt)];
    }

    /// <summary>
    /// Revokes the person's devices, or one of them, those too that are tied meanwhile. Returns those that could still prove something,
    /// newest first.
    /// </summary>
    /// <param name="only">Null for all.</param>
    /// <param name="tell">Hears of each as soon as it is revoked: a later one may fail.</param>
    public async Task<IReadOnlyList<PersonDevice>> RevokeAsync(
        PersonKey person, Guid? only, Func<ProjectId, bool> isAsked, Action<PersonDevice> tell, CancellationToken cancellationToken)
    {
        var revoked = new List<PersonDevice>();
        while ((await ListAsync(person, isAsked, cancellationToken)).Where(IsMeant).ToList() is { Count: > 0 } left)
        {
            foreach (var held in left)
            {
                // Once begun it is finished, so that what is answered and logged is true.
                cancellationToken = CancellationToken.None;
                await devices.RevokeAsync(held.Device.Id, held.Device.ProjectId, cancellationToken);
                var done = held with { Device = held.Device with { IsRevoked = true } };
                revoked.Add(done);
                tell(done);
            }
        }
        return [.. revoked.OrderByDescending(held => held.Device.CreatedAt)];

        bool IsMeant(PersonDevice held) => !held.Device.IsRevoked && (only is null || only == held.Device.Id);
    }

    /// <summary>Where the person may be known.</summary>
    private async Task<IEnumerable<ProjectId>> ProjectsOfAsync(PersonKey person, CancellationToken cancellationToken) => person switch
    {
        PersonKey.ById { Id: var id } => await identities.FindProjectAsync(id, cancellationToken) is { } only ? [only] : [],
        _ => (await projects.ListProjectsAsync(cancellationToken)).Select(project => project.Id),
    };

    private Task<ProjectIdentity?> FindAsync(ProjectId project, PersonKey person, CancellationToken cancellationToken) => person switch
    {
        PersonKey.ById { Id: var id } => identities.FindAsync(project, id, cancellationToken),
        PersonKey.ByNumber { Number: var number } => identities.FindAsync(project, number, cancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(person)),
    };
}

/// <summary>By what a person is looked for: a closed set.</summary>
public abstract record PersonKey
{
    private PersonKey() { }

    public sealed override string ToString() => GetType().Name;

    /// <summary>The proveId; of one project alone.</summary>
    public sealed record ById(Guid Id) : PersonKey;

    /// <summary>In every project that knows the number.</summary>
    public sealed record ByNumber(PhoneNumber Number) : PersonKey;
}

/// <summary>A device and whom it proves.</summary>
/// <param name="Passkeys">How many are kept with it.</param>
/// <param name="IsOver">It is too old, or has been unused for too long.</param>
public sealed record PersonDevice(Guid Identity, Device Device, int Passkeys, bool IsOver)
{
    public override string ToString() => Device.ToString();
}
