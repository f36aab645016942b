using Countersign.Core.Devices;
using Countersign.Core.Enrolments;
using Countersign.Core.Projects;
using Countersign.Core.Tests.Fakes;

namespace Countersign.Core.Tests.Enrolments;

public sealed class PersonDevicesTests
{
    private static readonly ProjectId _shop = FlowStage.Shop.Id;
    private static readonly ProjectId _bank = ProjectId.Parse("bank");
    private static readonly PhoneNumber _number = PhoneNumber.Parse("+12025550142");

    private readonly MemoryDevices _devices = new();
    private readonly MemoryIdentities _identities = new();
    private readonly MemoryProjects _projects = new(FlowStage.Shop, FlowStage.Shop with { Id = _bank });
    private readonly List<Guid> _told = [];

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    private PersonDevices Devices => new(_projects, _identities, _devices, new DeviceKeyOptions(), new StillClock());

    [Fact]
    public async Task A_key_that_is_tied_while_all_are_revoked_is_revoked_too()
    {
        var person = await _identities.ObtainAsync(_shop, _number, Sample.Now, Test);
        var (first, second, late) = (Tied(person), Tied(person), Guid.Empty);
        _devices.WhenRevoked = id => late = id == second && late == default ? Tied(person) : late;

        var revoked = await RevokeAsync(new PersonKey.ByNumber(_number));

        Assert.Equal(new[] { first, second, late }.Order(), revoked.Order());
        Assert.Equal(revoked.Order(), _told.Order());
        Assert.All(_devices.Devices.Values, device => Assert.True(device.IsRevoked));
    }

    [Fact]
    public async Task Each_is_told_of_before_the_next_one_fails()
    {
        var person = await _identities.ObtainAsync(_shop, _number, Sample.Now, Test);
        (_, _) = (Tied(person), Tied(person));
        var revoked = new List<Guid>();
        _devices.WhenRevoked = id =>
        {
            revoked.Add(id);
            if (revoked.Count == 2)
            {
                throw new InvalidOperationException("The store is away.");
            }
        };

        await Assert.ThrowsAsync<InvalidOperationException>(() => RevokeAsync(new PersonKey.ByNumber(_number)));

        Assert.Equal([revoked[0]], _told);
    }

    [Fact]
    public async Task One_is_revoked_and_no_other()
    {
        var person = await _identities.ObtainAsync(_shop, _number, Sample.Now, Test);
        var (first, second) = (Tied(person), Tied(person));

        Assert.Equal([first], await RevokeAsync(new PersonKey.ByNumber(_number), first));

        Assert.False(_devices.Devices[second].IsRevoked);
    }

    [Fact]
    public async Task Whoever_is_named_by_their_id_is_looked_for_in_their_project_alone()
    {
        var person = await _identities.ObtainAsync(_bank, _number, Sample.Now, Test);
        var device = Tied(person);

        var found = await Devices.ListAsync(new PersonKey.ById(person.Id), _ => true, Test);
        var foreign = await Devices.ListAsync(new PersonKey.ById(person.Id), project => project == _shop, Test);
        var unknown = await Devices.ListAsync(new PersonKey.ById(Guid.NewGuid()), _ => true, Test);

        Assert.Equal(device, Assert.Single(found).Device.Id);
        Assert.Empty(foreign);
        Assert.Empty(unknown);
        Assert.Equal(0, _projects.Reads);
    }

    [Fact]
    public async Task Devices_are_told_newest_first_with_whether_they_still_prove_something()
    {
        var person = await _identities.ObtainAsync(_shop, _number, Sample.Now, Test);
        Guid[] devices = [Tied(person, daysAgo: 401), Tied(person, daysAgo: 10), Tied(person, daysAgo: 20)];

        var found = await Devices.ListAsync(new PersonKey.ByNumber(_number), _ => true, Test);
        var revoked = await Devices.RevokeAsync(new PersonKey.ByNumber(_number), null, _ => true, _ => { }, Test);

        Assert.Equal(
            [(devices[1], false), (devices[2], false), (devices[0], true)], found.Select(held => (held.Device.Id, held.IsOver)));
        Assert.Equal(found.Select(held => held.Device.Id), revoked.Select(held => held.Device.Id));
        Assert.All(revoked, held => Assert.True(held.Device.IsRevoked));
    }

    private async Task<IReadOnlyList<Guid>> RevokeAsync(PersonKey person, Guid? only = null) =>
        [.. (await Devices.RevokeAsync(person, only, _ => true, one => _told.Add(one.Device.Id), Test)).Select(held => held.Device.Id)];

    private Guid Tied(ProjectIdentity person, int daysAgo = 0)
    {
        var device = new Device(
            Guid.CreateVersion7(Sample.Now), person.ProjectId, "key", [1], Sample.Now.AddDays(-daysAgo), person.Id);
        _devices.Devices[device.Id] = device;
        return device.Id;
    }
}
