using System.Security.Cryptography;
using Countersign.Core;
using Countersign.Core.Administration;
using Countersign.Core.Devices;
using Countersign.Core.Enrolments;
using Countersign.Core.Keys;
using Countersign.Core.Projects;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Storage.Tests;

/// <summary>Who can write the database and has no key changes what decides.</summary>
public abstract class RowSealsContract(StoreFixture fixture) : StoreContract(fixture)
{
    private static readonly ProjectId _shop = ProjectId.Parse("shop");
    private static readonly ClientId _client = ClientId.Parse("client");
    private static readonly DateTimeOffset _now = DateTimeOffset.FromUnixTimeMilliseconds(Sample.Now.ToUnixTimeMilliseconds());
    private static readonly Guid _device = Guid.CreateVersion7(_now);
    private static readonly byte[] _credential = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    private readonly FakeTimeProvider _time = new(Sample.Now);
    private readonly Kept _keys = new();
    private KeyRing? _ring;
    private Stores? _stores;
    private Guid _alias;

    private KeyRing Ring => _ring ??= new KeyRing(_keys, _time);

    private Stores Now => _stores ??= new Stores(Fixture, Ring);

    public static TheoryData<string, string, object?> Changes => new()
    {
        { "devices", "public_key", new byte[] { 9 } },
        { "devices", "key_id", "other" },
        { "devices", "project_id", "bank" },
        { "devices", "created_at", 9_000_000_000_000 },
        { "devices", "ages_from", 9_000_000_000_000 },
        { "devices", "vouched_by", new byte[16] },
        { "devices", "identity_id", new byte[16] },
        { "devices", "seal", null },
        { "devices", "tie_seal", null },
        { "passkeys", "device_id", new byte[16] },
        { "passkeys", "seal", null },
        { "identity_aliases", "identity_id", null },
        { "identity_aliases", "seal", null },
        { "projects", "settings", """{"countries":["US"]}""" },
        { "projects", "kept", """{"GuessProbability":true}""" },
        { "projects", "name", "Another" },
        { "projects", "origin", 1L },
        { "projects", "seal", null },
        { "clients", "secret_hash", new byte[32] },
        { "clients", "former_secret_hash", new byte[32] },
        { "clients", "former_expires_at", 9_000_000_000_000 },
        { "clients", "project_id", "bank" },
        { "clients", "keys", "{}" },
        { "clients", "seal", null },
        { "admin_keys", "secret_hash", new byte[32] },
        { "admin_keys", "scopes", "read write" },
        { "admin_keys", "projects", null },
        { "admin_keys", "expires_at", 9_000_000_000_000 },
        { "admin_keys", "name", "other" },
        { "admin_keys", "seal", null },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_row_that_somebody_changed_is_not_there(string table, string column, object? value)
    {
        await FillAsync();
        Assert.True(await IsThereAsync(table));

        // Whom an alias leads to: somebody who is there.
        var isOfAlias = (table, column) is ("identity_aliases", "identity_id");
        await SetAsync(table, column, isOfAlias ? (await OtherAsync()).ToByteArray(bigEndian: true) : value);

        Assert.False(await IsThereAsync(table));
    }

    [Fact]
    public async Task A_project_or_client_that_somebody_changed_is_made_anew_and_one_that_is_as_it_was_is_not()
    {
        await FillAsync();
        var (project, client) = ((await Now.Projects.FindProjectAsync(_shop, Test))!, (await Now.Projects.FindClientAsync(_client, Test))!);
        Assert.Equal((false, false), (await Now.Projects.TryAddAsync(project, Test), await Now.Projects.TryAddAsync(client, Test)));
        await SetAsync("projects", "name", "Another");
        await SetAsync("clients", "project_id", "bank");

        Assert.Equal((true, true), (await Now.Projects.TryAddAsync(project, Test), await Now.Projects.TryAddAsync(client, Test)));

        Assert.Equal(project.Name, (await Now.Projects.FindProjectAsync(_shop, Test))?.Name);
        Assert.Equal(_shop, (await Now.Projects.FindClientAsync(_client, Test))?.ProjectId);
        Assert.Equal((false, false), (await Now.Projects.TryAddAsync(project, Test), await Now.Projects.TryAddAsync(client, Test)));
    }

    [Fact]
    public async Task A_seal_of_another_row_does_not_help()
    {
        await FillAsync();
        var other = new Device(Guid.CreateVersion7(_now), _shop, "key-1", [1, 2, 3], _now, await OtherAsync());
        await Now.Devices.AddAsync(other, Test);

        await Fixture.Database.WriteAsync(
            [
                new Statement(
                    """
                    UPDATE devices
                    SET identity_id = (SELECT o.identity_id FROM devices o WHERE o.id <> @id),
                        tie_seal = (SELECT o.tie_seal FROM devices o WHERE o.id <> @id)
                    WHERE id = @id
                    """,
                    ("@id", _device.ToByteArray(bigEndian: true))),
            ],
            Test);

        Assert.Null(await Now.Devices.FindAsync(_device, Test));
        Assert.NotNull(await Now.Devices.FindAsync(other.Id, Test));
    }

    [Fact]
    public async Task What_was_revoked_ended_or_untied_is_not_made_good_again()
    {
        var person = await FillAsync();
        await Now.AdminKeys.TryEndAsync("desk", _now, Test);
        await Now.Identities.LeaveNumberAsync(_shop, person.Id, _now, Test);
        Assert.Null((await Now.Devices.FindAsync(_device, Test))!.IdentityId);
        await SetAsync("admin_keys", "ended_at", null, SqlType.Number);
        await SetAsync("devices", "identity_id", person.Id.ToByteArray(bigEndian: true));
        Assert.Null(await Now.Devices.FindAsync(_device, Test));
        await SetAsync("devices", "identity_id", null);
        await Now.Devices.RevokeAsync(_device, _shop, Test);
        Assert.True((await Now.Devices.FindAsync(_device, Test))!.IsRevoked);

        await SetAsync("devices", "is_revoked", 0L);

        Assert.Null(await Now.Devices.FindAsync(_device, Test));
        Assert.Empty(await Now.AdminKeys.ListAsync(Test));
    }

    [Fact]
    public async Task What_servers_change_stays_good_also_over_a_change_of_the_key()
    {
        await FillAsync();
        var client = (await Now.Projects.FindClientAsync(_client, Test))!;
        for (var i = 0; i < 2; i++)
        {
            var other = await OtherAsync($"+1202555015{i}");
            var tied = (await Now.Devices.FindAsync(_device, Test))!.IdentityId;
            Assert.True(await Now.Devices.TryBindAsync(_device, tied, other, Test));
            Assert.Equal(other, (await Now.Devices.FindAsync(_device, Test))!.IdentityId);
            var rotated = client with { Secret = Sample.Hash(10 + i), Former = new FormerSecret(client.Secret, _now.AddDays(1)) };
            Assert.True(await Now.Projects.TryRotateAsync(rotated, client.Secret, Test));
            Assert.False(await Now.Projects.TryRotateAsync(rotated, client.Secret, Test));
            Assert.True(await Now.Projects.TrySetKeysAsync(_client, ClientKeys.None, Test));
            client = (await Now.Projects.FindClientAsync(_client, Test))!;
            Assert.Equal((rotated.Secret, rotated.Former!.Secret), (client.Secret, client.Former!.Secret));

            _keys.Value = _keys.Value.With(new KeptKey(MasterKey.New(), _time.GetUtcNow()));
            _time.Advance(HashSealer.Lag);
            Ring.Reload();
            await Now.Resealing.CatchUpAsync(Test);
        }

        Assert.Equal([Ring.Sealing.Id], (await Now.Resealing.CountAsync(Test)).Keys);
        foreach (var table in (string[])["devices", "passkeys", "identity_aliases", "projects", "clients", "admin_keys"])
        {
            Assert.True(await IsThereAsync(table), table);
        }
    }

    [Fact]
    public async Task A_change_of_the_key_makes_nothing_good_that_somebody_changed()
    {
        await FillAsync();
        await SetAsync("projects", "settings", "{}");
        await SetAsync("devices", "tie_seal", null);
        _keys.Value = _keys.Value.With(new KeptKey(MasterKey.New(), _time.GetUtcNow()));
        _time.Advance(HashSealer.Lag);
        Ring.Reload();

        await Now.Resealing.CatchUpAsync(Test);

        Assert.Equal((false, false), (await IsThereAsync("projects"), await IsThereAsync("devices")));
    }

    [Fact]
    public async Task A_server_that_has_not_heard_of_the_next_key_finds_all_rows_or_knows_that_it_lacks_it()
    {
        await Now.Keys.GetOrAddAsync("k1", [1, 2, 3], _now, Test);
        await FillAsync();
        var ring = new KeyRing(new Kept { Value = _keys.Value }, _time);
        var behind = new Stores(Fixture, ring);
        _keys.Value = _keys.Value.With(new KeptKey(MasterKey.New(), _time.GetUtcNow()));
        Ring.Reload();
        await Now.Projects.PutAsync(new Project(_shop, "The shop", new ProjectSettings()), Test);
        await Now.Resealing.CatchUpAsync(Test);

        Assert.NotNull(await behind.Projects.FindProjectAsync(_shop, Test));
        Assert.NotNull(await behind.Devices.FindAsync(_device, Test));
        _time.Advance(HashSealer.Lag);
        await Now.Resealing.CatchUpAsync(Test);
        ring.Need(await behind.Resealing.KeysOfTokenKeysAsync(Test));

        await Assert.ThrowsAsync<UnavailableException>(() => behind.Projects.FindProjectAsync(_shop, Test));
        Assert.NotNull(await Now.Projects.FindProjectAsync(_shop, Test));
        Assert.Equal([Ring.Sealing.Id], (await Now.Resealing.CountAsync(Test)).Keys);
    }

    [Fact]
    public async Task Rows_from_before_the_upgrade_are_taken_once_and_get_their_seals()
    {
        var upkeep = await MakeFormerStoreAsync();
        await upkeep.BeginAsync(Test);
        Assert.True(await IsThereAsync("devices") && await IsThereAsync("projects") && await IsThereAsync("identity_aliases"));

        await upkeep.CatchUpAsync(Test);

        Assert.False(Now.Rows.TakesUnsealed);
        foreach (var table in (string[])["devices", "passkeys", "identity_aliases", "projects", "clients", "admin_keys"])
        {
            Assert.True(await IsThereAsync(table), table);
        }
        await SetAsync("projects", "seal", null);
        Assert.False(await IsThereAsync("projects"));
    }

    [Fact]
    public async Task The_time_of_the_upgrade_does_not_come_again()
    {
        var upkeep = await MakeFormerStoreAsync();
        await upkeep.BeginAsync(Test);
        await upkeep.CatchUpAsync(Test);

        // A later start finds rows without seals, and keys that somebody copied, changed or took away.
        await SetAsync("devices", "seal", null);
        await Now.Keys.GetOrAddAsync("k2", [1, 2, 3], _now, Test);
        foreach (var sql in (string[])["UPDATE keys SET created_at = 0", "DELETE FROM keys WHERE id = 'k1'", "DELETE FROM keys"])
        {
            await Fixture.ExecuteAsync(sql);
            await Restarted().BeginAsync(Test);

            Assert.False(Now.Rows.TakesUnsealed);
            Assert.False(await IsThereAsync("devices"));
        }
    }

    [Fact]
    public async Task A_store_that_begins_with_seals_never_takes_rows_without()
    {
        await Restarted().BeginAsync(Test);
        await FillAsync();
        await SetAsync("clients", "seal", null);

        await Restarted().BeginAsync(Test);

        Assert.False(await IsThereAsync("clients"));
    }

    [Fact]
    public async Task A_node_that_is_under_way_ends_it_when_another_has()
    {
        var upkeep = await MakeFormerStoreAsync();
        await upkeep.BeginAsync(Test);
        var other = new Stores(Fixture, Ring);
        var second = UpkeepOf(other);
        await second.BeginAsync(Test);
        Assert.True(other.Rows.TakesUnsealed);

        await upkeep.CatchUpAsync(Test);
        await second.CatchUpAsync(Test);

        Assert.False(other.Rows.TakesUnsealed);
    }

    [Fact]
    public async Task A_server_of_before_reads_a_key_that_says_that_rows_have_seals()
    {
        using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await Now.Keys.GetOrAddAsync("k1", made.ExportPkcs8PrivateKey(), _now, Test);
        var stored = (await Fixture.Database.ReadAsync(
            new Statement("SELECT private_key FROM keys"), row => row.GetFieldValue<byte[]>(0), Test))[0];

        using var read = ECDsa.Create();
        read.ImportPkcs8PrivateKey(Now.Sealer.Open(stored, SigningKeyStore.PlaceOf("k1")), out _);

        Assert.Equal(made.ExportPkcs8PrivateKey(), read.ExportPkcs8PrivateKey());
        Assert.Equal(made.ExportPkcs8PrivateKey(), Assert.Single(await Now.Keys.ListAsync(Test)).PrivateKey);
    }

    private RowSealUpkeep Restarted() => UpkeepOf(_stores = new Stores(Fixture, Ring));

    private static RowSealUpkeep UpkeepOf(Stores stores) =>
        new(stores.Rows, stores.Keys, stores.Resealing, TimeProvider.System, NullLogger<RowSealUpkeep>.Instance);

    /// <summary>A store as a version left it that knew no seals.</summary>
    private async Task<RowSealUpkeep> MakeFormerStoreAsync()
    {
        Now.Rows.TakesUnsealed = true;
        await Now.Keys.GetOrAddAsync("k1", [1, 2, 3], _now, Test);
        await FillAsync();
        foreach (var table in (string[])["devices", "passkeys", "identity_aliases", "projects", "clients", "admin_keys"])
        {
            await SetAsync(table, "seal", null);
        }
        await SetAsync("devices", "tie_seal", null);
        return Restarted();
    }

    private async Task<ProjectIdentity> FillAsync()
    {
        await Now.Projects.PutAsync(new Project(_shop, "The shop", new ProjectSettings()), Test);
        await Now.Projects.PutAsync(
            new ApiClient(_client, _shop, Sample.Hash(3)) { Former = new FormerSecret(Sample.Hash(4), _now.AddDays(1)) }, Test);
        await Now.AdminKeys.TryAddAsync(
            new AdminKey("desk", Sample.Hash(6), new AdminRights([AdminScope.Read], [_shop]), _now, "ops"), Test);
        var person = await Now.Identities.ObtainAsync(_shop, Sample.Number, _now, Test);
        var device = new Device(_device, _shop, "key-1", [1, 2, 3], _now, person.Id);
        await Now.Devices.AddAsync(device, Test);
        Assert.True(await Now.Passkeys.TryAddAsync(
            device, "shop.example",
            new Passkey(_credential, [1, 2, 3], $"{_device}", Counter: 1, IsBackupEligible: false, IsBackedUp: false, ["internal"]), Test));
        _alias = Guid.CreateVersion7(_now);
        var id = _alias.ToByteArray(bigEndian: true);
        (string, SqlValue)[] values = [("@id", id), ("@project_id", _shop), ("@identity_id", person.Id.ToByteArray(bigEndian: true))];
        await Fixture.Database.WriteAsync(
            [
                new Statement(
                    "INSERT INTO identity_aliases (id, project_id, identity_id, seal) VALUES (@id, @project_id, @identity_id, @seal)",
                    [.. values, ("@seal", Now.Rows.SealOf(BoundColumns.Aliases, values))]),
            ],
            Test);
        return person;
    }

    private async Task<Guid> OtherAsync(string number = "+12025550143") =>
        (await Now.Identities.ObtainAsync(_shop, PhoneNumber.Parse(number), _now, Test)).Id;

    private async Task<bool> IsThereAsync(string table) => table switch
    {
        "devices" => await Now.Devices.FindAsync(_device, Test) is not null,
        "passkeys" => await Now.Passkeys.FindAsync(_shop, "shop.example", _credential, default, Test) is not null,
        "identity_aliases" => await Now.Identities.FindAsync(_shop, _alias, Test) is not null,
        "projects" => await Now.Projects.FindProjectAsync(_shop, Test) is not null
            && (await Now.Projects.ListProjectsAsync(Test)).Count == 1,
        "clients" => await Now.Projects.FindClientAsync(_client, Test) is not null
            && (await Now.Projects.ListClientsAsync(null, Test)).Count == 1,
        _ => (await Now.AdminKeys.ListAsync(Test)).Count == 1,
    };

    /// <summary>Writes as one would who has no key.</summary>
    private async Task SetAsync(string table, string column, object? value, SqlType type = SqlType.Bytes) =>
        await Fixture.Database.WriteAsync(
            [
                new Statement("", ("@value", value switch
                {
                    byte[] bytes => bytes,
                    string text => text,
                    long number => number,
                    _ when column == "projects" => (string?)null,
                    _ when type == SqlType.Number => (long?)null,
                    _ => (byte[]?)null,
                }))
                {
                    Sql = $"UPDATE {table} SET {column} = @value",
                },
            ],
            Test);
}

public sealed class RowSealsOnSqlite(SqliteFixture fixture) : RowSealsContract(fixture), IClassFixture<SqliteFixture>;

public sealed class RowSealsOnPostgres(PostgresFixture fixture) : RowSealsContract(fixture), IClassFixture<PostgresFixture>;
