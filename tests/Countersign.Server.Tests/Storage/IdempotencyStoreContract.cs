using System.Text;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Server.Storage;

namespace Countersign.Server.Tests.Storage;

public abstract class IdempotencyStoreContract(StoreFixture fixture) : StoreContract(fixture)
{
    private static readonly SecretHash _key = Sample.Hash(1);
    private static readonly SecretHash _body = Sample.Hash(2);
    private static readonly SecretHash _otherBody = Sample.Hash(3);
    private static readonly byte[] _answer = Encoding.UTF8.GetBytes("""{"firstName":"Lori"}""");

    private IdempotencyStore Keys => new(Fixture.Database, Fixture.Sealer);

    [Fact]
    public async Task A_new_key_is_granted()
    {
        Assert.IsType<Reservation.Granted>(await ReserveAsync(_body));
        Assert.IsType<Reservation.Granted>(await Keys.ReserveAsync(
            Sample.Hash(9), _body, Sample.Now, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, Test));
    }

    [Fact]
    public async Task A_key_whose_call_runs_says_so()
    {
        await ReserveAsync(_body);

        Assert.IsType<Reservation.Running>(await ReserveAsync(_body));
    }

    [Fact]
    public async Task A_key_whose_call_was_answered_gives_the_answer()
    {
        await ReserveAsync(_body);
        await Keys.CompleteAsync(_key, _answer, Test);

        var answered = Assert.IsType<Reservation.Answered>(await ReserveAsync(_body));

        Assert.Equal(_answer, answered.Answer);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_key_with_another_body_is_told_apart(bool isAnswered)
    {
        await ReserveAsync(_body);
        if (isAnswered)
        {
            await Keys.CompleteAsync(_key, _answer, Test);
        }

        Assert.IsType<Reservation.OtherBody>(await ReserveAsync(_otherBody));
    }

    [Fact]
    public async Task A_released_key_is_as_good_as_new()
    {
        await ReserveAsync(_body);
        await Keys.ReleaseAsync(_key, Test);

        Assert.IsType<Reservation.Granted>(await ReserveAsync(_otherBody));
    }

    [Fact]
    public async Task An_answered_key_cannot_be_released_nor_answered_differently()
    {
        await ReserveAsync(_body);
        await Keys.CompleteAsync(_key, _answer, Test);

        await Keys.ReleaseAsync(_key, Test);
        await Keys.CompleteAsync(_key, [1], Test);

        Assert.Equal(_answer, Assert.IsType<Reservation.Answered>(await ReserveAsync(_body)).Answer);
    }

    [Fact]
    public async Task An_abandoned_key_is_granted_again_to_one()
    {
        await ReserveAsync(_body);
        var later = Sample.Now.AddMinutes(2);

        var reservations = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ =>
            Task.Run(() => ReserveAsync(_body, now: later, abandonedBefore: Sample.Now.AddMinutes(1)), Test)));

        Assert.Single(reservations, reservation => reservation is Reservation.Granted);
        Assert.Equal(19, reservations.Count(reservation => reservation is Reservation.Running));
    }

    [Fact]
    public async Task An_abandoned_key_stays_bound_to_its_body()
    {
        await ReserveAsync(_body);

        Assert.IsType<Reservation.OtherBody>(
            await ReserveAsync(_otherBody, now: Sample.Now.AddMinutes(2), abandonedBefore: Sample.Now.AddMinutes(1)));
    }

    [Fact]
    public async Task An_answered_key_is_never_abandoned()
    {
        await ReserveAsync(_body);
        await Keys.CompleteAsync(_key, _answer, Test);

        Assert.IsType<Reservation.Answered>(
            await ReserveAsync(_body, now: Sample.Now.AddHours(1), abandonedBefore: Sample.Now.AddMinutes(59)));
    }

    [Fact]
    public async Task A_forgotten_key_is_as_good_as_new()
    {
        await ReserveAsync(_body);
        await Keys.CompleteAsync(_key, _answer, Test);
        var later = Sample.Now.AddHours(25);

        Assert.IsType<Reservation.Granted>(await ReserveAsync(_otherBody, now: later, forgottenBefore: later.AddHours(-24)));
        Assert.IsType<Reservation.Running>(await ReserveAsync(_otherBody, now: later, forgottenBefore: later.AddHours(-24)));
    }

    [Fact]
    public async Task Of_a_hundred_parallel_calls_one_is_granted()
    {
        var reservations = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => ReserveAsync(_body), Test)));

        Assert.Single(reservations, reservation => reservation is Reservation.Granted);
        Assert.Equal(99, reservations.Count(reservation => reservation is Reservation.Running));
    }

    [Fact]
    public async Task Old_keys_are_removed_and_no_more_than_asked_for()
    {
        foreach (var i in Enumerable.Range(0, 4))
        {
            await Keys.ReserveAsync(
                Sample.Hash(i), _body, Sample.Now.AddMinutes(i), DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, Test);
        }

        Assert.Equal(2, await Keys.RemoveAsync(Sample.Now.AddMinutes(3), 2, Test));
        Assert.Equal(1, await Keys.RemoveAsync(Sample.Now.AddMinutes(3), 2, Test));
        Assert.Equal(0, await Keys.RemoveAsync(Sample.Now.AddMinutes(3), 2, Test));
        Assert.Equal(1, await Fixture.CountAsync("idempotency"));
    }

    [Fact]
    public async Task No_column_holds_an_answer_in_clear()
    {
        await ReserveAsync(_body);
        await Keys.CompleteAsync(_key, _answer, Test);

        Assert.All(await Fixture.DumpAsync(), PersonalData.AssertNoneIn);
    }

    private Task<Reservation> ReserveAsync(
        SecretHash body, DateTimeOffset? now = null, DateTimeOffset? abandonedBefore = null, DateTimeOffset? forgottenBefore = null) =>
        Keys.ReserveAsync(
            _key, body, now ?? Sample.Now, abandonedBefore ?? DateTimeOffset.UnixEpoch, forgottenBefore ?? DateTimeOffset.UnixEpoch, Test);
}

public sealed class IdempotencyStoreOnSqlite(SqliteFixture fixture) : IdempotencyStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class IdempotencyStoreOnPostgres(PostgresFixture fixture) : IdempotencyStoreContract(fixture), IClassFixture<PostgresFixture>;
