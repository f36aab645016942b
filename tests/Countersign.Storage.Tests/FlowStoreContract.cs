using System.Data.Common;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Keys;
using Countersign.Core.Possession;
using Countersign.Core.Texts;
using Countersign.Core.VerifiedUser;

namespace Countersign.Storage.Tests;

public abstract class FlowStoreContract(StoreFixture fixture) : StoreContract(fixture)
{
    private static readonly TimeSpan _life = TimeSpan.FromMinutes(15);

    private FlowStore Flows => new(Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, _life);

    private async Task<IReadOnlyList<CorrelationId>> SearchAsync(FlowSearch search, DateTimeOffset? now = null, int limit = 10) =>
        [.. (await Flows.FindAsync(search, now ?? Sample.Now, limit, Test)).Select(flow => flow.Id)];

    private TextStore Texts => new(Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes);

    [Fact]
    public async Task A_flow_is_found_as_it_was_added()
    {
        var flow = Sample.Flow() with { SmsMessage = "Grüße: ####", ClientRequestId = "", Timeline = [new(Sample.Now, "otp.begun")] };

        await Flows.AddAsync(flow, Test);
        var found = await Flows.FindAsync(flow.Id, Test);

        Assert.Equal(Sample.Json(flow), Sample.Json(found));
        Assert.Equal(0, found!.Version);
        Assert.Equal(flow.CreatedAt, found.CreatedAt);
    }

    [Fact]
    public async Task Of_many_looks_at_once_none_tells_what_was_no_longer_so_when_it_began()
    {
        var flows = Flows;
        var flow = Sample.Flow();
        await flows.AddAsync(flow, Test);

        for (var version = 0; version < 20; version++)
        {
            var before = LookAtOnce();
            Assert.True(await flows.TrySaveAsync(new Decision(flow with { Version = version }), Test));
            var after = LookAtOnce();

            Assert.All(await Task.WhenAll(before), found => Assert.InRange(found!.Version, version, version + 1));
            Assert.All(await Task.WhenAll(after), found => Assert.Equal(version + 1, found!.Version));
        }

        Task<Flow?>[] LookAtOnce() =>
        [
            .. Enumerable.Range(0, 25).Select(i => i % 2 == 0
                ? flows.FindAsync(flow.Id, Test)
                : flows.FindAsync(flow.Id, flow.ProjectId, flow.Product, Sample.Now, Test)),
        ];
    }

    [Fact]
    public async Task Flows_are_found_by_the_relying_partys_ids_and_by_their_number_newest_first()
    {
        var older = Sample.Flow(Sample.Now.AddSeconds(-5)) with { ClientRequestId = "order 1", ClientCustomerId = "Ünal" };
        var newer = Sample.Flow() with { ProjectId = ProjectId.Parse("other"), ClientRequestId = "order 2", ClientCustomerId = "Ünal" };
        await Flows.AddAsync(older, Test);
        await Flows.AddAsync(newer, Test);

        Assert.Equal([older.Id], await SearchAsync(new FlowSearch.ByClientRequest("order 1")));
        Assert.Equal([newer.Id, older.Id], await SearchAsync(new FlowSearch.ByClientCustomer("Ünal")));
        Assert.Equal([newer.Id, older.Id], await SearchAsync(new FlowSearch.ByNumber(Sample.Number)));
        Assert.Equal([newer.Id], await SearchAsync(new FlowSearch.ByNumber(Sample.Number), limit: 1));
        Assert.Empty(await SearchAsync(new FlowSearch.ByClientRequest("Ünal")));
        Assert.Empty(await SearchAsync(new FlowSearch.ByClientCustomer("order 1")));
        Assert.Empty(await SearchAsync(new FlowSearch.ByClientCustomer("ünal")));
    }

    [Fact]
    public async Task A_flow_that_has_expired_is_not_found_by_anything()
    {
        var flow = Sample.Flow() with { ClientRequestId = "order" };
        await Flows.AddAsync(flow, Test);

        Assert.Single(await SearchAsync(new FlowSearch.ByClientRequest("order"), flow.ExpiresAt.AddSeconds(-1)));
        Assert.Empty(await SearchAsync(new FlowSearch.ByClientRequest("order"), flow.ExpiresAt));
        Assert.Empty(await SearchAsync(new FlowSearch.ByNumber(flow.Number), flow.ExpiresAt));
    }

    [Fact]
    public async Task Whose_a_flow_is_and_when_it_ends_is_what_is_sealed()
    {
        var flow = Sample.Flow();
        await Flows.AddAsync(flow, Test);
        var (bank, end) = (ProjectId.Parse("bank"), flow.ExpiresAt);

        await Fixture.ExecuteAsync("UPDATE flows SET expires_at = expires_at + 3600000");
        Assert.NotNull(await Flows.FindAsync(flow.Id, flow.ProjectId, flow.Product, end.AddMinutes(-1), Test));
        Assert.Null(await Flows.FindAsync(flow.Id, flow.ProjectId, flow.Product, end, Test));
        await Fixture.ExecuteAsync("UPDATE flows SET project_id = 'bank'");

        Assert.Null(await Flows.FindAsync(flow.Id, bank, flow.Product, Sample.Now, Test));
    }

