using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Countersign.Core;
using Countersign.Core.Administration;
using Countersign.Core.Audit;
using Countersign.Core.Devices;
using Countersign.Core.Events;
using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Core.Keys;
using Countersign.Core.Limits;
using Countersign.Core.Projects;
using Countersign.Core.Receipts;
using Countersign.Core.Texts;
using Countersign.Providers.Numbers;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Storage.Tests;

/// <summary>A change of the key, over every table.</summary>
public abstract class ResealingContract(StoreFixture fixture) : StoreContract(fixture)
{
    private const string Lori = "+12025550142,Lori,Montgomery,1980-05-06\n";
    private static readonly ProjectId _shop = ProjectId.Parse("shop");
    private static readonly SecretHash _link = Sample.Hash(5);
    private static readonly KeyedCall _call = new(Sample.Hash(1), Sample.Hash(2), Sample.Now, DateTimeOffset.UnixEpoch);

    private static readonly GatewayName _gateway = GatewayName.Parse("alpha");
    private static readonly SignedContent _request = new(new Secret("a signed request"), HasTime: false);
    private static readonly SignedContent _timed = new(new Secret("a signed request with a time"), HasTime: true);

    private readonly Flow _over = Sample.Flow(Sample.Now.AddHours(-1)) with
    {
        ClientRequestId = "former request", ClientCustomerId = "former customer",
    };

    private readonly Flow _waiting = Sample.Flow() with
    {
        ProjectId = ProjectId.Parse("waiting"), Number = PhoneNumber.Parse("+12025550199"),
    };

    private readonly Webhook _webhook = new(
        WebhookId.New(), _shop, new Uri("https://shop.example/hook"), [], IsOn: true, WebhookSecret.New(), Sample.Now);

    private readonly FakeTimeProvider _time = new(Sample.Now);
    private readonly Kept _keys = new();
    private KeyRing? _ring;
    private Stores? _stores;

    private KeyRing Ring => _ring ??= new KeyRing(_keys, _time);

    private Stores Now => _stores ??= new Stores(Fixture, Ring);

    [Fact]
    public async Task Until_it_is_sealed_anew_everything_is_found_and_afterwards_too()
    {
        var before = await FillAsync();
        Rotate();

        await AssertAllFoundAsync(before);
        var counts = await Now.Resealing.CatchUpAsync(Test);
        await AssertAllFoundAsync(before);
        Assert.Equal(0, counts.Unreadable);
        Assert.Equal(new ResealCounts(), await Now.Resealing.CatchUpAsync(Test));

        // And again, from a key that is not the first.
        Rotate();
        await AssertAllFoundAsync(before);
        await Now.Resealing.CatchUpAsync(Test);
        Assert.Equal([Ring.Sealing.Id], (await Now.Resealing.CountAsync(Test)).Keys);
        _keys.Value = _keys.Value.Without(_keys.Value.Keys[0].Key.Id).Without(_keys.Value.Keys[1].Key.Id);
        Ring.Reload();
        await AssertAllFoundAsync(before);
    }

