using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Keys;
using Countersign.Core.Texts;

namespace Countersign.Storage.Tests;

public abstract class TextStoreContract(StoreFixture fixture) : StoreContract(fixture)
{
    private FlowStore Flows => new(Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, TimeSpan.FromMinutes(15));

    private TextStore Texts => new(Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes);

    [Fact]
    public async Task A_text_is_read_as_it_was_written()
    {
        var text = await AddAsync(Sample.Now) with { Kind = TextKind.Otp };

        var found = await Texts.FindLastAsync(text.Flow, Test);

        Assert.Equal(new StoredText(text, Sample.Queued(text)), found);
        Assert.Equal(found, await Texts.FindAsync(text.Id, Test));
        Assert.Equal("1234 is your code for the shop.", found!.Text.Text.Reveal());
    }

    [Fact]
    public async Task A_flow_without_a_text_has_no_last_one()
    {
        var flow = Sample.Flow();
        await Flows.AddAsync(flow, Test);

        Assert.Null(await Texts.FindLastAsync(flow.Id, Test));
        Assert.Null(await Texts.FindLastAsync(CorrelationId.New(Sample.Now), Test));
    }

    [Fact]
    public async Task The_last_text_of_a_flow_is_the_one_saved_last_also_within_one_millisecond()
    {
        var flow = Sample.Flow();
        await Flows.AddAsync(flow, Test);
        var texts = Enumerable.Range(0, 5).Select(_ => Sample.Text(flow)).ToList();
        foreach (var (version, text) in texts.Index())
        {
            await Flows.TrySaveAsync(new Decision(flow with { Version = version }, text), Test);
        }
        await Flows.TrySaveAsync(new Decision(flow with { Version = 5 }), Test);

        Assert.Equal(texts[^1].Id, (await Texts.FindLastAsync(flow.Id, Test))!.Text.Id);
    }

    [Fact]
    public async Task All_texts_to_a_number_are_listed_in_the_order_they_were_written()
    {
        var other = PhoneNumber.Parse("+12025550143");
        var texts = new List<OutgoingText>();
        for (var i = 0; i < 120; i++)
        {
            // Every second pair falls into one millisecond.
            texts.Add(await AddAsync(Sample.Now.AddMilliseconds(i / 2)));
        }
        await AddAsync(Sample.Now, other);

        var listed = await Texts.ListAsync(Sample.Number, Test);

        Assert.Equal(texts, listed.Select(stored => stored.Text));
        Assert.Single(await Texts.ListAsync(other, Test));
        Assert.Empty(await Texts.ListAsync(PhoneNumber.Parse("+12025550144"), Test));
    }

    [Fact]
    public async Task Texts_are_found_when_somebody_must_look_at_them_the_longest_due_first()
    {
        var texts = new List<OutgoingText>();
        foreach (var second in new[] { 2, 0, 1, 3 })
        {
            texts.Add(await AddAsync(Sample.Now.AddSeconds(second)));
        }
        var stored = (await Texts.FindAsync(texts[2].Id, Test))!;
        await Texts.TrySaveAsync(stored with { Fate = stored.Fate with { State = TextState.Delivered, DueAt = null } }, Test);
        var due = Sample.Rounded(texts[0].CreatedAt + TextTimes.TakeUp);

        Assert.Equal([texts[1].Id, texts[0].Id], await Texts.FindDueAsync(due, 10, Test));
        Assert.Equal([texts[1].Id], await Texts.FindDueAsync(due, 1, Test));
        Assert.Equal([texts[1].Id], await Texts.FindDueAsync(due.AddMilliseconds(-1), 10, Test));
    }

    [Fact]
    public async Task A_texts_fate_is_read_as_it_was_saved()
    {
        var text = await AddAsync(Sample.Now);
        var at = Sample.Rounded(Sample.Now);
        var fate = new TextFate(
            TextState.Unknown,
            [
                new TextAttempt(GatewayName.Parse("first"), at, AwaitsHandover: true, AttemptState.Refused, at.AddTicks(7),
                    SmsRefusal.Throttled, at.AddSeconds(3)),
                new TextAttempt(GatewayName.Parse("second"), at.AddSeconds(1), AwaitsHandover: false, AttemptState.NoAnswer,
                    at.AddSeconds(9), NetworkError: "027"),
            ],
            DueAt: at.AddSeconds(11),
            SentAt: at.AddSeconds(1));

        Assert.True(await Texts.TrySaveAsync(new StoredText(text, fate), Test));

        Assert.Equal(new StoredText(text, fate, Version: 1), await Texts.FindLastAsync(text.Flow, Test));
    }