    [Fact]
    public async Task A_changed_number_is_found_and_the_former_is_not()
    {
        var flow = Sample.Flow() with { ClientRequestId = "order" };
        await Flows.AddAsync(flow, Test);

        await Flows.TrySaveAsync(new Decision(flow with { Number = PhoneNumber.Parse("+12025550199") }), Test);

        Assert.Equal([flow.Id], await SearchAsync(new FlowSearch.ByNumber(PhoneNumber.Parse("+12025550199"))));
        Assert.Empty(await SearchAsync(new FlowSearch.ByNumber(Sample.Number)));
        Assert.Equal([flow.Id], await SearchAsync(new FlowSearch.ByClientRequest("order")));
    }

    [Fact]
    public async Task An_unknown_id_finds_nothing()
    {
        await Flows.AddAsync(Sample.Flow(), Test);

        Assert.Null(await Flows.FindAsync(CorrelationId.New(Sample.Now), Test));
    }

    [Fact]
    public async Task A_flow_is_added_once()
    {
        var flow = Sample.Flow();
        await Flows.AddAsync(flow, Test);

        await Assert.ThrowsAnyAsync<DbException>(() => Flows.AddAsync(flow with { ProjectId = ProjectId.Parse("other") }, Test));

        Assert.Equal(flow.ProjectId, (await Flows.FindAsync(flow.Id, Test))!.ProjectId);
    }

    [Fact]
    public async Task What_is_acknowledged_can_be_seen_by_everyone()
    {
        await Flows.AddAsync(Sample.Flow(), Test);

        Assert.Equal(1, await Fixture.CountAsync("flows"));
    }

