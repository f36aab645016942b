using Countersign.Core;
using Countersign.Core.Devices;
using Countersign.Core.Domains;
using Countersign.Core.Enrolments;
using Countersign.Core.Keys;

namespace Countersign.Storage.Tests;

public abstract class IdentityStoreContract(StoreFixture fixture) : StoreContract(fixture)
{
    private const int Many = 100;

    private static readonly PhoneNumber _otherNumber = PhoneNumber.Parse("+447700900951");

    private static readonly IdentityDetails _details = new(
        "2025550142", "Marker customer", "Marker human", "Marker device",
        [new IdentityFact(Guid.CreateVersion7(Sample.Now), "Marker type", "Lori Montgomery")]);

    private IdentityStore Identities => new(
        Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, Fixture.Plan, Fixture.Rows, Fixture.Lines);

    private DomainStore Domains => new(Fixture.Database);

    private DeviceStore Devices => new(Fixture.Database, Fixture.Rows, new EventOutbox(Fixture.Sealer), TimeProvider.System);

    [Fact]
    public async Task A_number_has_one_identity_in_a_project_and_another_in_another()
    {
        var first = await Identities.ObtainAsync(ProjectId.Parse("shop"), Sample.Number, Sample.Now, Test);
        var again = await Identities.ObtainAsync(ProjectId.Parse("shop"), Sample.Number, Sample.Now.AddDays(1), Test);
        var ofBank = await Identities.ObtainAsync(ProjectId.Parse("bank"), Sample.Number, Sample.Now, Test);
        var other = await Identities.ObtainAsync(ProjectId.Parse("shop"), _otherNumber, Sample.Now, Test);

        Assert.Equal((first.Id, first.CreatedAt), (again.Id, again.CreatedAt));
        Assert.Equal(3, new[] { first.Id, ofBank.Id, other.Id }.Distinct().Count());
        Assert.Equal(
            (ProjectId.Parse("shop"), Sample.Number, IdentityStatus.Known, Sample.Now.ToUnixTimeMilliseconds()),
            (first.ProjectId, first.Number, first.Status, first.CreatedAt.ToUnixTimeMilliseconds()));
    }

    [Fact]
    public async Task An_id_leads_to_its_project_also_when_it_is_another_one_of_the_person()
    {
        var (shop, bank) = (ProjectId.Parse("shop"), ProjectId.Parse("bank"));
        var person = await Identities.ObtainAsync(bank, Sample.Number, Sample.Now, Test);
        await Identities.ObtainAsync(shop, Sample.Number, Sample.Now, Test);
        var joined = Guid.NewGuid();
        await Fixture.ExecuteAsync(
            $"""
            INSERT INTO identity_aliases (id, project_id, identity_id)
            VALUES ({Bytes(joined)}, 'bank', {Bytes(person.Id)})
            """);

        Assert.Equal(bank, await Identities.FindProjectAsync(person.Id, Test));
        Assert.Equal(bank, await Identities.FindProjectAsync(joined, Test));
        Assert.Null(await Identities.FindProjectAsync(Guid.NewGuid(), Test));

        string Bytes(Guid id) => Convert.ToHexStringLower(id.ToByteArray(bigEndian: true)) is var hex
            && Fixture.Database is PostgresDatabase ? $"decode('{hex}', 'hex')" : $"x'{hex}'";
    }

    [Fact]
    public async Task A_hundred_parallel_callers_obtain_one_identity()
    {
        var ids = await AtOnceAsync(_ => Identities.ObtainAsync(ProjectId.Parse("shop"), Sample.Number, Sample.Now, Test));

        Assert.Single(ids.Distinct());
        Assert.Equal(1, await Fixture.CountAsync("identities"));
    }

    [Fact]
    public async Task A_hundred_parallel_enrolments_and_flows_share_one_identity_and_it_is_enrolled()
    {
        var ids = await AtOnceAsync(i => i % 2 == 0
            ? Identities.EnrolAsync(ProjectId.Parse("shop"), Sample.Number, _details, Sample.Now, Test)
            : Identities.ObtainAsync(ProjectId.Parse("shop"), Sample.Number, Sample.Now, Test));

        Assert.Single(ids.Distinct());
        Assert.Equal(1, await Fixture.CountAsync("identities"));
        Assert.Equal(IdentityStatus.Active, (await Identities.FindAsync(ProjectId.Parse("shop"), ids[0], Test))!.Status);
    }