    [Fact]
    public async Task Afterwards_the_old_key_opens_nothing_and_no_hash_is_left()
    {
        await FillAsync();
        var old = _keys.Value;
        var former = await ValuesAsync();
        Rotate();

        await Now.Resealing.CatchUpAsync(Test);

        Assert.Equal([Ring.Sealing.Id], (await Now.Resealing.CountAsync(Test)).Keys);
        var withOldKey = new Stores(Fixture, new KeyRing(new Kept { Value = old }, _time));
        await Assert.ThrowsAnyAsync<CryptographicException>(() => withOldKey.Keys.ListAsync(Test));
        Assert.Null(await withOldKey.Identities.FindAsync(_shop, Sample.Number, Test));
        Assert.Null(await withOldKey.Flows.FindByLinkAsync(_link, Test));
        Assert.Empty(await withOldKey.Texts.ListAsync(Sample.Number, Test));
        Assert.Empty(await withOldKey.Suppressions.ListAsync(Sample.Number, 10, Test));
        Assert.Empty(await withOldKey.Records.FindAsync(Sample.Number, Sample.Shop, Sample.Now, Test));
        Assert.Null(await withOldKey.Verified.FindAsync(_shop, Sample.Number, Test));
        Assert.Empty((await withOldKey.Counters.ReadAsync(CounterOf(withOldKey), Test)).Charges);
        Assert.False(await withOldKey.Taken.WasTakenAsync(_gateway, _request, Test));
        Assert.False(await withOldKey.Taken.WasTakenAsync(_gateway, _timed, Test));

        // Every value of bytes that is as it was is one that nothing is derived from: whoever adds a column of another kind sees it here.
        var unchanged = (await ValuesAsync()).Where(former.Contains).Select(value => value.Column).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(
            [
                "audit_entries.hash", "audit_entries.previous",
                "counters.charge_id", "devices.id", "devices.public_key", "event_outbox.flow_id", "event_outbox.id", "events.flow_id",
                "events.id", "flows.id", "flows.last_text",
                "identities.id", "identities.number_hash", "outcomes.id", "passkeys.credential_id", "passkeys.device_id",
                "projects.issuer_id", "projects.pcid", "receipts.flow_id", "texts.flow_id", "texts.id",
            ],
            unchanged);
        var left = (await ValuesAsync()).Where(value => value.Column == "identities.number_hash" && former.Contains(value));
        Assert.Equal(16, Convert.FromHexString(Assert.Single(left).Hex).Length);
    }

    [Fact]
    public async Task What_is_changed_meanwhile_stays_as_it_was_changed()
    {
        var flow = Sample.Flow();
        await Now.Flows.AddAsync(flow, Test);
        Rotate();
        var read = (await Now.Flows.FindAsync(flow.Id, Test))!;

        await Task.WhenAll(
            Now.Resealing.CatchUpAsync(Test),
            Now.Flows.TrySaveAsync(Save(read with { FinalTargetUrl = "https://shop.example/other" }), Test));
        await Now.Resealing.CatchUpAsync(Test);

        Assert.Equal("https://shop.example/other", (await Now.Flows.FindAsync(flow.Id, Test))!.FinalTargetUrl);
        Assert.Equal([Ring.Sealing.Id], (await Now.Resealing.CountAsync(Test)).Keys);
    }

    [Fact]
    public async Task What_counts_once_counts_once_over_a_change_of_the_key()
    {
        await FillAsync();
        Rotate();

        Assert.False(await Now.Assertions.TryTakeAsync(ClientId.Parse("client"), "id", Sample.Now, Test));
        Assert.IsType<Remembered.Answered>(await Now.Idempotency.KeepAsync(new KeyedAnswer(_call, "other"u8.ToArray()), Test));
        var counter = await Now.Counters.ReadAsync(CounterOf(Now), Test);
        Assert.Single(counter.Charges);
        Assert.False(await Now.Counters.TrySaveAsync(Charged(Counter.Empty(counter.Key)), Test));
        Assert.True(await Now.Counters.TrySaveAsync(Charged(counter), Test));
        Assert.Equal(1, await Fixture.CountAsync("counters"));
        await Now.Resealing.CatchUpAsync(Test);
        Assert.Equal(2, (await Now.Counters.ReadAsync(CounterOf(Now), Test)).Charges.Count);
    }

    [Fact]
    public async Task An_import_finds_the_records_that_it_brings_again()
    {
        await ImportAsync(Lori);
        Rotate();

        Assert.Equal(new ImportCounts(Unchanged: 1), await ImportAsync(Lori));
        Assert.Equal(1, await Fixture.CountAsync("person_records"));
    }