    [Fact]
    public async Task Of_many_who_save_a_texts_fate_at_once_one_does()
    {
        var text = await AddAsync(Sample.Now);
        var stored = (await Texts.FindAsync(text.Id, Test))!;

        var saved = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() =>
            Texts.TrySaveAsync(stored with { Fate = stored.Fate with { DueAt = Sample.Rounded(Sample.Now.AddSeconds(i)) } }, Test))));

        Assert.Single(saved, isSaved => isSaved);
        Assert.Equal(1, (await Texts.FindAsync(text.Id, Test))!.Version);
    }

    [Fact]
    public async Task A_text_that_is_gone_is_not_saved()
    {
        var text = Sample.Text(Sample.Flow());

        Assert.False(await Texts.TrySaveAsync(new StoredText(text, TextFate.Queued(Sample.Now)), Test));
        Assert.Null(await Texts.FindAsync(text.Id, Test));
    }

    [Fact]
    public async Task All_texts_of_a_flow_are_listed_in_the_order_they_were_written()
    {
        var flow = Sample.Flow();
        await Flows.AddAsync(flow, Test);
        var texts = Enumerable.Range(0, 3).Select(_ => Sample.Text(flow)).ToList();
        foreach (var (version, text) in texts.Index())
        {
            await Flows.TrySaveAsync(new Decision(flow with { Version = version }, text), Test);
        }
        await AddAsync(Sample.Now);

        Assert.Equal(texts, (await Texts.ListAsync(flow.Id, Test)).Select(stored => stored.Text));
        Assert.Empty(await Texts.ListAsync(CorrelationId.New(Sample.Now), Test));
    }

    [Fact]
    public async Task A_text_that_was_stored_before_there_were_attempts_is_read()
    {
        var text = await AddAsync(Sample.Now);
        // As the first versions left it.
        await Fixture.ExecuteAsync("UPDATE texts SET state = 1, sent_at = 1000, attempts = NULL, due_at = NULL");

        var stored = await Texts.FindLastAsync(text.Flow, Test);

        Assert.Equal(new TextFate(TextState.Sent, [], DueAt: null, SentAt: DateTimeOffset.FromUnixTimeMilliseconds(1000)), stored!.Fate);
    }

    [Fact]
    public async Task Old_texts_are_removed_oldest_first_and_no_more_than_asked_for()
    {
        var texts = new List<OutgoingText>();
        foreach (var minute in Enumerable.Range(0, 4))
        {
            texts.Add(await AddAsync(Sample.Now.AddMinutes(minute)));
        }
        var before = texts[3].CreatedAt;
        // What became of them goes into the outcome of their flow: until that is there they stay.
        Assert.Equal(0, await Texts.RemoveAsync(before, 2, Test));
        await Fixture.ExecuteAsync("DELETE FROM flows");

        Assert.Equal(2, await Texts.RemoveAsync(before, 2, Test));
        Assert.Equal(1, await Texts.RemoveAsync(before, 2, Test));
        Assert.Equal(0, await Texts.RemoveAsync(before, 2, Test));

        Assert.Equal(texts[3], Assert.Single(await Texts.ListAsync(Sample.Number, Test)).Text);
    }

    private async Task<OutgoingText> AddAsync(DateTimeOffset createdAt, PhoneNumber? to = null)
    {
        var flow = Sample.Flow(createdAt);
        var text = Sample.Text(flow, createdAt, to);
        await Flows.AddAsync(flow, Test);
        Assert.True(await Flows.TrySaveAsync(new Decision(flow, text), Test));
        return text;
    }
}

public sealed class TextStoreOnSqlite(SqliteFixture fixture) : TextStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class TextStoreOnPostgres(PostgresFixture fixture) : TextStoreContract(fixture), IClassFixture<PostgresFixture>;