    [Fact]
    public async Task An_enrolled_identity_is_found_with_all_that_was_given()
    {
        var enrolled = await Identities.EnrolAsync(ProjectId.Parse("shop"), Sample.Number, _details, Sample.Now, Test);

        var byId = await Identities.FindAsync(ProjectId.Parse("shop"), enrolled.Id, Test);
        var byNumber = await Identities.FindAsync(ProjectId.Parse("shop"), Sample.Number, Test);

        Assert.Equivalent(_details, enrolled.Details, strict: true);
        Assert.Equivalent(enrolled with { CreatedAt = byId!.CreatedAt }, byId, strict: true);
        Assert.Equivalent(byId, byNumber, strict: true);
    }

    [Fact]
    public async Task Enrolling_again_keeps_the_id_replaces_the_details_and_activates()
    {
        var known = await Identities.ObtainAsync(ProjectId.Parse("shop"), Sample.Number, Sample.Now, Test);
        await Identities.EnrolAsync(ProjectId.Parse("shop"), Sample.Number, _details, Sample.Now, Test);
        await Identities.SetActiveAsync(ProjectId.Parse("shop"), known.Id, isActive: false, Test);

        var again = await Identities.EnrolAsync(
            ProjectId.Parse("shop"), Sample.Number, new IdentityDetails("+12025550142"), Sample.Now.AddDays(1), Test);

        var found = await Identities.FindAsync(ProjectId.Parse("shop"), Sample.Number, Test);
        Assert.Equal((known.Id, known.Id), (again.Id, found!.Id));
        Assert.Equal((IdentityStatus.Active, known.CreatedAt), (found.Status, found.CreatedAt));
        Assert.Equivalent(new IdentityDetails("+12025550142"), found.Details, strict: true);
    }

    [Fact]
    public async Task Another_projects_identity_is_nobody()
    {
        var enrolled = await Identities.EnrolAsync(ProjectId.Parse("shop"), Sample.Number, _details, Sample.Now, Test);

        Assert.Null(await Identities.FindAsync(ProjectId.Parse("bank"), enrolled.Id, Test));
        Assert.Null(await Identities.FindAsync(ProjectId.Parse("bank"), Sample.Number, Test));
        Assert.Empty(await Identities.ListAsync(ProjectId.Parse("bank"), null, 100, withInactive: true, Test));
        Assert.False(await Identities.SetActiveAsync(ProjectId.Parse("bank"), enrolled.Id, isActive: false, Test));
        Assert.False(await Identities.RemoveAsync(ProjectId.Parse("bank"), enrolled.Id, Sample.Now, Test));
        Assert.Equal(IdentityStatus.Active, (await Identities.FindAsync(ProjectId.Parse("shop"), enrolled.Id, Test))!.Status);
    }

    [Fact]
    public async Task What_was_never_enrolled_is_in_no_list_and_cannot_be_activated_or_removed()
    {
        var known = await Identities.ObtainAsync(ProjectId.Parse("shop"), Sample.Number, Sample.Now, Test);

        Assert.Empty(await Identities.ListAsync(ProjectId.Parse("shop"), null, 100, withInactive: true, Test));
        Assert.False(await Identities.SetActiveAsync(ProjectId.Parse("shop"), known.Id, isActive: true, Test));
        Assert.False(await Identities.RemoveAsync(ProjectId.Parse("shop"), known.Id, Sample.Now, Test));
        Assert.Equal(IdentityStatus.Known, (await Identities.FindAsync(ProjectId.Parse("shop"), known.Id, Test))!.Status);
        Assert.False(await Identities.SetActiveAsync(ProjectId.Parse("shop"), Guid.CreateVersion7(Sample.Now), isActive: true, Test));
        Assert.False(await Identities.RemoveAsync(ProjectId.Parse("shop"), Guid.CreateVersion7(Sample.Now), Sample.Now, Test));
    }

    [Fact]
    public async Task A_list_goes_on_where_it_ended_and_shows_the_inactive_only_when_asked()
    {
        var ids = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            var number = PhoneNumber.Parse($"+1202555010{i}");
            ids.Add((await Identities.EnrolAsync(
                ProjectId.Parse("shop"), number, new IdentityDetails(), Sample.Now.AddSeconds(i), Test)).Id);
        }
        await Identities.SetActiveAsync(ProjectId.Parse("shop"), ids[1], isActive: false, Test);