    [Fact]
    public async Task A_node_without_the_key_that_others_seal_with_refuses_instead_of_finding_nothing()
    {
        await Now.Keys.GetOrAddAsync("k1", [1, 2, 3], Sample.Now, Test);
        await Now.Suppressions.SuppressAsync(Sample.Number, "MyBrand", Sample.Now, Test);
        var late = new Kept { Value = _keys.Value };
        var ring = new KeyRing(late, _time);
        var behind = new Stores(Fixture, ring);
        var probe = new KeyProbe(Fixture.Database, ring, behind.Days);
        Rotate();
        await UpkeepOf(Now, Ring).CatchUpAsync(Test);
        await probe.PingAsync(Test);

        await Assert.ThrowsAsync<KeyStoreException>(() => UpkeepOf(behind, ring).CatchUpAsync(Test));

        await Assert.ThrowsAsync<UnavailableException>(() => behind.Suppressions.IsSuppressedAsync(Sample.Number, "MyBrand", Test));
        await Assert.ThrowsAsync<UnavailableException>(() => probe.PingAsync(Test));
        late.Value = _keys.Value;
        await UpkeepOf(behind, ring).CatchUpAsync(Test);
        await probe.PingAsync(Test);
        Assert.True(await behind.Suppressions.IsSuppressedAsync(Sample.Number, "MyBrand", Test));
    }

    [Fact]
    public async Task What_a_node_wrote_that_did_not_hear_of_the_last_change_is_found()
    {
        var behind = new Stores(Fixture, new KeyRing(new Kept { Value = _keys.Value }, _time)) { LineKeys = Now.LineKeys };
        Rotate();
        _keys.Value = _keys.Value.Without(_keys.Value.Keys[0].Key.Id);
        Ring.Reload();

        await behind.Suppressions.SuppressAsync(Sample.Number, "MyBrand", Sample.Now, Test);

        Assert.True(await Now.Suppressions.IsSuppressedAsync(Sample.Number, "MyBrand", Test));
        Assert.True((await Now.Resealing.CountAsync(Test))[KeyId.None] > 0);
    }

    [Fact]
    public async Task Of_two_rows_of_one_place_the_one_under_the_newer_key_stays()
    {
        await Now.Suppressions.SuppressAsync(Sample.Number, "MyBrand", Sample.Now, Test);
        await Now.Identities.ObtainAsync(_shop, Sample.Number, Sample.Now, Test);
        var former = _keys.Value;
        Rotate();
        // As a node that has not read the first key.
        var elsewhere = new Stores(
            Fixture, new KeyRing(
                new Kept { Value = _keys.Value.Without(former.Keys[0].Key.Id) with { First = MasterKey.New().Id } }, _time))
        {
            LineKeys = Now.LineKeys,
        };
        await elsewhere.Suppressions.SuppressAsync(Sample.Number, "MyBrand", Sample.Now.AddSeconds(1), Test);
        await elsewhere.Identities.ObtainAsync(_shop, Sample.Number, Sample.Now.AddSeconds(1), Test);

        await Now.Resealing.CatchUpAsync(Test);
        await Now.Lines.CatchUpAsync(10, Test);

        Assert.Equal((1, 1), (await Fixture.CountAsync("suppressions"), await Fixture.CountAsync("identities")));
        Assert.Equal(1, await Fixture.CountAsync("identity_aliases"));
        Assert.Equal([Ring.Sealing.Id], (await Now.Resealing.CountAsync(Test)).Keys);
    }

    [Fact]
    public async Task An_older_state_put_back_beside_the_newer_version_does_not_open()
    {
        var flow = Sample.Flow();
        await Now.Flows.AddAsync(flow, Test);
        await Fixture.ExecuteAsync("CREATE TABLE kept_states AS SELECT state FROM flows");
        try
        {
            await Now.Flows.TrySaveAsync(Save((await Now.Flows.FindAsync(flow.Id, Test))!), Test);

            await Fixture.ExecuteAsync("UPDATE flows SET state = (SELECT state FROM kept_states)");

            await Assert.ThrowsAnyAsync<CryptographicException>(() => Now.Flows.FindAsync(flow.Id, Test));
        }
        finally
        {
            await Fixture.ExecuteAsync("DROP TABLE kept_states");
        }
    }

