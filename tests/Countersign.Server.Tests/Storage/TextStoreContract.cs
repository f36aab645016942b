using Countersign.Core;
using Countersign.Core.Texts;
using Countersign.Server.Storage;

namespace Countersign.Server.Tests.Storage;

public abstract class TextStoreContract(StoreFixture fixture) : StoreContract(fixture)
{
    private FlowStore Flows => new(Fixture.Database, Fixture.Sealer, Fixture.Hasher, TimeSpan.FromMinutes(15));

    private TextStore Texts => new(Fixture.Database, Fixture.Sealer, Fixture.Hasher);

    [Fact]
    public async Task A_text_is_read_as_it_was_written()
    {
        var text = await AddAsync(Sample.Now) with { Kind = TextKind.Otp };

        var found = await Texts.FindLastAsync(text.Flow, Test);

        Assert.Equal(new StoredText(text, TextState.Queued, null), found);
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
            await Flows.TrySaveAsync(flow with { Version = version }, text, Test);
        }
        await Flows.TrySaveAsync(flow with { Version = 5 }, null, Test);

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
    public async Task Queued_texts_are_those_no_gateway_has_taken()
    {
        var texts = new List<OutgoingText>();
        foreach (var second in new[] { 2, 0, 1, 3 })
        {
            texts.Add(await AddAsync(Sample.Now.AddSeconds(second)));
        }
        await Texts.SetStateAsync(texts[2].Id, TextState.Sent, Sample.Now, Test);

        var queued = await Texts.FindQueuedAsync(Sample.Now.AddSeconds(3), 10, Test);
        var first = await Texts.FindQueuedAsync(Sample.Now.AddSeconds(3), 1, Test);

        Assert.Equal([texts[1], texts[0]], queued);
        Assert.Equal([texts[1]], first);
    }

    [Theory]
    [InlineData(TextState.Sent, true)]
    [InlineData(TextState.Delivered, true)]
    [InlineData(TextState.Undelivered, true)]
    [InlineData(TextState.Refused, false)]
    [InlineData(TextState.Expired, false)]
    public async Task A_texts_fate_is_kept_with_the_moment_a_gateway_took_it(TextState state, bool isTaken)
    {
        var text = await AddAsync(Sample.Now);
        var at = DateTimeOffset.FromUnixTimeMilliseconds(Sample.Now.AddSeconds(1).ToUnixTimeMilliseconds());

        await Texts.SetStateAsync(text.Id, state, at, Test);

        var stored = await Texts.FindLastAsync(text.Flow, Test);
        Assert.Equal(state, stored!.State);
        Assert.Equal(isTaken ? at : null, stored.SentAt);
    }

    [Fact]
    public async Task A_receipt_that_overtakes_the_note_of_sending_stands()
    {
        var text = await AddAsync(Sample.Now);

        await Texts.SetStateAsync(text.Id, TextState.Delivered, Sample.Now.AddSeconds(1), Test);
        await Texts.SetStateAsync(text.Id, TextState.Sent, Sample.Now.AddSeconds(2), Test);

        Assert.Equal(TextState.Delivered, (await Texts.FindLastAsync(text.Flow, Test))!.State);
    }

    [Fact]
    public async Task A_later_receipt_replaces_an_earlier_one_and_the_moment_of_sending_stays()
    {
        var text = await AddAsync(Sample.Now);
        await Texts.SetStateAsync(text.Id, TextState.Sent, DateTimeOffset.UnixEpoch, Test);

        await Texts.SetStateAsync(text.Id, TextState.Undelivered, Sample.Now, Test);
        await Texts.SetStateAsync(text.Id, TextState.Delivered, Sample.Now, Test);

        var stored = await Texts.FindLastAsync(text.Flow, Test);
        Assert.Equal(TextState.Delivered, stored!.State);
        Assert.Equal(DateTimeOffset.UnixEpoch, stored.SentAt);
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
        Assert.True(await Flows.TrySaveAsync(flow, text, Test));
        return text;
    }
}

public sealed class TextStoreOnSqlite(SqliteFixture fixture) : TextStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class TextStoreOnPostgres(PostgresFixture fixture) : TextStoreContract(fixture), IClassFixture<PostgresFixture>;
