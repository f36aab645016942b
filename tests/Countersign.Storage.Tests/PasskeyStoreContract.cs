using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Countersign.Core;
using Countersign.Core.Devices;
using Countersign.Core.Keys;

namespace Countersign.Storage.Tests;

public abstract class PasskeyStoreContract(StoreFixture fixture) : StoreContract(fixture)
{
    private const string Domain = "login.shop.example";
    private const int Many = 100;
    private const int Limit = 10;

    private static readonly Guid _lori = Guid.CreateVersion7(Sample.Now);

    private PasskeyStore Passkeys => new(Fixture.Database, Fixture.Sealer, Fixture.Rows);

    private DeviceStore Devices => new(Fixture.Database, Fixture.Rows, new EventOutbox(Fixture.Sealer), TimeProvider.System);

    [Fact]
    public async Task A_passkey_is_found_as_it_was_added_and_so_is_its_owner()
    {
        var owner = Device();
        var passkey = Passkey(owner) with
        {
            Counter = uint.MaxValue, IsBackupEligible = true, IsBackedUp = true, Transports = ["hybrid", "internal"]
        };

        Assert.True(await Passkeys.TryAddAsync(owner, Domain, passkey, Test));

        Assert.Equivalent(passkey, await Passkeys.FindAsync(ProjectId.Parse("shop"), Domain, passkey.CredentialId, default, Test),
            strict: true);
        var stored = await Devices.FindAsync(owner.Id, Test);
        Assert.Equivalent(owner with { CreatedAt = stored!.CreatedAt }, stored, strict: true);
    }

    [Fact]
    public async Task The_passkeys_of_a_removed_device_go_with_it_and_no_others()
    {
        var (owner, tied) = (Device() with { KeptUntil = Sample.Now }, Device() with { KeptUntil = Sample.Now, IdentityId = _lori });
        var (gone, kept) = (Passkey(owner), Passkey(tied));
        await Passkeys.TryAddAsync(owner, Domain, gone, Test);
        await Passkeys.TryAddAsync(tied, Domain, kept, Test);

        Assert.Equal(1, await Devices.RemoveUntiedAsync(Sample.Now, 100, Test));

        Assert.Null(await Devices.FindAsync(owner.Id, Test));
        Assert.NotNull(await Passkeys.FindAsync(ProjectId.Parse("shop"), Domain, kept.CredentialId, default, Test));
        Assert.Equal(1, await Fixture.CountAsync("passkeys"));
        // Its id may be registered again: the row is gone, not hidden.
        Assert.True(await Passkeys.TryAddAsync(owner, Domain, gone, Test));
    }

    [Fact]
    public async Task A_forgotten_passkey_is_gone_and_its_owner_stays()
    {
        var owner = Device();
        var passkey = Passkey(owner);
        await Passkeys.TryAddAsync(owner, Domain, passkey, Test);

        await Passkeys.ForgetAsync(ProjectId.Parse("bank"), Domain, passkey.CredentialId, Test);
        await Passkeys.ForgetAsync(ProjectId.Parse("shop"), "shop.example", passkey.CredentialId, Test);
        Assert.NotNull(await Passkeys.FindAsync(ProjectId.Parse("shop"), Domain, passkey.CredentialId, default, Test));
        await Passkeys.ForgetAsync(ProjectId.Parse("shop"), Domain, passkey.CredentialId, Test);

        Assert.Null(await Passkeys.FindAsync(ProjectId.Parse("shop"), Domain, passkey.CredentialId, default, Test));
        Assert.NotNull(await Devices.FindAsync(owner.Id, Test));
    }

    [Fact]
    public async Task An_owner_without_a_key_of_its_own_goes_with_its_last_passkey()
    {
        var (owner, other) = (Device() with { KeyId = null, PublicKey = null, IdentityId = _lori },
            Device() with { KeyId = null, PublicKey = null });
        var (first, second) = (Passkey(owner), Passkey(owner));
        await Passkeys.TryAddAsync(owner, Domain, first, Test);
        await Passkeys.TryAddAsync(owner, Domain, second, Test);
        await Passkeys.TryAddAsync(other, Domain, Passkey(other), Test);

        await Passkeys.ForgetAsync(ProjectId.Parse("bank"), Domain, first.CredentialId, Test);
        await Passkeys.ForgetAsync(ProjectId.Parse("shop"), Domain, first.CredentialId, Test);
        Assert.NotNull(await Devices.FindAsync(owner.Id, Test));
        await Passkeys.ForgetAsync(ProjectId.Parse("shop"), Domain, second.CredentialId, Test);

        Assert.Null(await Devices.FindAsync(owner.Id, Test));
        Assert.NotNull(await Devices.FindAsync(other.Id, Test));
        Assert.Equal(1, await Fixture.CountAsync("passkeys"));
    }