    [Fact]
    public async Task A_row_from_before_keys_had_ids_is_read_changed_and_sealed_anew()
    {
        var (read, changed) = (Sample.Flow(), Sample.Flow(Sample.Now.AddSeconds(1)));
        foreach (var flow in new[] { read, changed })
        {
            await Now.Flows.AddAsync(flow, Test);
            await Fixture.Database.WriteAsync(
                [
                    new Statement(
                        "UPDATE flows SET state = @state WHERE id = @id", ("@state", SealedFormerly(flow)), ("@id", flow.Id.ToBytes())),
                ],
                Test);
        }

        Assert.Equal(Sample.Json(read), Sample.Json(await Now.Flows.FindAsync(read.Id, Test)));
        Assert.True(await Now.Flows.TrySaveAsync(Save((await Now.Flows.FindAsync(changed.Id, Test))!), Test));
        Assert.Equal(1, (await Now.Flows.FindAsync(changed.Id, Test))!.Version);
        Rotate();
        // With each flow the event that tells of it.
        Assert.Equal(new ResealCounts(Resealed: 4), await Now.Resealing.CatchUpAsync(Test));
        Assert.Equal(Sample.Json(read), Sample.Json(await Now.Flows.FindAsync(read.Id, Test)));
    }

    [Fact]
    public async Task A_row_that_cannot_be_opened_keeps_no_other_waiting()
    {
        var (first, second) = (Sample.Flow(), Sample.Flow(Sample.Now.AddSeconds(1)));
        await new Stores(Fixture, KeyRing.Of(MasterKey.New(), _time)).Flows.AddAsync(first, Test);
        await Now.Flows.AddAsync(second, Test);
        Rotate();

        // With each flow the event that tells of it.
        Assert.Equal(new ResealCounts(Resealed: 2, Unreadable: 2), await Now.Resealing.CatchUpAsync(Test));
        Assert.NotNull(await Now.Flows.FindAsync(second.Id, Test));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(12)]
    public async Task What_was_broken_off_is_found_and_another_server_goes_on_with_it(int writes)
    {
        var before = await FillAsync();
        Rotate();
        var breaking = new Resealing(
            new BreakingDatabase(Fixture.Database, writes), Now.Sealer, Now.Hashes, Now.Rows, Now.LineKeys, Fixture.Keys);

        await Assert.ThrowsAsync<IOException>(() => breaking.CatchUpAsync(Test));

        await AssertAllFoundAsync(before);
        await Now.Resealing.CatchUpAsync(Test);
        await AssertAllFoundAsync(before);
        Assert.Equal([Ring.Sealing.Id], (await Now.Resealing.CountAsync(Test)).Keys);
    }

    [Fact]
    public async Task When_the_clock_is_set_back_the_former_key_seals_again_and_everything_is_found()
    {
        var before = await FillAsync();
        var former = Ring.Sealing.Id;
        Rotate();
        await Now.Resealing.CatchUpAsync(Test);
        var back = new KeyRing(_keys, new FakeTimeProvider(Sample.Now.AddSeconds(-1)));
        Assert.Equal(former, back.Sealing.Id);
        var there = new Stores(Fixture, back);

        var other = PhoneNumber.Parse("+12025550144");
        await there.Verified.RecordAsync(_shop, other, Sample.Now, Test);
        await there.Projects.PutAsync(new Project(_shop, "The shop", new ProjectSettings()), Test);

        Assert.NotNull(await Now.Verified.FindAsync(_shop, other, Test));
        Assert.NotNull(await Now.Projects.FindProjectAsync(_shop, Test));
        await there.Resealing.CatchUpAsync(Test);
        await AssertAllFoundAsync(before);
        await Now.Resealing.CatchUpAsync(Test);
        await AssertAllFoundAsync(before);
        Assert.Equal([Ring.Sealing.Id], (await Now.Resealing.CountAsync(Test)).Keys);
    }

