using System.Data.Common;
using System.Text;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Keys;

namespace Countersign.Storage.Tests;

public abstract class IdempotencyStoreContract(StoreFixture fixture) : StoreContract(fixture)
{
    private static readonly SecretHash _key = Sample.Hash(1);
    private static readonly SecretHash _body = Sample.Hash(2);
    private static readonly SecretHash _otherBody = Sample.Hash(3);
    private static readonly byte[] _answer = Encoding.UTF8.GetBytes("""{"firstName":"Lori"}""");

    private IdempotencyStore Keys => new(Fixture.Database, Fixture.Sealer, Fixture.Hashes);

    private FlowStore Flows => new(Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, TimeSpan.FromMinutes(15));

    [Fact]
    public async Task Of_a_new_key_nothing_is_known()
    {
        await KeepAsync(_body);

        Assert.Null(await Keys.FindAsync(Call(_body, key: Sample.Hash(9)), Test));
    }

    [Fact]
    public async Task A_key_whose_call_was_answered_gives_the_answer()
    {
        Assert.Null(await KeepAsync(_body));

        Assert.Equal(_answer, Assert.IsType<Remembered.Answered>(await Keys.FindAsync(Call(_body), Test)).Answer);
    }

    [Fact]
    public async Task A_key_with_another_body_is_told_apart()
    {
        await KeepAsync(_body);

        Assert.IsType<Remembered.OtherBody>(await Keys.FindAsync(Call(_otherBody), Test));
        Assert.IsType<Remembered.OtherBody>(await KeepAsync(_otherBody));
        Assert.Equal(_answer, Assert.IsType<Remembered.Answered>(await Keys.FindAsync(Call(_body), Test)).Answer);
    }

    [Fact]
    public async Task The_first_answer_counts()
    {
        await KeepAsync(_body);

        var second = await Keys.KeepAsync(new KeyedAnswer(Call(_body), [1]), Test);

        Assert.Equal(_answer, Assert.IsType<Remembered.Answered>(second).Answer);
    }

    [Fact]
    public async Task A_forgotten_key_is_as_good_as_new()
    {
        await KeepAsync(_body);
        var later = Sample.Now.AddHours(25);
        var call = Call(_otherBody, at: later, forgottenBefore: later.AddHours(-24));

        Assert.Null(await Keys.FindAsync(call, Test));
        Assert.Null(await Keys.KeepAsync(new KeyedAnswer(call, [1]), Test));
        Assert.Equal([1], Assert.IsType<Remembered.Answered>(await Keys.FindAsync(call, Test)).Answer);
        Assert.Equal(1, await Fixture.CountAsync("idempotency"));
    }

