using Countersign.Core;
using Countersign.Core.Devices;
using Countersign.Core.Keys;

namespace Countersign.Storage.Tests;

public abstract class DeviceStoreContract(StoreFixture fixture) : StoreContract(fixture)
{
    private const int Many = 100;

    private static readonly Guid _lori = Guid.CreateVersion7(Sample.Now);

    private DeviceStore Devices => new(Fixture.Database, Fixture.Rows, new EventOutbox(Fixture.Sealer), TimeProvider.System);

    [Fact]
    public async Task A_device_is_found_as_it_was_added()
    {
        var device = Device() with { IdentityId = _lori, KeptUntil = DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000) };
        await Devices.AddAsync(device, Test);

        var found = await Devices.FindAsync(device.Id, Test);

        Assert.Equivalent(device with { CreatedAt = found!.CreatedAt }, found, strict: true);
        Assert.Equal(device.CreatedAt.ToUnixTimeMilliseconds(), found.CreatedAt.ToUnixTimeMilliseconds());
        Assert.Null(await Devices.FindAsync(Guid.CreateVersion7(Sample.Now), Test));
    }

    [Fact]
    public async Task A_device_is_tied_from_what_it_is_tied_to_now_and_from_nothing_else()
    {
        var (lori, other) = (await PersonAsync(1), await PersonAsync(2));
        var device = Device();
        await Devices.AddAsync(device, Test);

        Assert.False(await Devices.TryBindAsync(device.Id, other, lori, Test));
        Assert.True(await Devices.TryBindAsync(device.Id, null, lori, Test));
        Assert.False(await Devices.TryBindAsync(device.Id, null, other, Test));
        Assert.Equal(lori, (await Devices.FindAsync(device.Id, Test))!.IdentityId);
        Assert.True(await Devices.TryBindAsync(device.Id, lori, other, Test));
        Assert.Equal(other, (await Devices.FindAsync(device.Id, Test))!.IdentityId);
        Assert.False(await Devices.TryBindAsync(Guid.CreateVersion7(Sample.Now), null, lori, Test));
    }

    [Fact]
    public async Task A_device_is_not_tied_to_somebody_who_is_gone_nor_brought_in_by_one_that_is_revoked()
    {
        var lori = await PersonAsync(1);
        var voucher = Device();
        var before = Device() with { VouchedBy = voucher.Id };
        var after = Device() with { VouchedBy = voucher.Id };
        foreach (var device in (Device[])[voucher, before, after])
        {
            await Devices.AddAsync(device, Test);
        }

        Assert.False(await Devices.TryBindAsync(before.Id, null, _lori, Test));
        Assert.True(await Devices.TryBindAsync(before.Id, null, lori, Test));
        await Devices.RevokeAsync(voucher.Id, ProjectId.Parse("shop"), Test);
        Assert.False(await Devices.TryBindAsync(after.Id, null, lori, Test));
        Assert.True(await Devices.TryBindAsync(before.Id, lori, await PersonAsync(2), Test));
    }

    [Fact]
    public async Task Of_a_hundred_parallel_calls_one_ties_the_device()
    {
        var device = Device();
        await Devices.AddAsync(device, Test);
        var identities = await Task.WhenAll(Enumerable.Range(0, Many).Select(PersonAsync));

        var tied = await Task.WhenAll(
            identities.Select(identity => Task.Run(() => Devices.TryBindAsync(device.Id, null, identity, Test), Test)));

        Assert.Single(tied, isTied => isTied);
        Assert.Equal(identities[Array.IndexOf(tied, true)], (await Devices.FindAsync(device.Id, Test))!.IdentityId);
    }

    [Fact]
    public async Task A_revoked_device_says_so_for_ever_and_is_tied_to_nobody_more()
    {
        var device = Device();
        await Devices.AddAsync(device, Test);

        var first = await Devices.RevokeAsync(device.Id, ProjectId.Parse("shop"), Test);
        var again = await Devices.RevokeAsync(device.Id, ProjectId.Parse("shop"), Test);

        Assert.Equal((true, true), (first, again));
        Assert.True((await Devices.FindAsync(device.Id, Test))!.IsRevoked);
        Assert.False(await Devices.TryBindAsync(device.Id, null, _lori, Test));
    }

    [Fact]
    public async Task Another_projects_device_cannot_be_revoked()
    {
        var device = Device();
        await Devices.AddAsync(device, Test);

        Assert.False(await Devices.RevokeAsync(device.Id, ProjectId.Parse("bank"), Test));
        Assert.False(await Devices.RevokeAsync(Guid.CreateVersion7(Sample.Now), ProjectId.Parse("shop"), Test));
        Assert.False((await Devices.FindAsync(device.Id, Test))!.IsRevoked);
    }

    [Fact]
    public async Task The_latest_use_is_kept_and_a_device_beyond_the_horizon_does_not_count()
    {
        var lori = await PersonAsync(1);
        var device = Device() with { IdentityId = lori };
        await Devices.AddAsync(device, Test);
        var (early, late) = (Sample.Now.AddDays(10), Sample.Now.AddDays(20));

        await Devices.UseAsync(device.Id, late, Test);
        await Devices.UseAsync(device.Id, early, Test);

        Assert.Equal(late.ToUnixTimeMilliseconds(), (await Devices.FindAsync(device.Id, Test))!.LastUsedAt!.Value.ToUnixTimeMilliseconds());
        Assert.True(await Devices.HasAnyAsync(lori, new KeyHorizon(Sample.Now.AddDays(-1), late.AddDays(-1)), Test));
        Assert.False(await Devices.HasAnyAsync(lori, new KeyHorizon(Sample.Now.AddDays(-1), late), Test));
        Assert.False(await Devices.HasAnyAsync(lori, new KeyHorizon(Sample.Now.AddDays(1), late.AddDays(-1)), Test));
    }

    [Fact]
    public async Task What_was_there_before_uses_were_kept_is_unused_from_the_upgrade_on()
    {
        var voucher = Device() with { CreatedAt = Sample.Now.AddDays(-100) };
        var brought = Device() with { VouchedBy = voucher.Id };
        await Devices.AddAsync(voucher, Test);
        await Devices.AddAsync(brought, Test);
        await Fixture.ExecuteAsync("DELETE FROM schemaversions WHERE scriptname LIKE '%0031-key-lifetimes%'");
        await Fixture.ExecuteAsync("ALTER TABLE devices DROP COLUMN last_used_at");
        await Fixture.ExecuteAsync("ALTER TABLE devices DROP COLUMN ages_from");

        Fixture.Database.Migrate();
        await Fixture.SealRowsAsync();

        var (first, second) = (await Devices.FindAsync(voucher.Id, Test), await Devices.FindAsync(brought.Id, Test));
        var now = TimeProvider.System.GetUtcNow();
        Assert.InRange(first!.LastUsedAt!.Value, now.AddMinutes(-5), now.AddMinutes(5));
        Assert.Null(first.AgesFrom);
        Assert.Equal(voucher.CreatedAt.ToUnixTimeMilliseconds(), second!.AgesFrom!.Value.ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task A_device_that_no_flow_has_tied_in_time_is_removed_in_pieces()
    {
        var lori = await PersonAsync(1);
        var until = Sample.Now.AddMinutes(15);
        var devices = Enumerable.Range(0, 5).Select(i => Device() with { KeptUntil = until.AddSeconds(i) }).ToArray();
        var later = Device() with { KeptUntil = until.AddMinutes(1) };
        var tied = Device() with { KeptUntil = until };
        var revoked = Device() with { KeptUntil = until };
        foreach (var device in (Device[])[.. devices, later, tied, revoked])
        {
            await Devices.AddAsync(device, Test);
        }
        await Devices.TryBindAsync(tied.Id, null, lori, Test);
        await Devices.RevokeAsync(revoked.Id, ProjectId.Parse("shop"), Test);

        Assert.Equal(0, await Devices.RemoveUntiedAsync(until.AddMilliseconds(-1), 100, Test));
        Assert.Equal(4, await Devices.RemoveUntiedAsync(until.AddSeconds(4), 4, Test));
        Assert.Equal(2, await Devices.RemoveUntiedAsync(until.AddSeconds(4), 4, Test));
        Assert.Equal(0, await Devices.RemoveUntiedAsync(until.AddSeconds(4), 4, Test));

        Assert.Equal(2, await Fixture.CountAsync("devices"));
        Assert.NotNull(await Devices.FindAsync(later.Id, Test));
        Assert.Equal(lori, (await Devices.FindAsync(tied.Id, Test))!.IdentityId);
    }

    [Fact]
    public async Task A_device_in_which_another_flow_has_an_interest_is_kept_longer()
    {
        var device = Device() with { KeptUntil = Sample.Now };
        await Devices.AddAsync(device, Test);

        await Devices.KeepAsync(device.Id, Sample.Now.AddHours(1), Test);
        await Devices.KeepAsync(device.Id, Sample.Now.AddMinutes(1), Test);

        Assert.Equal(0, await Devices.RemoveUntiedAsync(Sample.Now.AddMinutes(59), 100, Test));
        Assert.Equal(1, await Devices.RemoveUntiedAsync(Sample.Now.AddHours(1), 100, Test));
    }

    [Fact]
    public async Task A_row_that_does_not_say_how_long_it_is_kept_is_kept_as_long_as_any_flow_lives()
    {
        await Devices.AddAsync(Device(), Test);

        Assert.Equal(0, await Devices.RemoveUntiedAsync(Sample.Now.AddMinutes(59), 100, Test));
        Assert.Equal(1, await Devices.RemoveUntiedAsync(Sample.Now.AddHours(1), 100, Test));
    }

    [Fact]
    public async Task A_device_that_lost_its_person_goes_after_the_flows_that_may_be_about_to_tie_it()
    {
        var identities = new IdentityStore(
        Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, Fixture.Plan, Fixture.Rows, Fixture.Lines);
        var later = Sample.Now.AddDays(100);
        var (left, removed) = (await PersonAsync(1),
            (await identities.EnrolAsync(ProjectId.Parse("shop"), PhoneNumber.Parse("+12025550002"), new(), Sample.Now, Test)).Id);
        var (ofLeft, ofRemoved) = (Device() with { IdentityId = left, KeptUntil = Sample.Now }, Device() with { IdentityId = removed });
        await Devices.AddAsync(ofLeft, Test);
        await Devices.AddAsync(ofRemoved, Test);

        await identities.LeaveNumberAsync(ProjectId.Parse("shop"), left, later, Test);
        await identities.RemoveAsync(ProjectId.Parse("shop"), removed, later, Test);

        Assert.Equal(0, await Devices.RemoveUntiedAsync(later.AddMinutes(59), 100, Test));
        Assert.Equal(2, await Devices.RemoveUntiedAsync(later.AddHours(1), 100, Test));
    }

    [Fact]
    public async Task A_device_that_was_tied_in_the_moment_in_which_its_person_lost_the_number_goes_too()
    {
        var identities = new IdentityStore(
        Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, Fixture.Plan, Fixture.Rows, Fixture.Lines);
        var later = Sample.Now.AddDays(100);
        var (left, stayed) = (await PersonAsync(1), await PersonAsync(2));
        await identities.LeaveNumberAsync(ProjectId.Parse("shop"), left, later, Test);
        var (late, ofStayed) = (Device() with { IdentityId = left }, Device() with { IdentityId = stayed });
        await Devices.AddAsync(late, Test);
        await Devices.AddAsync(ofStayed, Test);

        Assert.Equal(0, await Devices.RemoveUntiedAsync(later.AddMinutes(1), 100, Test));
        Assert.Null((await Devices.FindAsync(late.Id, Test))!.IdentityId);
        Assert.Equal(1, await Devices.RemoveUntiedAsync(later.AddMinutes(61), 100, Test));
        Assert.Equal(stayed, (await Devices.FindAsync(ofStayed.Id, Test))!.IdentityId);
    }

    [Fact]
    public async Task A_person_has_a_device_until_it_is_revoked()
    {
        var (lori, other) = (await PersonAsync(1), await PersonAsync(2));
        var device = Device() with { IdentityId = lori };
        await Devices.AddAsync(device, Test);
        await Devices.AddAsync(Device(), Test);

        Assert.Equal((true, false), (await Devices.HasAnyAsync(lori, default, Test), await Devices.HasAnyAsync(other, default, Test)));
        await Devices.RevokeAsync(device.Id, ProjectId.Parse("shop"), Test);
        Assert.False(await Devices.HasAnyAsync(lori, default, Test));
    }

    private async Task<Guid> PersonAsync(int number) =>
        (await new IdentityStore(
        Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, Fixture.Plan, Fixture.Rows, Fixture.Lines)
            .ObtainAsync(ProjectId.Parse("shop"), PhoneNumber.Parse($"+1202555{number:0000}"), Sample.Now, Test)).Id;

    private static Device Device() =>
        new(Guid.CreateVersion7(Sample.Now), ProjectId.Parse("shop"), "key of the browser's", [48, 89, 0, 255], Sample.Now);
}

public sealed class DeviceStoreOnSqlite(SqliteFixture fixture) : DeviceStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class DeviceStoreOnPostgres(PostgresFixture fixture) : DeviceStoreContract(fixture), IClassFixture<PostgresFixture>;