    [Fact]
    public async Task A_server_that_was_away_while_a_key_was_replaced_and_retired_refuses_until_it_has_the_file()
    {
        var before = await FillAsync();
        var away = new Kept { Value = _keys.Value };
        Rotate();
        for (var looks = 0; looks < 2; looks++)
        {
            await UpkeepOf(Now, Ring).CatchUpAsync(Test);
        }
        _keys.Value = _keys.Value.Without(_keys.Value.Keys[0].Key.Id);
        Ring.Reload();
        var ring = new KeyRing(away, _time);
        var back = new Stores(Fixture, ring);

        await Assert.ThrowsAsync<KeyStoreException>(() => UpkeepOf(back, ring).CatchUpAsync(Test));

        await Assert.ThrowsAsync<UnavailableException>(() => back.Projects.FindProjectAsync(_shop, Test));
        await Assert.ThrowsAsync<UnavailableException>(() => back.Identities.FindAsync(_shop, Sample.Number, Test));
        away.Value = _keys.Value;
        await UpkeepOf(back, ring).CatchUpAsync(Test);
        Assert.NotNull(await back.Projects.FindProjectAsync(_shop, Test));
        await AssertAllFoundAsync(before);
    }

    [Fact]
    public async Task Of_two_that_each_made_a_key_neither_goes_on_alone()
    {
        await FillAsync();
        var elsewhere = new Kept { Value = _keys.Value };
        var ring = new KeyRing(elsewhere, _time);
        elsewhere.Value = _keys.Value.With(new KeptKey(MasterKey.New(), _time.GetUtcNow()));
        ring.Reload();
        var other = new Stores(Fixture, ring);
        await other.Keys.GetOrAddAsync("k2", [1, 2, 3], Sample.Now, Test);
        Rotate();
        await Now.Keys.GetOrAddAsync("k3", [1, 2, 3], Sample.Now, Test);

        await Assert.ThrowsAsync<KeyStoreException>(() => UpkeepOf(Now, Ring).CatchUpAsync(Test));
        await Assert.ThrowsAsync<KeyStoreException>(() => UpkeepOf(other, ring).CatchUpAsync(Test));

        // Whoever puts both into one file has lost nothing.
        var both = _keys.Value.With(elsewhere.Value.Keys[1]);
        (_keys.Value, elsewhere.Value) = (both, both);
        await UpkeepOf(Now, Ring).CatchUpAsync(Test);
        await UpkeepOf(other, ring).CatchUpAsync(Test);
        Assert.Equal(3, (await Now.Keys.ListAsync(Test)).Count);
    }

    /// <summary>As the former version did: format, nonce, tag, ciphertext; one key for all.</summary>
    private byte[] SealedFormerly(Flow flow)
    {
        var clear = JsonSerializer.SerializeToUtf8Bytes(flow, StoredJson.Default.Flow);
        var (nonce, tag, ciphertext) = (RandomNumberGenerator.GetBytes(12), new byte[16], new byte[clear.Length]);
        using var cipher = new AesGcm(_keys.Value.Keys[0].Key.Derive("seal"), tag.Length);
        cipher.Encrypt(nonce, clear, ciphertext, tag, Encoding.UTF8.GetBytes($"flows.state:{flow.Id}"));
        return [1, .. nonce, .. tag, .. ciphertext];
    }

    private static Decision Save(Flow flow) => new(flow, null);

    private static CounterKey CounterOf(Stores stores) => new CounterKeys(stores.Hasher).OfGuesses(Sample.Number);