    [Fact]
    public async Task Of_a_hundred_parallel_answers_one_is_kept_and_given_to_all()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(
            async () => (Own: (byte)i, Remembered: await Keys.KeepAsync(new KeyedAnswer(Call(_body), [(byte)i]), Test)), Test)));

        var kept = Assert.Single(outcomes, outcome => outcome.Remembered is null).Own;
        Assert.All(
            outcomes.Where(outcome => outcome.Remembered is not null),
            outcome => Assert.Equal([kept], Assert.IsType<Remembered.Answered>(outcome.Remembered).Answer));
    }

    [Fact]
    public async Task A_flow_is_stored_with_its_answer()
    {
        var flow = Sample.Flow();

        Assert.Null(await Flows.AddAsync(flow, new KeyedAnswer(Call(_body), _answer), Test));

        Assert.NotNull(await Flows.FindAsync(flow.Id, Test));
        Assert.Equal(_answer, Assert.IsType<Remembered.Answered>(await Keys.FindAsync(Call(_body), Test)).Answer);
    }

    [Fact]
    public async Task Of_many_flows_that_begin_with_one_key_one_is_stored()
    {
        var flows = Enumerable.Range(0, 50).Select(_ => Sample.Flow()).ToList();

        var outcomes = await Task.WhenAll(flows.Select(flow => Task.Run(
            () => Flows.AddAsync(flow, new KeyedAnswer(Call(_body), flow.Id.ToBytes()), Test), Test)));

        var stored = Assert.Single(flows.Zip(outcomes), pair => pair.Second is null).First;
        Assert.NotNull(await Flows.FindAsync(stored.Id, Test));
        Assert.Equal(1, await Fixture.CountAsync("flows"));
        Assert.All(
            outcomes.OfType<Remembered>(), outcome =>
                Assert.Equal(stored.Id.ToBytes(), Assert.IsType<Remembered.Answered>(outcome).Answer));
    }

    [Fact]
    public async Task A_flow_whose_key_has_another_body_is_not_stored()
    {
        await Flows.AddAsync(Sample.Flow(), new KeyedAnswer(Call(_body), _answer), Test);

        Assert.IsType<Remembered.OtherBody>(await Flows.AddAsync(Sample.Flow(), new KeyedAnswer(Call(_otherBody), _answer), Test));

        Assert.Equal(1, await Fixture.CountAsync("flows"));
    }

    [Fact]
    public async Task An_answer_whose_flow_cannot_be_stored_is_not_stored_either()
    {
        var flow = Sample.Flow();
        await Flows.AddAsync(flow, Test);

        await Assert.ThrowsAnyAsync<DbException>(() => Flows.AddAsync(flow, new KeyedAnswer(Call(_body), _answer), Test));

        Assert.Equal(0, await Fixture.CountAsync("idempotency"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_key_that_a_former_version_reserved_and_never_answered_is_as_good_as_new_after_a_minute(bool hasOtherBody)
    {
        await ReserveAsync(hasOtherBody ? _otherBody : _body, Sample.Now.AddSeconds(-60).AddMilliseconds(-1));

        Assert.Null(await Keys.FindAsync(Call(_body), Test));
        Assert.Null(await KeepAsync(_body));
        Assert.IsType<Remembered.Answered>(await Keys.FindAsync(Call(_body), Test));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_key_that_a_node_of_a_former_version_has_just_reserved_is_in_use(bool hasOtherBody)
    {
        await ReserveAsync(hasOtherBody ? _otherBody : _body, Sample.Now.AddSeconds(-60));

        Assert.IsType<Remembered.Running>(await Keys.FindAsync(Call(_body), Test));
        Assert.IsType<Remembered.Running>(await KeepAsync(_body));
        Assert.IsType<Remembered.Running>(await Flows.AddAsync(Sample.Flow(), new KeyedAnswer(Call(_body), _answer), Test));

        Assert.Equal((0, 1), (await Fixture.CountAsync("flows"), await Fixture.CountAsync("idempotency")));
    }

    [Fact]
    public async Task Old_keys_are_removed_and_no_more_than_asked_for()
    {
        foreach (var i in Enumerable.Range(0, 4))
        {
            await Keys.KeepAsync(new KeyedAnswer(Call(_body, key: Sample.Hash(i), at: Sample.Now.AddMinutes(i)), _answer), Test);
        }

        Assert.Equal(2, await Keys.RemoveAsync(Sample.Now.AddMinutes(3), 2, Test));
        Assert.Equal(1, await Keys.RemoveAsync(Sample.Now.AddMinutes(3), 2, Test));
        Assert.Equal(0, await Keys.RemoveAsync(Sample.Now.AddMinutes(3), 2, Test));
        Assert.Equal(1, await Fixture.CountAsync("idempotency"));
    }

    [Fact]
    public async Task No_column_holds_an_answer_in_clear()
    {
        await KeepAsync(_body);

        Assert.All(await Fixture.DumpAsync(), PersonalData.AssertNoneIn);
    }

    /// <summary>As versions did that stored a key before its call was answered.</summary>
    private Task<WriteResult[]> ReserveAsync(SecretHash body, DateTimeOffset at) => Fixture.Database.WriteAsync(
        [
            new Statement(
                "INSERT INTO idempotency (key_hash, body_hash, created_at, answer) VALUES (@key, @body, @now, NULL)",
                ("@key", _key.ToBytes()),
                ("@body", body.ToBytes()),
                ("@now", at.ToUnixTimeMilliseconds())),
        ],
        Test);

    private Task<Remembered?> KeepAsync(SecretHash body) => Keys.KeepAsync(new KeyedAnswer(Call(body), _answer), Test);

    private static KeyedCall Call(
        SecretHash body, SecretHash? key = null, DateTimeOffset? at = null, DateTimeOffset? forgottenBefore = null) =>
        new(key ?? _key, body, at ?? Sample.Now, forgottenBefore ?? DateTimeOffset.UnixEpoch);
}

public sealed class IdempotencyStoreOnSqlite(SqliteFixture fixture) : IdempotencyStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class IdempotencyStoreOnPostgres(PostgresFixture fixture) : IdempotencyStoreContract(fixture), IClassFixture<PostgresFixture>;