    [Fact]
    public async Task An_owner_without_a_key_of_its_own_has_none()
    {
        var owner = Device() with { KeyId = null, PublicKey = null };

        await Passkeys.TryAddAsync(owner, Domain, Passkey(owner), Test);

        var stored = await Devices.FindAsync(owner.Id, Test);
        Assert.Equal((null, null), (stored!.KeyId, stored.PublicKey));
    }

    [Fact]
    public async Task A_passkey_is_unknown_to_other_projects_and_under_other_domains()
    {
        var owner = Device();
        var passkey = Passkey(owner);
        await Passkeys.TryAddAsync(owner, Domain, passkey, Test);

        Assert.Null(await Passkeys.FindAsync(ProjectId.Parse("bank"), Domain, passkey.CredentialId, default, Test));
        Assert.Null(await Passkeys.FindAsync(ProjectId.Parse("shop"), "shop.example", passkey.CredentialId, default, Test));
        Assert.Null(await Passkeys.FindAsync(ProjectId.Parse("shop"), Domain, [1, 2, 3], default, Test));
        Assert.Empty(await Passkeys.OfDeviceAsync(ProjectId.Parse("bank"), Domain, owner.Id, default, Limit, Test));
        Assert.Empty(await Passkeys.OfDeviceAsync(ProjectId.Parse("shop"), "shop.example", owner.Id, default, Limit, Test));
    }

    [Theory]
    [InlineData("shop")]
    [InlineData("bank")]
    public async Task A_credential_id_is_registered_once(string project)
    {
        var first = Device();
        var second = Device() with { ProjectId = ProjectId.Parse(project) };
        var passkey = Passkey(first);
        await Passkeys.TryAddAsync(first, Domain, passkey, Test);

        var isAdded = await Passkeys.TryAddAsync(second, Domain, Passkey(second) with { CredentialId = passkey.CredentialId }, Test);

        Assert.False(isAdded);
        Assert.Equivalent(passkey, await Passkeys.FindAsync(ProjectId.Parse("shop"), Domain, passkey.CredentialId, default, Test),
            strict: true);
        Assert.Null(await Devices.FindAsync(second.Id, Test));
    }

    [Fact]
    public async Task Of_a_hundred_parallel_owners_one_has_its_passkey_stored()
    {
        var id = RandomNumberGenerator.GetBytes(32);
        var owners = Enumerable.Range(0, Many).Select(_ => Device()).ToArray();

        var added = await Task.WhenAll(owners.Select(owner => Task.Run(() =>
            Passkeys.TryAddAsync(owner, Domain, Passkey(owner) with { CredentialId = id }, Test), Test)));

        Assert.Single(added, isAdded => isAdded);
        var stored = await Passkeys.FindAsync(ProjectId.Parse("shop"), Domain, id, default, Test);
        Assert.Equal($"{owners[Array.IndexOf(added, true)].Id}", stored!.Owner);
        Assert.Equal(1, await Fixture.CountAsync("devices"));
    }