    private static CounterChange Charged(Counter read) =>
        new(read, read.With(new Charge(Sample.Now, 1, 1), TimeSpan.FromDays(1)), TimeSpan.FromDays(1));

    private void Rotate()
    {
        _keys.Value = _keys.Value.With(new KeptKey(MasterKey.New(), _time.GetUtcNow()));
        _time.Advance(HashSealer.Lag);
        Ring.Reload();
    }

    /// <summary>A row or more in every table that has something sealed or a hash.</summary>
    private async Task<(Flow Flow, Passkey Passkey, Device Owner)> FillAsync()
    {
        await Now.Projects.PutAsync(new Project(_shop, "The shop", new ProjectSettings()), Test);
        var client = new ApiClient(ClientId.Parse("client"), _shop, Sample.Hash(3))
        {
            Former = new FormerSecret(Sample.Hash(4), Sample.Now.AddDays(1)),
        };
        await Now.Projects.PutAsync(client, Test);
        await Now.AdminKeys.TryAddAsync(new AdminKey("desk", Sample.Hash(6), AdminRights.All, Sample.Now, "ops"), Test);
        await Now.Keys.GetOrAddAsync("k1", [1, 2, 3], Sample.Now, Test);
        var flow = Sample.Flow() with { ClientRequestId = "request", ClientCustomerId = "customer" };
        await Now.Flows.AddAsync(flow, Test);
        Assert.True(await Now.Flows.TrySaveAsync(
            new Decision(flow.WithLink(_link, Sample.Now.AddMinutes(5)), Sample.Text(flow)), Test));
        await Now.Flows.AddAsync(_over, Test);
        await Now.Outcomes.ReplaceAsync([new ReplacedFlow(Outcome.Of(_over, [], "US", null), _over.Version)], Test);
        await Now.Receipts.GetOrAddAsync(
            new KeptReceipt(
                _over.Id, _shop, "signed", Sample.Now.AddDays(30), new ReceiptKey("k0", [1, 2, 3], Sample.Now.AddYears(10))),
            Test);
        await Now.Events.PublishAsync(Sample.Now, Test);
        await Now.Flows.AddAsync(_waiting, Test);
        Assert.True(await Now.Webhooks.TryAddAsync(_webhook, Test));
        await Now.Idempotency.KeepAsync(new KeyedAnswer(_call, "answer"u8.ToArray()), Test);
        await Now.Suppressions.SuppressAsync(Sample.Number, "MyBrand", Sample.Now, Test);
        await Now.Taken.RecordAsync(_gateway, _request, Sample.Now, Test);
        await Now.Taken.RecordAsync(_gateway, _timed, Sample.Now, Test);
        await Now.Assertions.TryTakeAsync(ClientId.Parse("client"), "id", Sample.Now, Test);
        await Now.Verified.RecordAsync(_shop, Sample.Number, Sample.Now, Test);
        Assert.True(await Now.Counters.TrySaveAsync(Charged(Counter.Empty(CounterOf(Now))), Test));
        await Now.Identities.ObtainAsync(_shop, Sample.Number, Sample.Now, Test);
        var leaver = await Now.Identities.ObtainAsync(_shop, PhoneNumber.Parse("+12025550143"), Sample.Now, Test);
        await Now.Identities.LeaveNumberAsync(_shop, leaver.Id, Sample.Now, Test);
        var owner = new Device(Guid.CreateVersion7(Sample.Now), _shop, "key-1", [1, 2, 3], Sample.Now);
        var passkey = new Passkey(
            RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(77), $"{owner.Id}", Counter: 1, IsBackupEligible: false,
            IsBackedUp: false, ["internal"]);
        Assert.True(await Now.Passkeys.TryAddAsync(owner, "shop.example", passkey, Test));
        await ImportAsync(Lori);
        await AuditAsync();
        return (flow, passkey, owner);
    }

