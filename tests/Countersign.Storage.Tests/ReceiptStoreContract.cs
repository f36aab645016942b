using Countersign.Core;
using Countersign.Core.Erasure;
using Countersign.Core.Keys;
using Countersign.Core.Projects;
using Countersign.Core.Receipts;

namespace Countersign.Storage.Tests;

public abstract class ReceiptStoreContract(StoreFixture fixture) : StoreContract(fixture)
{
    private readonly CorrelationId _flow = CorrelationId.New(Sample.Now);

    private ReceiptStore Store => new(Fixture.Database, Fixture.Sealer, Fixture.Lines);

    [Fact]
    public async Task The_first_receipt_of_a_flow_stays()
    {
        Assert.Null(await Store.FindAsync(_flow, Test));

        Assert.Equal("first", await Store.GetOrAddAsync(Receipt("first"), Test));
        Assert.Equal("first", await Store.GetOrAddAsync(Receipt("second"), Test));

        Assert.Equal("first", await Store.FindAsync(_flow, Test));
        Assert.Null(await Store.FindAsync(CorrelationId.New(Sample.Now), Test));
    }

    [Fact]
    public async Task Of_many_who_sign_at_once_all_get_the_same()
    {
        await using var other = Fixture.Open();

        var got = await Task.WhenAll(Enumerable.Range(0, 16).Select(i =>
            new ReceiptStore(i % 2 == 0 ? Fixture.Database : other, Fixture.Sealer, Fixture.Lines)
                .GetOrAddAsync(Receipt($"by {i}"), Test)));

        Assert.Single(got.Distinct());
        Assert.Equal(1, await Fixture.CountAsync("receipts"));
    }

