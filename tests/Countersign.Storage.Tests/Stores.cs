using Countersign.Core.Keys;
using Countersign.Core.Projects;
using Microsoft.Extensions.Logging.Abstractions;

namespace Countersign.Storage.Tests;

/// <summary>Keys in memory.</summary>
internal sealed class Kept : IKeyStore
{
    public KeySet Value { get; set; } = KeySet.Of(MasterKey.New());

    public KeySet Read() => Value;

    public void Write(KeySet keys) => Value = keys;
}

/// <summary>All stores of a node.</summary>
internal sealed class Stores(StoreFixture fixture, KeyRing ring)
{
    public SecretHasher Hasher { get; } = new(ring.Keys.HashKey);

    public AuditStore Audit => new(fixture.Database, Sealer, Hashes, LineKeys);

    public FlowStore Flows => new(fixture.Database, Sealer, Hasher, Hashes, TimeSpan.FromMinutes(15));

    public TextStore Texts => new(fixture.Database, Sealer, Hasher, Hashes);

    public OutcomeStore Outcomes => new(fixture.Database, Sealer, Hasher, Hashes, LineKeys, TimeSpan.FromMinutes(15));

    public ReceiptStore Receipts => new(fixture.Database, Sealer, LineKeys);

    public SuppressionStore Suppressions => new(fixture.Database, Sealer, Hasher, Hashes, fixture.Plan, LineKeys);

    public TakenRequestStore Taken => new(fixture.Database, Hasher, Hashes);

    public TakenAssertionStore Assertions => new(fixture.Database, Hasher, Hashes);

    public CounterStore Counters => new(fixture.Database, Sealer, Hashes);

    public ProjectStore Projects => new(fixture.Database, Hasher, Hashes, StricterDefaults.None, Rows, LineKeys);

    public AdminKeyStore AdminKeys => new(fixture.Database, Hashes, Rows);

    public IdempotencyStore Idempotency => new(fixture.Database, Sealer, Hashes);

    public SigningKeyStore Keys => new(fixture.Database, Sealer, Rows);

    public IdentityStore Identities => new(fixture.Database, Sealer, Hasher, Hashes, fixture.Plan, Rows, LineKeys);

    public PasskeyStore Passkeys => new(fixture.Database, Sealer, Rows);

    public DeviceStore Devices => new(fixture.Database, Rows, new EventOutbox(Sealer), TimeProvider.System);

    public EventLog Events => new(fixture.Database, Sealer, Requests, NullLogger<EventLog>.Instance);

    public RequestIds Requests => new(Outcomes, Hashes);

    public WebhookStore Webhooks => new(fixture.Database, Sealer, Requests, NullLogger<WebhookStore>.Instance);

    public VerifiedNumberStore Verified => new(fixture.Database, Hasher, Hashes, fixture.Plan, LineKeys);

    public PersonStore Persons => new(fixture.Database, Sealer, Hasher, Hashes, fixture.Plan, RecordKeys, LineKeys);

    public PersonRecordStore Records => new(fixture.Database, Sealer, RecordKeys, LineKeys);

    public ImportStore Imports => new(fixture.Database, Sealer, RecordKeys, LineKeys);

    public IdentityLines Lines => new(fixture.Database, Sealer, IdentityStore.HashesOf(Hasher, Hashes, fixture.Plan), Rows, LineKeys);

    public Resealing Resealing => new(fixture.Database, Sealer, Hashes, Rows, LineKeys, fixture.Keys);

    /// <summary>A test that is about other keys than those of lines lets a node that lacks one have those of another node.</summary>
    public ILineKeys LineKeys
    {
        get => field ??= new LineKeyStore(fixture.Keys, Sealer, Hasher, Hashes, fixture.Plan);
        init;
    }

    public LinePseudonymStore Pseudonyms => new(fixture.Keys, Hasher, Hashes, fixture.Plan);

    public Sealer Sealer => new(ring, days: Days);

    public RowSeals Rows => field ??= new RowSeals(Sealer, Hashes, NullLogger<RowSeals>.Instance);

    public HashSealer Hashes => new(ring, Days);

    public DayKeys Days => field ??= TestDays.Of(ring);

    public PersonRecordKeys RecordKeys => new(Hasher, Hashes, fixture.Plan);
}