    [Fact]
    public async Task A_call_that_was_cancelled_before_it_began_stores_nothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Flows.AddAsync(Sample.Flow(), Cancelled));

        Assert.Equal(0, await Fixture.CountAsync("flows"));
    }

    [Fact]
    public async Task A_save_counts_the_version()
    {
        var flow = Sample.Flow();
        await Flows.AddAsync(flow, Test);

        Assert.True(await Flows.TrySaveAsync(new Decision(flow with { ClientCustomerId = "first" }), Test));
        var saved = await Flows.FindAsync(flow.Id, Test);
        Assert.True(await Flows.TrySaveAsync(new Decision(saved! with { ClientCustomerId = "second" }), Test));
        saved = await Flows.FindAsync(flow.Id, Test);

        Assert.Equal(2, saved!.Version);
        Assert.Equal("second", saved.ClientCustomerId);
    }

    [Fact]
    public async Task A_save_of_an_old_version_stores_nothing()
    {
        var flow = Sample.Flow();
        await Flows.AddAsync(flow, Test);
        await Flows.TrySaveAsync(new Decision(flow with { ClientCustomerId = "first" }, Sample.Text(flow)), Test);

        var isSaved = await Flows.TrySaveAsync(new Decision(flow with { ClientCustomerId = "late" }, Sample.Text(flow)), Test);

        Assert.False(isSaved);
        Assert.Equal("first", (await Flows.FindAsync(flow.Id, Test))!.ClientCustomerId);
        Assert.Single(await Texts.ListAsync(Sample.Number, Test));
    }

    [Fact]
    public async Task A_flow_that_is_gone_cannot_be_saved()
    {
        var flow = Sample.Flow();

        Assert.False(await Flows.TrySaveAsync(new Decision(flow, Sample.Text(flow)), Test));

        Assert.Equal(0, await Fixture.CountAsync("flows"));
        Assert.Equal(0, await Fixture.CountAsync("texts"));
    }

    [Fact]
    public async Task A_text_is_stored_with_the_flow_that_wants_it_sent()
    {
        var flow = Sample.Flow();
        var text = Sample.Text(flow);
        await Flows.AddAsync(flow, Test);

        Assert.True(await Flows.TrySaveAsync(new Decision(flow, text), Test));

        Assert.Equal(new StoredText(text, Sample.Queued(text)), await Texts.FindLastAsync(flow.Id, Test));
    }

    [Fact]
    public async Task A_save_that_was_made_and_is_repeated_is_late_and_not_an_error()
    {
        var flow = Sample.Flow();
        var text = Sample.Text(flow);
        await Flows.AddAsync(flow, Test);
        await Flows.TrySaveAsync(new Decision(flow, text), Test);

        Assert.False(await Flows.TrySaveAsync(new Decision(flow, text), Test));

        Assert.Equal(1, await Fixture.CountAsync("texts"));
    }

    [Fact]
    public async Task Of_a_hundred_parallel_saves_one_wins_and_only_its_text_is_stored()
    {
        var flow = Sample.Flow();
        await Flows.AddAsync(flow, Test);
        var texts = Enumerable.Range(0, 100).Select(_ => Sample.Text(flow)).ToList();

        var saved = await Task.WhenAll(texts.Select((text, i) =>
            Task.Run(() => Flows.TrySaveAsync(new Decision(flow with { ClientCustomerId = $"{i}" }, text), Test), Test)));

        var winner = Array.IndexOf(saved, true);
        Assert.Single(saved, isSaved => isSaved);
        Assert.Equal($"{winner}", (await Flows.FindAsync(flow.Id, Test))!.ClientCustomerId);
        Assert.Equal(texts[winner].Id, Assert.Single(await Texts.ListAsync(Sample.Number, Test)).Text.Id);
    }

    [Fact]
    public async Task Of_saves_by_two_servers_one_wins()
    {
        await using var other = Fixture.Open();
        var otherFlows = new FlowStore(other, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, _life);
        var flow = Sample.Flow();
        await Flows.AddAsync(flow, Test);

        var saved = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            Task.Run(() => (i % 2 == 0 ? Flows : otherFlows).TrySaveAsync(new Decision(flow, Sample.Text(flow)), Test), Test)));

        Assert.Single(saved, isSaved => isSaved);
        Assert.Equal(1, await Fixture.CountAsync("texts"));
    }

    [Fact]
    public async Task Saves_of_many_flows_in_opposite_orders_all_succeed()
    {
        var flows = Enumerable.Range(0, 50).Select(_ => Sample.Flow()).ToList();
        await Task.WhenAll(flows.Select(flow => Flows.AddAsync(flow, Test)));

        var saved = await Task.WhenAll(
            flows.Concat(Enumerable.Reverse(flows)).Select(flow => Task.Run(() => Flows.TrySaveAsync(new Decision(flow), Test), Test)));

        Assert.Equal(50, saved.Count(isSaved => isSaved));
    }

    [Fact]
    public async Task A_bad_write_fails_alone()
    {
        var taken = Sample.Flow();
        await Flows.AddAsync(taken, Test);
        var good = Enumerable.Range(0, 100).Select(_ => Sample.Flow()).ToList();

        var writes = good.Select((flow, i) => (IsBad: i % 10 == 5, Task: Flows.AddAsync(i % 10 == 5 ? taken : flow, Test))).ToList();
        await Task.WhenAll(writes.Select(write => write.Task)).ContinueWith(_ => { }, TaskScheduler.Default);

        Assert.All(writes, write => Assert.Equal(write.IsBad, write.Task.IsFaulted));
        Assert.Equal(91, await Fixture.CountAsync("flows"));
    }

    [Fact]
    public async Task Due_flows_are_found_oldest_deadline_first_and_no_more_than_asked_for()
    {
        var flows = new[] { 3, 1, 2, 9 }.Select(minute => Sample.Flow().WithCode(Sample.Hash(minute), Sample.Now.AddMinutes(minute)))
            .ToList();
        await Task.WhenAll(flows.Select(flow => Flows.AddAsync(flow, Test)));
        await Flows.AddAsync(Sample.Flow(), Test);

        var due = await Flows.FindDueAsync(Sample.Now.AddMinutes(5), 10, Test);
        var first = await Flows.FindDueAsync(Sample.Now.AddMinutes(5), 2, Test);

        Assert.Equal([flows[1].Id, flows[2].Id, flows[0].Id], due);
        Assert.Equal([flows[1].Id, flows[2].Id], first);
    }

    [Fact]
    public async Task A_flow_is_never_due_before_its_deadline_by_a_fraction_of_a_millisecond()
    {
        var flow = Sample.Flow().WithCode(Sample.Hash(1), Sample.Now.AddMinutes(2));
        await Flows.AddAsync(flow, Test);

        Assert.Empty(await Flows.FindDueAsync(flow.NextDeadline!.Value.AddTicks(-1), 10, Test));
        Assert.Single(await Flows.FindDueAsync(flow.NextDeadline.Value.AddMilliseconds(1), 10, Test));
    }

    [Fact]
    public async Task A_decided_flow_is_due_no_more()
    {
        var flow = Sample.Flow().WithCode(Sample.Hash(1), Sample.Now.AddMinutes(2));
        await Flows.AddAsync(flow, Test);

        await Flows.TrySaveAsync(new Decision(flow.After(new PossessionEvent.GivenUp(), Sample.Now)), Test);

        Assert.Empty(await Flows.FindDueAsync(Sample.Now.AddDays(1), 10, Test));
    }

    [Fact]
    public async Task A_flow_is_found_by_its_link()
    {
        var flow = Sample.Flow();
        await Flows.AddAsync(flow, Test);
        await Flows.AddAsync(Sample.Flow().WithLink(Sample.Hash(2), Sample.Now.AddMinutes(3)), Test);
        await Flows.TrySaveAsync(new Decision(flow.WithLink(Sample.Hash(1), Sample.Now.AddMinutes(3))), Test);

        var found = await Flows.FindByLinkAsync(Sample.Hash(1), Test);

        Assert.Equal(flow.Id, found!.Id);
        Assert.Equal(1, found.Version);
        Assert.Null(await Flows.FindByLinkAsync(Sample.Hash(3), Test));
    }

    [Fact]
    public async Task A_link_sent_again_replaces_the_former()
    {
        var flow = Sample.Flow().WithLink(Sample.Hash(1), Sample.Now.AddMinutes(3));
        await Flows.AddAsync(flow, Test);

        await Flows.TrySaveAsync(new Decision(flow.WithLink(Sample.Hash(2), Sample.Now.AddMinutes(4))), Test);

        Assert.Null(await Flows.FindByLinkAsync(Sample.Hash(1), Test));
        Assert.Equal(flow.Id, (await Flows.FindByLinkAsync(Sample.Hash(2), Test))!.Id);
    }

    [Fact]
    public async Task A_used_link_still_finds_its_flow_after_the_decision()
    {
        var flow = Sample.Flow().WithLink(Sample.Hash(1), Sample.Now.AddMinutes(3));
        await Flows.AddAsync(flow, Test);

        var decided = flow
            .After(new PossessionEvent.ProofAccepted(), Sample.Now)
            .After(new VerifiedUserEvent.IdentityAnswered(new IdentityAnswer(IdentityMatch.Matched), PhoneRisk.Unknown), Sample.Now);
        await Flows.TrySaveAsync(new Decision(decided), Test);

        Assert.True((await Flows.FindByLinkAsync(Sample.Hash(1), Test))!.IsDecided);
    }

    [Fact]
    public async Task The_hash_of_a_code_is_no_link()
    {
        await Flows.AddAsync(Sample.Flow().WithCode(Sample.Hash(1), Sample.Now.AddMinutes(2)), Test);

        Assert.Null(await Flows.FindByLinkAsync(Sample.Hash(1), Test));
    }

    [Fact]
    public async Task Expired_flows_are_removed_oldest_first_and_the_living_stay()
    {
        var flows = Enumerable.Range(0, 5).Select(minute => Sample.Flow(Sample.Now.AddMinutes(minute))).ToList();
        await Task.WhenAll(flows.Select(flow => Flows.AddAsync(flow, Test)));
        var afterFour = flows[3].ExpiresAt.AddSeconds(1);

        Assert.Equal(3, await Flows.RemoveExpiredAsync(afterFour, 3, Test));
        Assert.NotNull(await Flows.FindAsync(flows[3].Id, Test));
        Assert.Equal(1, await Flows.RemoveExpiredAsync(afterFour, 3, Test));
        Assert.Equal(0, await Flows.RemoveExpiredAsync(afterFour, 3, Test));

        Assert.NotNull(await Flows.FindAsync(flows[4].Id, Test));
        Assert.Equal(1, await Fixture.CountAsync("flows"));
    }

    [Fact]
    public async Task A_flow_with_a_longer_life_than_usual_is_kept_to_its_own_end()
    {
        var flow = Sample.Flow() with { ExpiresAt = Sample.Now.AddHours(2) };
        await Flows.AddAsync(flow, Test);

        Assert.Equal(0, await Flows.RemoveExpiredAsync(Sample.Now.AddHours(1), 10, Test));
        Assert.Equal(1, await Flows.RemoveExpiredAsync(Sample.Now.AddHours(3), 10, Test));
    }

    [Fact]
    [Trait("attack", "L07")]
    [Trait("attack", "D01")]
    public async Task No_column_holds_a_number_a_name_a_code_or_a_text()
    {
        var flow = Sample.Flow() with
        {
            SmsMessage = "Marker message ####", ClientCustomerId = "Marker customer", ClientRequestId = "Marker request"
        };
        await Flows.AddAsync(flow, Test);
        await Flows.TrySaveAsync(new Decision(flow.WithLink(Sample.Hash(1), Sample.Now.AddMinutes(3)), Sample.Text(flow)), Test);

        var stored = await Fixture.DumpAsync();

        Assert.NotEmpty(stored);
        Assert.All(stored, value => PersonalData.AssertNoneIn(value));
    }
}

public sealed class FlowStoreOnSqlite(SqliteFixture fixture) : FlowStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class FlowStoreOnPostgres(PostgresFixture fixture) : FlowStoreContract(fixture), IClassFixture<PostgresFixture>;