    /// <summary>An entry that is linked, one that waits, and the key that signs.</summary>
    private async Task AuditAsync()
    {
        var act = new AuditAct(AuditKind.Admin, "admin-key:ops", "findFlows") { Subject = Person };
        var (linked, waiting) = (AuditEntry.Of("run", 1, Sample.Now, act), AuditEntry.Of("run", 2, Sample.Now, act));
        await Now.Audit.PutAsync([linked], Test);
        var read = await Now.Audit.ListWaitingAsync(Sample.Now, 10, Test);
        Assert.Equal(1, await Now.Audit.LinkAsync([AuditLink.Of(1, AuditLink.Genesis, linked.Text)], read, Test));
        await Now.Audit.PutAsync([waiting], Test);
        await Now.Audit.GetOrAddKeyAsync([1, 2, 3], Sample.Now, Test);
    }

    private AuditSubject Person => AuditSubject.OfNumber(Now.Hasher, Sample.Number);

    private async Task AssertAllFoundAsync((Flow Flow, Passkey Passkey, Device Owner) before)
    {
        var client = (await Now.Projects.FindClientAsync(ClientId.Parse("client"), Test))!;
        Assert.Equal((Sample.Hash(3), Sample.Hash(4)), (client.Secret, client.Former!.Secret));
        Assert.Equal(Sample.Hash(6), Assert.Single(await Now.AdminKeys.ListAsync(Test)).Hash);
        Assert.Equal([1, 2, 3], Assert.Single(await Now.Keys.ListAsync(Test)).PrivateKey);
        Assert.Equal(before.Flow.Id, (await Now.Flows.FindByLinkAsync(_link, Test))!.Id);
        foreach (var search in new FlowSearch[]
        {
            new FlowSearch.ByNumber(Sample.Number), new FlowSearch.ByClientRequest("request"), new FlowSearch.ByClientCustomer("customer"),
        })
        {
            Assert.Equal(before.Flow.Id, Assert.Single(await Now.Flows.FindAsync(search, Sample.Now, 10, Test)).Id);
        }
        Assert.Single(await Now.Texts.ListAsync(Sample.Number, Test));
        Assert.Equal("former request", (await Now.Outcomes.FindAsync(_over.Id, Test))!.ClientRequestId);
        Assert.Equal("signed", await Now.Receipts.FindAsync(_over.Id, Test));
        Assert.Equal([1, 2, 3], Assert.Single(await Now.Receipts.ListKeysAsync(Test)).PublicKey);
        Assert.NotEmpty((await Now.Events.ListAsync(_shop, 0, null, 10, Test)).Events);
        await Now.Events.PublishAsync(Sample.Now, Test);
        Assert.Single((await Now.Events.ListAsync(ProjectId.Parse("waiting"), 0, null, 10, Test)).Events);
        Assert.Equal(_webhook.Secret.Reveal(), (await Now.Webhooks.FindAsync(_webhook.Id, Test))!.Secret.Reveal());
        var remembered = Assert.IsType<Remembered.Answered>(await Now.Idempotency.FindAsync(_call, Test));
        Assert.Equal("answer", Encoding.UTF8.GetString(remembered.Answer));
        Assert.True(await Now.Suppressions.IsSuppressedAsync(Sample.Number, "MyBrand", Test));
        Assert.NotNull(Assert.Single(await Now.Suppressions.ListAsync(null, 10, Test)).MaskedNumber);
        Assert.True(await Now.Taken.WasTakenAsync(_gateway, _request, Test));
        Assert.True(await Now.Taken.WasTakenAsync(_gateway, _timed, Test));
        Assert.NotNull(await Now.Verified.FindAsync(_shop, Sample.Number, Test));
        Assert.Single((await Now.Counters.ReadAsync(CounterOf(Now), Test)).Charges);
        Assert.NotNull(await Now.Identities.FindAsync(_shop, Sample.Number, Test));
        Assert.NotNull(await Now.Identities.FindLeftSinceAsync(_shop, PhoneNumber.Parse("+12025550143"), Test));
        Assert.NotNull(await Now.Passkeys.FindAsync(_shop, "shop.example", before.Passkey.CredentialId, default, Test));
        Assert.Single(await Now.Records.FindAsync(Sample.Number, Sample.Shop, Sample.Now, Test));
        Assert.Single(await Now.Audit.FindAsync(new AuditSearch(Subject: Person), 10, Test));
        Assert.Null(Assert.Single(await Now.Audit.ReadAsync(0, 10, Test)).Flaw);
        Assert.Equal(Person, Assert.Single(await Now.Audit.ListWaitingAsync(Sample.Now, 10, Test)).Act.Subject);
        Assert.Equal([1, 2, 3], await Now.Audit.FindKeyAsync(Test));
    }