    [Fact]
    public async Task With_a_receipt_its_key_is_kept_once_and_outlives_it()
    {
        await Store.GetOrAddAsync(Receipt("one"), Test);
        await Store.GetOrAddAsync(Receipt("two") with { Flow = CorrelationId.New(Sample.Now) }, Test);
        await Store.GetOrAddAsync(Receipt("three", "k2") with { Flow = CorrelationId.New(Sample.Now) }, Test);

        Assert.Equal(3, await Store.RemoveAsync(Sample.Now.AddDays(30), 9, Test));
        var keys = await Store.ListKeysAsync(Test);

        Assert.Equal(["k2", "k1"], keys.Select(key => key.Id));
        Assert.Equal([1, 2, 3], keys[0].PublicKey);
        Assert.Equal(Sample.Now.AddYears(10).ToUnixTimeMilliseconds(), keys[0].PublishedUntil.ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task Receipts_and_keys_go_when_their_time_is_over_and_not_before()
    {
        await Store.GetOrAddAsync(Receipt("one"), Test);
        await Store.GetOrAddAsync(Receipt("two") with { Flow = CorrelationId.New(Sample.Now), KeptUntil = Sample.Now.AddDays(31) }, Test);

        Assert.Equal(
            (0, 1, 0),
            (await Store.RemoveAsync(Sample.Now.AddDays(30).AddMilliseconds(-1), 9, Test),
                await Store.RemoveAsync(Sample.Now.AddDays(30), 9, Test), await Store.RemoveAsync(Sample.Now.AddDays(30), 9, Test)));
        Assert.Equal(
            (0, 1, 0),
            (await Store.RemoveKeysAsync(Sample.Now.AddYears(10).AddMilliseconds(-1), 9, Test),
                await Store.RemoveKeysAsync(Sample.Now.AddYears(10), 9, Test),
                await Store.RemoveKeysAsync(Sample.Now.AddYears(11), 9, Test)));
        Assert.Equal((1, 0), (await Fixture.CountAsync("receipts"), await Fixture.CountAsync("receipt_keys")));
    }

    [Fact]
    public async Task A_key_that_somebody_wrote_into_the_table_is_none()
    {
        await Store.GetOrAddAsync(Receipt("one"), Test);
        await Fixture.ExecuteAsync(
            "INSERT INTO receipt_keys (id, public_key, published_until) SELECT 'mine', public_key, published_until FROM receipt_keys");

        Assert.Equal(["k1"], (await Store.ListKeysAsync(Test)).Select(key => key.Id));
    }

    [Fact]
    public async Task With_its_project_a_receipt_goes_and_its_key_stays()
    {
        await Fixture.AddProjectAsync(Sample.Shop);
        await Store.GetOrAddAsync(Receipt("mine"), Test);
        var others = Receipt("theirs") with { Flow = CorrelationId.New(Sample.Now), Project = ProjectId.Parse("bank") };
        await Store.GetOrAddAsync(others, Test);
        var projects = Fixture.Projects;

        Assert.True(await projects.RemoveProjectAsync(Sample.Shop, Test));

        Assert.Null(await Store.FindAsync(_flow, Test));
        Assert.Equal("theirs", await Store.FindAsync(others.Flow, Test));
        Assert.Equal(1, await Fixture.CountAsync("receipt_keys"));
    }

    [Fact]
    public async Task Without_a_project_s_key_its_receipts_are_as_if_nobody_had_asked_for_them_and_those_of_others_are_there()
    {
        var others = Receipt("theirs") with { Flow = CorrelationId.New(Sample.Now), Project = ProjectId.Parse("bank") };
        await Store.GetOrAddAsync(Receipt("former"), Test);
        await Store.GetOrAddAsync(others, Test);

        await Fixture.Lines.DestroyAsync(Sample.Shop, Test);

        Assert.Null(await Store.FindAsync(_flow, Test));
        Assert.Equal("theirs", await Store.FindAsync(others.Flow, Test));
        Assert.Equal("next", await Store.GetOrAddAsync(Receipt("next"), Test));
        Assert.Equal("next", await Store.GetOrAddAsync(Receipt("last"), Test));
        Assert.Equal("next", await Store.FindAsync(_flow, Test));
    }

    [Fact]
    public async Task Receipts_from_before_projects_had_keys_are_read_and_told_from_those_that_copies_cannot_open()
    {
        var (bare, later) = (new BareRows(Fixture.Database, TimeProvider.System), CorrelationId.New(Sample.Now));
        await Store.GetOrAddAsync(Receipt("former"), Test);
        await Store.GetOrAddAsync(Receipt("later") with { Flow = later }, Test);
        var persons = new Stores(Fixture, StoreFixture.Ring).Persons;
        await PutAsync(_flow, Fixture.Sealer.Seal("former"u8, ReceiptStore.PlaceOf(_flow)));

        var with = await bare.AbsentSinceAsync(ErasureOf.Project, Test);
        var found = await Store.FindAsync(_flow, Test);
        var (ofLater, ofFormer) = (await persons.EraseFlowsAsync([later], Test), await persons.EraseFlowsAsync([_flow], Test));
        var without = await bare.AbsentSinceAsync(ErasureOf.Project, Test);

        Assert.Equal("former", found);
        Assert.Equal((1, 1), (ofLater.Of(DataClass.Receipts), ofFormer.Of(DataClass.Receipts)));
        Assert.Equal((false, true), (ofLater.HadBare(DataClass.Receipts), ofFormer.HadBare(DataClass.Receipts)));
        Assert.DoesNotContain(DataClass.Receipts, with.Keys);
        Assert.Contains(DataClass.Receipts, without.Keys);
    }

    [Fact]
    public async Task While_a_project_s_key_cannot_be_had_no_receipt_is_kept_and_none_goes()
    {
        await Store.GetOrAddAsync(Receipt("first"), Test);
        var away = new ReceiptStore(Fixture.Database, Fixture.Sealer, new LinesAway());
        var other = Receipt("other") with { Flow = CorrelationId.New(Sample.Now) };

        await Assert.ThrowsAsync<UnavailableException>(() => away.FindAsync(_flow, Test));
        await Assert.ThrowsAsync<UnavailableException>(() => away.GetOrAddAsync(other, Test));
        var secret = (await Fixture.Keys.Database.ReadAsync(
            new Statement("SELECT secret FROM line_keys"), row => row.GetFieldValue<byte[]>(0), Test))[0];
        await SpoilAsync(new byte[80]);
        await Assert.ThrowsAsync<UnavailableException>(() => Store.GetOrAddAsync(Receipt("second"), Test));
        await SpoilAsync(secret);

        Assert.Equal("first", await Store.FindAsync(_flow, Test));
        Assert.Equal(1, await Fixture.CountAsync("receipts"));
    }

    private async Task PutAsync(CorrelationId flow, byte[] receipt) => await Fixture.Database.WriteAsync(
        [
            new Statement(
                "UPDATE receipts SET receipt = @receipt WHERE flow_id = @flow_id", ("@receipt", receipt), ("@flow_id", flow.ToBytes())),
        ],
        Test);

    private async Task SpoilAsync(byte[] secret) =>
        await Fixture.Keys.Database.WriteAsync([new Statement("UPDATE line_keys SET secret = @secret", ("@secret", secret))], Test);

    private KeptReceipt Receipt(string signed, string key = "k1") => new(
        _flow, Sample.Shop, signed, Sample.Now.AddDays(30), new ReceiptKey(key, [1, 2, 3], Sample.Now.AddYears(10)));
}

public sealed class ReceiptStoreOnSqlite(SqliteFixture fixture) : ReceiptStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class ReceiptStoreOnPostgres(PostgresFixture fixture) : ReceiptStoreContract(fixture), IClassFixture<PostgresFixture>;
