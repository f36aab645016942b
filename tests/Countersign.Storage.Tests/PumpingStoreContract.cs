using Countersign.Core;
using Countersign.Core.Limits;
using Countersign.Core.Pumping;

namespace Countersign.Storage.Tests;

public abstract class PumpingStoreContract(StoreFixture fixture) : StoreContract(fixture)
{
    private static readonly DateTimeOffset _at = new(2026, 11, 22, 10, 5, 0, TimeSpan.Zero);

    private TrafficStore Traffic => new(Fixture.Database, Fixture.Hashes);

    private AbuseStore Abuse => new(Fixture.Database, Fixture.Sealer, Fixture.Hashes, Fixture.Lines);

    [Fact]
    public async Task What_nodes_count_is_added()
    {
        var key = Key(1);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Traffic.AddAsync([Row(key, _at, 0, 2, 1), Row(key, _at, 7, 1, 0)], Test)));
        await Traffic.AddAsync([Row(key, _at.AddMinutes(5), 0, 1, 0), Row(Key(2), _at, 0, 5, 5)], Test);

        var rows = await Traffic.ReadAsync([key], _at.AddMinutes(10), Test);

        Assert.Equivalent(
            new[] { Row(key, _at, 0, 20, 10), Row(key, _at, 7, 10, 0), Row(key, _at.AddMinutes(5), 0, 1, 0) }, rows, strict: true);
        Assert.Equal(4, (await Traffic.ReadAsync([key, Key(2), Key(3), Key(4)], _at.AddMinutes(10), Test)).Count);
    }

    [Fact]
    public async Task What_is_older_than_two_hours_is_read_by_the_hour_and_what_is_over_not_at_all()
    {
        var (key, block) = (Key(1), new TrafficKey(TrafficKind.Block, Sample.Hash(9)));
        await Traffic.AddAsync(
            [Row(key, _at, 0, 2, 1), Row(key, _at.AddMinutes(5), 0, 3, 1), Row(block, _at, 12, 1, 0)], Test);

        var rows = await Traffic.ReadAsync([key, block], _at.AddHours(4), Test);

        Assert.Equal([Row(key, _at.AddMinutes(-5), 0, 5, 2)], rows);
        Assert.Equal(1, await Traffic.RemoveExpiredAsync(_at.AddHours(4), limit: 10, Test));
        Assert.Equal(1, await Traffic.RemoveExpiredAsync(_at.AddDays(9), limit: 1, Test));
        Assert.Equal(1, await Traffic.RemoveExpiredAsync(_at.AddDays(9), limit: 10, Test));
    }

    [Fact]
    public async Task What_holds_for_a_target_is_found_until_it_is_over()
    {
        var held = new AbuseEntry(
            new AbuseKey(AbuseTarget.Prefix, Sample.Hash(1)), AbuseVerdict.Held, "+1202555****",
            new PumpingFinding(PumpingRule.Sequence, 5, 4, TimeSpan.FromMinutes(10)), LimitMode.Shadow, By: null, _at, _at.AddHours(1));
        var allowed = new AbuseEntry(
            new AbuseKey(AbuseTarget.Country, Sample.Hash(2)), AbuseVerdict.Allowed, "GB", Finding: null, LimitMode.Off, "ops",
            _at.AddSeconds(1), _at.AddDays(1));
        Assert.True(await Abuse.TryAddAsync(held, Test));
        Assert.True(await Abuse.TryAddAsync(allowed, Test));

        AbuseKey[] keys = [held.Key, allowed.Key];
        var (foundAllowed, foundHeld) = (allowed with { Label = "" }, held with { Label = "" });
        Assert.Equal([foundAllowed, foundHeld], await Abuse.FindAsync(keys, _at.AddMinutes(59), Test));
        Assert.Equal([foundAllowed], await Abuse.FindAsync(keys, _at.AddHours(1), Test));
        Assert.Empty(await Abuse.FindAsync([new AbuseKey(AbuseTarget.Number, Sample.Hash(3))], _at, Test));
        Assert.Equal([allowed, held], await Abuse.ListAsync(10, Test));
        Assert.Equal([allowed], await Abuse.ListAsync(1, Test));

        Assert.Equal(1, await Abuse.RemoveExpiredAsync(_at.AddHours(1), limit: 10, Test));
        Assert.Equal([allowed], await Abuse.ListAsync(10, Test));
    }

    [Fact]
    public async Task Each_of_the_most_targets_that_a_text_may_have_is_found()
    {
        AbuseKey[] targets = [.. Enumerable.Range(1, IAbuseStore.MaxKeys).Select(i => new AbuseKey(AbuseTarget.Prefix, Sample.Hash(i)))];
        foreach (var (i, target) in targets.Index())
        {
            await Abuse.TryAddAsync(
                new AbuseEntry(
                    target, AbuseVerdict.Denied, "+1202*", Finding: null, LimitMode.Enforce, "ops", _at.AddSeconds(-i), _at.AddDays(1)),
                Test);
        }

        var found = await Abuse.FindAsync(targets, _at, Test);

        Assert.Equal(targets, found.Select(entry => entry.Key));
        await Assert.ThrowsAsync<ArgumentException>(() => Abuse.FindAsync([.. targets, targets[0]], _at, Test));
    }

    [Fact]
    public async Task What_an_administrator_says_is_found_among_any_number_of_holds()
    {
        var denied = new AbuseEntry(
            new AbuseKey(AbuseTarget.Prefix, Sample.Hash(1)), AbuseVerdict.Denied, "+1202555****", Finding: null, LimitMode.Off, "ops", _at,
            _at.AddDays(1));
        await Abuse.TryAddAsync(denied, Test);
        for (var i = 1; i <= 101; i++)
        {
            await Abuse.TryAddAsync(
                denied with
                {
                    Verdict = AbuseVerdict.Held, By = null, Since = _at.AddSeconds(i),
                    Finding = new PumpingFinding($"rule.{i}", 5, 4, TimeSpan.FromMinutes(10)),
                },
                Test);
        }

        var found = await Abuse.FindAsync([denied.Key], _at.AddMinutes(5), Test);

        Assert.Equal(denied with { Label = "" }, found[0]);
    }

    [Fact]
    public async Task The_newest_word_for_each_target_is_found_among_any_number_of_words_for_others()
    {
        AbuseEntry Word(int target, AbuseVerdict verdict, int second) => new(
            new AbuseKey(AbuseTarget.Prefix, Sample.Hash(target)), verdict, "", Finding: null, LimitMode.Enforce, "ops",
            _at.AddSeconds(second), _at.AddDays(1));
        var (former, narrow) = (Word(1, AbuseVerdict.Denied, 0), Word(1, AbuseVerdict.Allowed, 1));
        await Abuse.TryAddAsync(former, Test);
        await Abuse.TryAddAsync(narrow, Test);
        for (var i = 2; i <= 110; i++)
        {
            await Abuse.TryAddAsync(Word(2, AbuseVerdict.Denied, i), Test);
        }

        var found = await Abuse.FindAsync([narrow.Key, Word(2, AbuseVerdict.Denied, 0).Key], _at.AddMinutes(5), Test);

        Assert.Equal([Word(2, AbuseVerdict.Denied, 110), narrow], found.Take(2));
    }

    [Fact]
    public async Task A_rule_holds_a_target_once_at_a_time_however_many_find_it()
    {
        AbuseEntry Hold(string rule, DateTimeOffset since) => new(
            new AbuseKey(AbuseTarget.Country, Sample.Hash(1)), AbuseVerdict.Held, "GB",
            new PumpingFinding(rule, 51, 50, TimeSpan.FromDays(1)), LimitMode.Enforce, By: null, since, since.AddHours(1));

        for (var hour = 0; hour < 3; hour++)
        {
            var added = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
                Abuse.TryAddAsync(Hold(PumpingRule.Growth, _at.AddHours(hour).AddMilliseconds(i)), Test)));
            Assert.Single(added, isAdded => isAdded);
            Assert.False(await Abuse.TryAddAsync(Hold(PumpingRule.Growth, _at.AddHours(hour).AddMinutes(59)), Test));
            // The first to be stored may be the latest of the twenty.
            Assert.InRange((await Abuse.ListAsync(10, Test))[0].Since, _at.AddHours(hour), _at.AddHours(hour).AddMilliseconds(19));
        }
        Assert.True(await Abuse.TryAddAsync(Hold(PumpingRule.CountryConversion, _at), Test));
        Assert.Equal(4, (await Abuse.ListAsync(10, Test)).Count);
    }

    [Fact]
    public async Task An_administrators_words_for_a_target_are_all_kept()
    {
        var denied = new AbuseEntry(
            new AbuseKey(AbuseTarget.Country, Sample.Hash(1)), AbuseVerdict.Denied, "GB", Finding: null, LimitMode.Enforce, "ops", _at,
            _at.AddHours(1));

        Assert.True(await Abuse.TryAddAsync(denied, Test));
        Assert.True(await Abuse.TryAddAsync(denied, Test));

        Assert.Equal([denied, denied], await Abuse.ListAsync(10, Test));
    }

    [Fact]
    [Trait("attack", "F07")]
    public async Task A_challenge_is_taken_once_for_a_project_and_again_by_the_same_call()
    {
        var challenges = new TakenChallengeStore(Fixture.Database, Fixture.Hasher, Fixture.Hashes);
        var (shop, bank) = (ProjectId.Parse("shop"), ProjectId.Parse("bank"));

        Assert.True(await challenges.TryTakeAsync(shop, "one", call: null, _at, Test));
        Assert.False(await challenges.TryTakeAsync(shop, "one", call: null, _at, Test));
        Assert.True(await challenges.TryTakeAsync(bank, "one", call: null, _at, Test));
        Assert.True(await challenges.TryTakeAsync(shop, "two", Sample.Hash(1), _at, Test));
        Assert.True(await challenges.TryTakeAsync(shop, "two", Sample.Hash(1), _at, Test));
        Assert.False(await challenges.TryTakeAsync(shop, "two", Sample.Hash(2), _at, Test));
        var taken = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => challenges.TryTakeAsync(shop, "three", call: null, _at, Test)));
        Assert.Single(taken, isFirst => isFirst);

        Assert.Equal(0, await challenges.RemoveExpiredAsync(_at.AddHours(23), limit: 10, Test));
        Assert.Equal(4, await challenges.RemoveExpiredAsync(_at.AddHours(24), limit: 10, Test));
        Assert.True(await challenges.TryTakeAsync(shop, "one", call: null, _at, Test));
    }

    [Fact]
    public async Task A_challenge_whose_time_is_over_is_taken_anew_whether_it_was_removed_or_not()
    {
        var challenges = new TakenChallengeStore(Fixture.Database, Fixture.Hasher, Fixture.Hashes);
        var shop = ProjectId.Parse("shop");
        Assert.True(await challenges.TryTakeAsync(shop, "one", Sample.Hash(1), _at, Test));
        var over = _at + ITakenChallenges.Memory;
        Assert.False(await challenges.TryTakeAsync(shop, "one", Sample.Hash(2), over.AddSeconds(-1), Test));

        Assert.True(await challenges.TryTakeAsync(shop, "one", Sample.Hash(2), over, Test));

        // It is the second call's now.
        Assert.False(await challenges.TryTakeAsync(shop, "one", Sample.Hash(1), over, Test));
        Assert.True(await challenges.TryTakeAsync(shop, "one", Sample.Hash(2), over, Test));
    }

    private static TrafficKey Key(int seed) => new(TrafficKind.Country, Sample.Hash(seed));

    private static TrafficRow Row(TrafficKey key, DateTimeOffset at, long item, long asked, long proven) =>
        new(key, new TrafficCell(at, item, asked, proven));
}

public sealed class PumpingStoreOnSqlite(SqliteFixture fixture) : PumpingStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class PumpingStoreOnPostgres(PostgresFixture fixture) : PumpingStoreContract(fixture), IClassFixture<PostgresFixture>;