        var first = await ListAsync(null, 2, withInactive: false);
        var second = await ListAsync(first[^1], 2, withInactive: false);
        var third = await ListAsync(second[^1], 2, withInactive: false);

        Assert.Equal([ids[0], ids[2]], first);
        Assert.Equal([ids[3], ids[4]], second);
        Assert.Empty(third);
        Assert.Equal(ids, await ListAsync(null, 100, withInactive: true));
    }

    [Fact]
    public async Task A_removed_identity_is_gone_its_devices_are_untied_and_the_number_gets_another_id()
    {
        var enrolled = await Identities.EnrolAsync(ProjectId.Parse("shop"), Sample.Number, _details, Sample.Now, Test);
        var other = await Identities.EnrolAsync(ProjectId.Parse("shop"), _otherNumber, _details, Sample.Now, Test);
        var (device, deviceOfOther) = (Device(enrolled.Id), Device(other.Id));
        await Devices.AddAsync(device, Test);
        await Devices.AddAsync(deviceOfOther, Test);

        var isRemoved = await Identities.RemoveAsync(ProjectId.Parse("shop"), enrolled.Id, Sample.Now, Test);
        var isRemovedAgain = await Identities.RemoveAsync(ProjectId.Parse("shop"), enrolled.Id, Sample.Now, Test);

        Assert.Equal((true, false), (isRemoved, isRemovedAgain));
        Assert.Null(await Identities.FindAsync(ProjectId.Parse("shop"), enrolled.Id, Test));
        Assert.Null((await Devices.FindAsync(device.Id, Test))!.IdentityId);
        Assert.Equal(other.Id, (await Devices.FindAsync(deviceOfOther.Id, Test))!.IdentityId);
        Assert.NotEqual(enrolled.Id, (await Identities.ObtainAsync(ProjectId.Parse("shop"), Sample.Number, Sample.Now, Test)).Id);
    }

    [Fact]
    public async Task Who_leaves_a_number_keeps_their_id_loses_their_devices_and_the_next_is_somebody_new()
    {
        var former = await Identities.EnrolAsync(ProjectId.Parse("shop"), Sample.Number, _details, Sample.Now, Test);
        var device = Device(former.Id);
        await Devices.AddAsync(device, Test);

        Assert.False(await Identities.LeaveNumberAsync(ProjectId.Parse("bank"), former.Id, Sample.Now, Test));
        Assert.True(await Identities.LeaveNumberAsync(ProjectId.Parse("shop"), former.Id, Sample.Now, Test));
        Assert.False(await Identities.LeaveNumberAsync(ProjectId.Parse("shop"), former.Id, Sample.Now.AddDays(1), Test));

        var kept = await Identities.FindAsync(ProjectId.Parse("shop"), former.Id, Test);
        Assert.Equal((IdentityStatus.Inactive, Sample.Number, false), (kept!.Status, kept.Number, kept.HoldsNumber));
        Assert.Equal(Sample.Now.ToUnixTimeMilliseconds(), kept.LeftNumberAt!.Value.ToUnixTimeMilliseconds());
        Assert.Equivalent(_details, kept.Details, strict: true);
        Assert.Null(await Identities.FindAsync(ProjectId.Parse("shop"), Sample.Number, Test));
        Assert.Null((await Devices.FindAsync(device.Id, Test))!.IdentityId);
        Assert.False(await Devices.TryBindAsync(device.Id, null, former.Id, Test));
        var next = await Identities.EnrolAsync(ProjectId.Parse("shop"), Sample.Number, new IdentityDetails(), Sample.Now, Test);
        Assert.NotEqual(former.Id, next.Id);
        Assert.True(next.HoldsNumber);
        Assert.Equal(next.Id, (await Identities.FindAsync(ProjectId.Parse("shop"), Sample.Number, Test))!.Id);
        Assert.Equal(2, (await Identities.ListAsync(ProjectId.Parse("shop"), null, 100, withInactive: true, Test)).Count);
        Assert.Equal(
            [next.Id], (await Identities.ListAsync(ProjectId.Parse("shop"), null, 100, withInactive: false, Test)).Select(one => one.Id));
    }

    [Fact]
    public async Task When_who_left_a_number_began_is_on_file_until_the_next_one_begins()
    {
        var first = await Identities.EnrolAsync(ProjectId.Parse("shop"), Sample.Number, _details, Sample.Now, Test);
        Assert.Null(await Identities.FindLeftSinceAsync(ProjectId.Parse("shop"), Sample.Number, Test));

        await Identities.LeaveNumberAsync(ProjectId.Parse("shop"), first.Id, Sample.Now.AddDays(60), Test);

        Assert.Equal(Sample.Now.ToUnixTimeMilliseconds(), await LeftSinceAsync());
        Assert.Null(await Identities.FindLeftSinceAsync(ProjectId.Parse("bank"), Sample.Number, Test));
        Assert.Null(await Identities.FindLeftSinceAsync(ProjectId.Parse("shop"), _otherNumber, Test));
        var second = await Identities.ObtainAsync(ProjectId.Parse("shop"), Sample.Number, Sample.Now.AddDays(61), Test);
        await Identities.LeaveNumberAsync(ProjectId.Parse("shop"), first.Id, Sample.Now.AddDays(62), Test);
        Assert.Null(await Identities.FindLeftSinceAsync(ProjectId.Parse("shop"), Sample.Number, Test));
        await Identities.LeaveNumberAsync(ProjectId.Parse("shop"), second.Id, Sample.Now.AddDays(90), Test);
        Assert.Equal(Sample.Now.AddDays(61).ToUnixTimeMilliseconds(), await LeftSinceAsync());

        async Task<long?> LeftSinceAsync() =>
            (await Identities.FindLeftSinceAsync(ProjectId.Parse("shop"), Sample.Number, Test))?.ToUnixTimeMilliseconds();
    }

    [Fact]
    public async Task A_person_known_by_flows_alone_may_leave_a_number_too()
    {
        var former = await Identities.ObtainAsync(ProjectId.Parse("shop"), Sample.Number, Sample.Now, Test);

        await Identities.LeaveNumberAsync(ProjectId.Parse("shop"), former.Id, Sample.Now, Test);

        Assert.Equal(IdentityStatus.Known, (await Identities.FindAsync(ProjectId.Parse("shop"), former.Id, Test))!.Status);
        Assert.NotEqual(former.Id, (await Identities.ObtainAsync(ProjectId.Parse("shop"), Sample.Number, Sample.Now, Test)).Id);
    }

    [Fact]
    public async Task Of_a_hundred_parallel_successions_there_is_one_new_person()
    {
        var former = await Identities.ObtainAsync(ProjectId.Parse("shop"), Sample.Number, Sample.Now, Test);

        var ids = await AtOnceAsync(async i =>
        {
            await Identities.LeaveNumberAsync(ProjectId.Parse("shop"), former.Id, Sample.Now, Test);
            return i % 2 == 0
                ? await Identities.ObtainAsync(ProjectId.Parse("shop"), Sample.Number, Sample.Now, Test)
                : await Identities.EnrolAsync(ProjectId.Parse("shop"), Sample.Number, _details, Sample.Now, Test);
        });

        Assert.NotEqual(former.Id, Assert.Single(ids.Distinct()));
        Assert.Equal(2, await Fixture.CountAsync("identities"));
        Assert.Equal(IdentityStatus.Known, (await Identities.FindAsync(ProjectId.Parse("shop"), former.Id, Test))!.Status);
    }

    [Fact]
    public async Task Another_project_cannot_untie_devices()
    {
        var enrolled = await Identities.EnrolAsync(ProjectId.Parse("shop"), Sample.Number, _details, Sample.Now, Test);
        var device = Device(enrolled.Id);
        await Devices.AddAsync(device, Test);

        await Identities.RemoveAsync(ProjectId.Parse("bank"), enrolled.Id, Sample.Now, Test);

        Assert.Equal(enrolled.Id, (await Devices.FindAsync(device.Id, Test))!.IdentityId);
    }

    [Theory]
    [InlineData("shop", "bank", LinkScopes.Identities, true, true)]
    [InlineData("shop", "bank", LinkScopes.Identities | LinkScopes.Attributes, true, true)]
    [InlineData("shop", "bank", LinkScopes.Attributes, true, false)]
    [InlineData("shop", "bank", LinkScopes.Identities, false, false)]
    [InlineData("bank", "shop", LinkScopes.Identities, true, false)]
    public async Task An_identity_is_seen_by_who_asked_within_the_scope_after_confirmation(
        string from, string to, LinkScopes scopes, bool isConfirmed, bool isSeen)
    {
        await Identities.EnrolAsync(ProjectId.Parse("shop"), Sample.Number, _details, Sample.Now, Test);
        var ofBank = await Identities.EnrolAsync(ProjectId.Parse("bank"), Sample.Number, _details, Sample.Now, Test);
        await Identities.EnrolAsync(ProjectId.Parse("bank"), _otherNumber, _details, Sample.Now, Test);
        await Identities.EnrolAsync(ProjectId.Parse("stranger"), Sample.Number, _details, Sample.Now, Test);
        await Domains.RequestAsync(ProjectId.Parse(from), ProjectId.Parse(to), scopes, Sample.Now, Test);
        if (isConfirmed)
        {
            await Domains.AcceptAsync(ProjectId.Parse(from), ProjectId.Parse(to), scopes, Sample.Now, Test);
        }

        var linked = await Identities.ListLinkedAsync(ProjectId.Parse("shop"), Sample.Number, LinkScopes.Identities, Test);

        Assert.Equal(isSeen ? [ofBank.Id] : [], linked.Select(identity => identity.Id));
    }

    [Theory]
    [InlineData(IdentityStatus.Known)]
    [InlineData(IdentityStatus.Inactive)]
    public async Task Only_an_active_identity_is_seen_over_a_link(IdentityStatus standing)
    {
        await Domains.RequestAsync(ProjectId.Parse("shop"), ProjectId.Parse("bank"), LinkScopes.Identities, Sample.Now, Test);
        await Domains.AcceptAsync(ProjectId.Parse("shop"), ProjectId.Parse("bank"), null, Sample.Now, Test);
        var ofBank = await Identities.ObtainAsync(ProjectId.Parse("bank"), Sample.Number, Sample.Now, Test);
        if (standing == IdentityStatus.Inactive)
        {
            await Identities.EnrolAsync(ProjectId.Parse("bank"), Sample.Number, _details, Sample.Now, Test);
            await Identities.SetActiveAsync(ProjectId.Parse("bank"), ofBank.Id, isActive: false, Test);
        }

        Assert.Empty(await Identities.ListLinkedAsync(ProjectId.Parse("shop"), Sample.Number, LinkScopes.Identities, Test));
    }

    [Fact]
    public async Task Nothing_personal_stands_in_a_column()
    {
        await Identities.EnrolAsync(ProjectId.Parse("a-project"), Sample.Number, _details, Sample.Now, Test);
        await Identities.ObtainAsync(ProjectId.Parse("another"), Sample.Number, Sample.Now, Test);

        Assert.All(await Fixture.DumpAsync(), PersonalData.AssertNoneIn);
    }

    [Fact]
    public async Task A_sealed_identity_moved_to_another_row_does_not_open()
    {
        var first = await Identities.EnrolAsync(ProjectId.Parse("shop"), Sample.Number, _details, Sample.Now, Test);
        await Identities.EnrolAsync(ProjectId.Parse("bank"), Sample.Number, _details, Sample.Now, Test);

        await Fixture.ExecuteAsync(
            "UPDATE identities SET body = (SELECT body FROM identities WHERE project_id = 'bank') WHERE project_id = 'shop'");

        await Assert.ThrowsAnyAsync<System.Security.Cryptography.CryptographicException>(() =>
            Identities.FindAsync(ProjectId.Parse("shop"), first.Id, Test));
    }

    private async Task<IReadOnlyList<Guid>> ListAsync(Guid? after, int limit, bool withInactive) =>
        [.. (await Identities.ListAsync(ProjectId.Parse("shop"), after, limit, withInactive, Test)).Select(identity => identity.Id)];

    private static async Task<Guid[]> AtOnceAsync(Func<int, Task<ProjectIdentity>> call) =>
        [.. (await Task.WhenAll(Enumerable.Range(0, Many).Select(i => Task.Run(() => call(i), Test)))).Select(identity => identity.Id)];

    private static Device Device(Guid identity) =>
        new(Guid.CreateVersion7(Sample.Now), ProjectId.Parse("shop"), "key", [1, 2, 3], Sample.Now, identity);
}

public sealed class IdentityStoreOnSqlite(SqliteFixture fixture) : IdentityStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class IdentityStoreOnPostgres(PostgresFixture fixture) : IdentityStoreContract(fixture), IClassFixture<PostgresFixture>;