    [Fact]
    public async Task A_passkey_of_another_owner_is_a_mistake_of_the_caller()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Passkeys.TryAddAsync(Device(), Domain, Passkey(Device()), Test));

        Assert.Equal(0, await Fixture.CountAsync("passkeys"));
    }

    [Fact]
    public async Task The_newest_passkeys_of_a_person_are_listed_and_nobody_elses()
    {
        var owners = Enumerable.Range(0, 4)
            .Select(minute => Device() with { IdentityId = _lori, CreatedAt = Sample.Now.AddMinutes(minute) }).ToArray();
        var strangers = new[] { Device(), Device() with { IdentityId = Guid.CreateVersion7(Sample.Now) },
            Device() with { ProjectId = ProjectId.Parse("bank"), IdentityId = _lori } };
        foreach (var device in owners.Concat(strangers))
        {
            await Passkeys.TryAddAsync(device, Domain, Passkey(device), Test);
        }
        var elsewhere = Device() with { IdentityId = _lori };
        await Passkeys.TryAddAsync(elsewhere, "shop.example", Passkey(elsewhere), Test);
        await Devices.RevokeAsync(owners[2].Id, ProjectId.Parse("shop"), Test);

        var listed = await Passkeys.OfIdentityAsync(ProjectId.Parse("shop"), Domain, _lori, default, limit: 2, Test);

        Assert.Equal([$"{owners[3].Id}", $"{owners[1].Id}"], listed.Select(passkey => passkey.Owner));
    }

    [Fact]
    public async Task A_passkey_follows_its_device_to_its_person()
    {
        var owner = Device();
        await Passkeys.TryAddAsync(owner, Domain, Passkey(owner), Test);
        var lori = (await new IdentityStore(
        Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, Fixture.Plan, Fixture.Rows, Fixture.Lines).ObtainAsync(
            ProjectId.Parse("shop"), Sample.Number, Sample.Now, Test)).Id;
        var before = await Passkeys.OfIdentityAsync(ProjectId.Parse("shop"), Domain, lori, default, Limit, Test);

        await Devices.TryBindAsync(owner.Id, null, lori, Test);

        Assert.Empty(before);
        Assert.Single(await Passkeys.OfIdentityAsync(ProjectId.Parse("shop"), Domain, lori, default, Limit, Test));
    }

    [Fact]
    public async Task A_revoked_devices_passkey_proves_nothing()
    {
        var owner = Device() with { IdentityId = _lori };
        var passkey = Passkey(owner);
        await Passkeys.TryAddAsync(owner, Domain, passkey, Test);

        await Devices.RevokeAsync(owner.Id, ProjectId.Parse("shop"), Test);

        Assert.Null(await Passkeys.FindAsync(ProjectId.Parse("shop"), Domain, passkey.CredentialId, default, Test));
        Assert.Empty(await Passkeys.OfIdentityAsync(ProjectId.Parse("shop"), Domain, _lori, default, Limit, Test));
        Assert.Empty(await Passkeys.OfDeviceAsync(ProjectId.Parse("shop"), Domain, owner.Id, default, Limit, Test));
        Assert.False(await Passkeys.TryCountAsync(passkey with { Counter = 2 }, passkey.Counter, Test));
    }

    [Fact]
    public async Task Who_revokes_a_device_forgets_the_passkey_that_brought_it_in_and_leaves_other_keys()
    {
        var owner = Device();
        var brought = Device() with { VouchedBy = owner.Id };
        var sister = Device() with { VouchedBy = owner.Id };
        await Passkeys.TryAddAsync(owner, Domain, Passkey(owner), Test);
        await Devices.AddAsync(brought, Test);
        await Devices.AddAsync(sister, Test);

        var byAnother = await Devices.RevokeAsync(brought.Id, ProjectId.Parse("bank"), Test);
        var afterAnother = await Passkeys.OfDeviceAsync(ProjectId.Parse("shop"), Domain, owner.Id, default, Limit, Test);
        await Devices.RevokeAsync(brought.Id, ProjectId.Parse("shop"), Test);

        Assert.False(byAnother);
        Assert.Single(afterAnother);
        Assert.True((await Devices.FindAsync(brought.Id, Test))!.IsRevoked);
        Assert.Empty(await Passkeys.OfDeviceAsync(ProjectId.Parse("shop"), Domain, owner.Id, default, Limit, Test));
        Assert.False((await Devices.FindAsync(owner.Id, Test))!.IsRevoked);
        Assert.False((await Devices.FindAsync(sister.Id, Test))!.IsRevoked);
        Assert.Equal(owner.Id, (await Devices.FindAsync(sister.Id, Test))!.VouchedBy);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_device_forgets_its_passkeys_and_the_one_that_brought_it_in(bool asTheOneBroughtIn)
    {
        var owner = Device();
        var brought = Device() with { VouchedBy = owner.Id };
        var stranger = Device();
        await Passkeys.TryAddAsync(owner, Domain, Passkey(owner), Test);
        await Passkeys.TryAddAsync(stranger, Domain, Passkey(stranger), Test);
        await Devices.AddAsync(brought, Test);

        await Devices.ForgetPasskeysAsync((asTheOneBroughtIn ? brought : owner).Id, ProjectId.Parse("shop"), Test);

        Assert.Empty(await Passkeys.OfDeviceAsync(ProjectId.Parse("shop"), Domain, owner.Id, default, Limit, Test));
        Assert.Single(await Passkeys.OfDeviceAsync(ProjectId.Parse("shop"), Domain, stranger.Id, default, Limit, Test));
        Assert.False((await Devices.FindAsync(owner.Id, Test))!.IsRevoked);
    }

    [Fact]
    public async Task A_proof_is_counted_if_none_was_counted_since()
    {
        var owner = Device();
        var passkey = Passkey(owner);
        await Passkeys.TryAddAsync(owner, Domain, passkey, Test);
        var proven = passkey with { Counter = 7, IsBackedUp = true };

        var first = await Passkeys.TryCountAsync(proven, formerCounter: 1, Test);
        var second = await Passkeys.TryCountAsync(proven with { Counter = 8 }, formerCounter: 1, Test);

        Assert.Equal((true, false), (first, second));
        Assert.Equivalent(proven, await Passkeys.FindAsync(ProjectId.Parse("shop"), Domain, passkey.CredentialId, default, Test),
            strict: true);
        Assert.False(await Passkeys.TryCountAsync(proven with { CredentialId = [9] }, formerCounter: 7, Test));
    }

    [Fact]
    public async Task Of_a_hundred_parallel_proofs_with_one_counter_one_is_counted()
    {
        var owner = Device();
        var passkey = Passkey(owner);
        await Passkeys.TryAddAsync(owner, Domain, passkey, Test);

        var counted = await Task.WhenAll(Enumerable.Range(2, Many).Select(counter => Task.Run(() =>
            Passkeys.TryCountAsync(passkey with { Counter = (uint)counter }, formerCounter: 1, Test), Test)));

        Assert.Single(counted, isCounted => isCounted);
    }

    [Fact]
    public async Task An_authenticator_that_does_not_count_may_prove_again_and_again()
    {
        var owner = Device();
        var passkey = Passkey(owner) with { Counter = 0 };
        await Passkeys.TryAddAsync(owner, Domain, passkey, Test);

        Assert.True(await Passkeys.TryCountAsync(passkey, formerCounter: 0, Test));
        Assert.True(await Passkeys.TryCountAsync(passkey, formerCounter: 0, Test));
    }

    [Fact]
    public async Task The_key_of_a_passkey_stands_nowhere_in_clear()
    {
        var owner = Device();
        var passkey = Passkey(owner);
        await Passkeys.TryAddAsync(owner, Domain, passkey, Test);

        var dump = await Fixture.DumpAsync();

        Assert.DoesNotContain(dump, value => value is byte[] bytes && bytes.AsSpan().IndexOf(passkey.PublicKey) >= 0);
        Assert.DoesNotContain(
            dump, value =>
                Convert.ToString(value, CultureInfo.InvariantCulture)!.Contains(
                    Convert.ToBase64String(passkey.PublicKey), StringComparison.Ordinal));
        Assert.DoesNotContain(dump, value =>
            value is byte[] bytes && Encoding.UTF8.GetString(bytes).Contains("internal", StringComparison.Ordinal));
    }

    private static Device Device() => new(Guid.CreateVersion7(Sample.Now), ProjectId.Parse("shop"), "key-1", [1, 2, 3], Sample.Now);

    private static Passkey Passkey(Device owner) => new(
        RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(77), $"{owner.Id}", Counter: 1, IsBackupEligible: false,
        IsBackedUp: false, ["internal"]);
}

public sealed class PasskeyStoreOnSqlite(SqliteFixture fixture) : PasskeyStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class PasskeyStoreOnPostgres(PostgresFixture fixture) : PasskeyStoreContract(fixture), IClassFixture<PostgresFixture>;