    private static KeyUpkeep UpkeepOf(Stores stores, KeyRing ring) =>
        new(ring, stores.Resealing, TimeProvider.System, NullLogger<KeyUpkeep>.Instance);

    private async Task<ImportCounts> ImportAsync(string text)
    {
        await Now.Projects.PutAsync(new Project(Sample.Shop, "The shop", new ProjectSettings()), Test);
        var imports = new RecordImports(Now.Imports, new RecordSourceStore(Fixture.Database), new NumberReader(), _time);
        var plan = new ImportPlan(
            SourceName.Parse("crm"), ImportFormat.Csv, ["phone", "given_name", "family_name", "birthdate"], Projects: [Sample.Shop]);
        var import = Assert.IsType<BegunImport.Begun>(await imports.BeginAsync(plan, 1, Test)).Import;
        Assert.IsType<PieceOutcome.Taken>(await imports.TakeAsync(import.Id, Encoding.UTF8.GetBytes(text), 1, Test));
        return Assert.IsType<EndedImport.Ended>(await imports.CommitAsync(import.Id, Test)).Import.Counts;
    }

    /// <summary>Of a process that ends after some writes.</summary>
    private sealed class BreakingDatabase(IDatabase inner, int writes) : IDatabase
    {
        private int _left = writes;

        public void Migrate() => inner.Migrate();

        public Task PingAsync(CancellationToken cancellationToken) => inner.PingAsync(cancellationToken);

        public Task<List<T>> ReadAsync<T>(Statement statement, Func<DbDataReader, T> read, CancellationToken cancellationToken) =>
            inner.ReadAsync(statement, read, cancellationToken);

        public Task<WriteResult[]> WriteAsync(Statement[] statements, CancellationToken cancellationToken) =>
            Interlocked.Decrement(ref _left) >= 0 ? inner.WriteAsync(statements, cancellationToken) : throw new IOException("The end.");

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    /// <summary>Every value of bytes, with its column.</summary>
    private async Task<HashSet<(string Column, string Hex)>> ValuesAsync()
    {
        var values = new HashSet<(string, string)>();
        foreach (var table in StoreFixture.Tables)
        {
            await using var connection = Fixture.Connect();
            await connection.OpenAsync(Test);
            await using var command = connection.CreateCommand();
            command.CommandText = $"SELECT * FROM {table}";
            await using var reader = await command.ExecuteReaderAsync(Test);
            while (await reader.ReadAsync(Test))
            {
                for (var i = 0; i < reader.FieldCount; i++)
                {
                    if (reader.GetValue(i) is byte[] bytes)
                    {
                        values.Add(($"{table}.{reader.GetName(i)}", Convert.ToHexString(bytes)));
                    }
                }
            }
        }
        return values;
    }
}

public sealed class ResealingOnSqlite(SqliteFixture fixture) : ResealingContract(fixture), IClassFixture<SqliteFixture>;

public sealed class ResealingOnPostgres(PostgresFixture fixture) : ResealingContract(fixture), IClassFixture<PostgresFixture>;
