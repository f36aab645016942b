using Countersign.Core;
using Countersign.Core.Keys;
using Countersign.Core.Texts;

namespace Countersign.Storage.Tests;

public abstract class SuppressionStoreContract(StoreFixture fixture) : StoreContract(fixture)
{
    private static readonly PhoneNumber _other = PhoneNumber.Parse("+12025550143");

    // Stored in whole milliseconds.
    private static readonly DateTimeOffset _at = DateTimeOffset.FromUnixTimeMilliseconds(Sample.Now.ToUnixTimeMilliseconds());

    private SuppressionStore Suppressions => StoreWith(Fixture.Lines);

    private static readonly GatewayName _gateway = GatewayName.Parse("alpha");

    private TakenRequestStore Taken => new(Fixture.Database, Fixture.Hasher, Fixture.Hashes);

    [Fact]
    public async Task Who_said_nothing_gets_texts()
    {
        Assert.False(await Suppressions.IsSuppressedAsync(Sample.Number, "MyBrand", Test));
        Assert.False(await Suppressions.IsSuppressedAsync(Sample.Number, null, Test));
    }

    [Fact]
    public async Task Stop_is_for_the_sender_that_was_written_to_in_any_spelling()
    {
        await Suppressions.SuppressAsync(Sample.Number, "12025550100", Sample.Now, Test);
        await Suppressions.SuppressAsync(Sample.Number, "MyBrand", Sample.Now, Test);

        Assert.True(await Suppressions.IsSuppressedAsync(Sample.Number, "+12025550100", Test));
        Assert.True(await Suppressions.IsSuppressedAsync(Sample.Number, "MYBRAND", Test));
        Assert.False(await Suppressions.IsSuppressedAsync(Sample.Number, "Other", Test));
        Assert.False(await Suppressions.IsSuppressedAsync(_other, "MyBrand", Test));
    }

    public static TheoryData<string, string> SpellingsOfOneSender
    {
        get
        {
            string[] american = ["+12025550100", "12025550100", "2025550100", "0012025550100"];
            string[] british = ["+447400123456", "447400123456", "00447400123456", "+4407400123456"];
            string[] singaporean = ["+6581234567", "6581234567", "006581234567"];
            // With the 1 that Mexico had until 2019.
            string[] mexican = ["+525512345678", "5215512345678", "00525512345678"];
            string[] shortCode = ["12345", "+12345"];
            return [.. new[] { american, british, singaporean, mexican, shortCode }.SelectMany(all =>
                all.SelectMany(one => all.Select(other => (one, other))))];
        }
    }

    [Theory]
    [MemberData(nameof(SpellingsOfOneSender))]
    public async Task A_number_as_sender_is_the_same_however_it_is_written(string one, string other)
    {
        await Suppressions.SuppressAsync(Sample.Number, one, Sample.Now, Test);
        await Suppressions.SuppressAsync(Sample.Number, "MyBrand", Sample.Now, Test);
        var isSilent = await Suppressions.IsSuppressedAsync(Sample.Number, other, Test);

        await Suppressions.LiftAsync(Sample.Number, other, Test);

        Assert.True(isSilent);
        Assert.Equal("MYBRAND", Assert.Single(await Suppressions.ListAsync(Sample.Number, 10, Test)).Sender);
    }

    [Theory]
    [InlineData("2025550100", "+2025550101")]
    [InlineData("+12025550100", "2025550101")]
    [InlineData("+2025550100", "+12025550101")]
    [InlineData("12345", "0012345")]
    [InlineData("12345", "123456")]
    [InlineData("MyBrand", "12345")]
    public async Task Another_number_is_another_sender(string one, string other)
    {
        await Suppressions.SuppressAsync(Sample.Number, one, Sample.Now, Test);
        var isSilent = await Suppressions.IsSuppressedAsync(Sample.Number, other, Test);

        await Suppressions.LiftAsync(Sample.Number, other, Test);

        Assert.False(isSilent);
        Assert.True(await Suppressions.IsSuppressedAsync(Sample.Number, one, Test));
    }

    [Fact]
    public async Task A_text_from_a_gateway_s_own_sender_is_not_sent_to_who_stopped_any()
    {
        await Suppressions.SuppressAsync(Sample.Number, "12345", Sample.Now, Test);

        Assert.True(await Suppressions.IsSuppressedAsync(Sample.Number, null, Test));
        Assert.False(await Suppressions.IsSuppressedAsync(_other, null, Test));
    }

    [Theory]
    [InlineData("")]
    [InlineData("+")]
    [InlineData(" \u00A0")]
    public async Task Stop_to_what_is_no_sender_is_not_for_every_sender(string sender)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Suppressions.SuppressAsync(Sample.Number, sender, Sample.Now, Test));

        Assert.False(await Suppressions.IsSuppressedAsync(Sample.Number, "MyBrand", Test));
    }

    [Fact]
    public async Task Stop_to_every_sender_is_for_every_sender()
    {
        await Suppressions.SuppressAsync(Sample.Number, null, Sample.Now, Test);

        Assert.True(await Suppressions.IsSuppressedAsync(Sample.Number, "MyBrand", Test));
        Assert.True(await Suppressions.IsSuppressedAsync(Sample.Number, null, Test));
    }

    [Fact]
    public async Task Start_takes_back_what_was_said_to_its_sender_and_to_all()
    {
        await Suppressions.SuppressAsync(Sample.Number, null, Sample.Now, Test);
        await Suppressions.SuppressAsync(Sample.Number, "MyBrand", Sample.Now, Test);
        await Suppressions.SuppressAsync(Sample.Number, "Other", Sample.Now, Test);

        await Suppressions.LiftAsync(Sample.Number, "mybrand", Test);

        Assert.False(await Suppressions.IsSuppressedAsync(Sample.Number, "MyBrand", Test));
        Assert.True(await Suppressions.IsSuppressedAsync(Sample.Number, "Other", Test));
        await Suppressions.LiftAsync(Sample.Number, null, Test);
        Assert.False(await Suppressions.IsSuppressedAsync(Sample.Number, "Other", Test));
    }

    [Fact]
    public async Task What_was_said_is_listed_masked_and_the_newest_first()
    {
        await Suppressions.SuppressAsync(Sample.Number, "MyBrand", _at, Test);
        await Suppressions.SuppressAsync(_other, null, _at.AddMinutes(1), Test);
        await Suppressions.SuppressAsync(Sample.Number, "+12345", _at.AddMinutes(2), Test);

        var (masked, others) = (Sample.Number.ToString(), _other.ToString());
        Assert.Equal(
            [new Suppression(masked, "12345", _at.AddMinutes(2)), new Suppression(others, null, _at.AddMinutes(1)),
                new Suppression(masked, "MYBRAND", _at)],
            await Suppressions.ListAsync(null, 10, Test));
        Assert.Equal([new Suppression(masked, "12345", _at.AddMinutes(2))], await Suppressions.ListAsync(Sample.Number, 1, Test));
        Assert.Equal([new Suppression(others, null, _at.AddMinutes(1))], await Suppressions.ListAsync(_other, 10, Test));
        Assert.DoesNotContain("202555", masked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_said_before_lists_existed_silences_on_and_is_listed_without_its_number()
    {
        await Suppressions.SuppressAsync(Sample.Number, "MyBrand", _at, Test);
        await Fixture.ExecuteAsync("UPDATE suppressions SET masked = NULL");

        Assert.True(await Suppressions.IsSuppressedAsync(Sample.Number, "MyBrand", Test));
        Assert.Equal([new Suppression(null, "MYBRAND", _at)], await Suppressions.ListAsync(null, 10, Test));
        Assert.Equal([new Suppression(Sample.Number.ToString(), "MYBRAND", _at)], await Suppressions.ListAsync(Sample.Number, 10, Test));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_request_that_was_taken_is_known_until_it_is_forgotten(bool hasTime)
    {
        var (one, other) = (new SignedContent(new Secret("1.STOP"), hasTime), new SignedContent(new Secret("2.STOP"), hasTime));
        var over = Sample.Now.AddSeconds(1) + (hasTime ? ITakenRequests.BriefMemory : ITakenRequests.Memory);
        Assert.False(await Taken.WasTakenAsync(_gateway, one, Test));

        await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => Task.Run(() => Taken.RecordAsync(_gateway, one, Sample.Now, Test), Test)));
        await Taken.RecordAsync(_gateway, other, Sample.Now.AddMinutes(1), Test);

        Assert.True(await Taken.WasTakenAsync(_gateway, one, Test));
        Assert.False(await Taken.WasTakenAsync(GatewayName.Parse("beta"), one, Test));
        Assert.Equal(0, await Taken.RemoveAsync(over.AddSeconds(-2), 10, Test));
        Assert.Equal((1, 0), (await Taken.RemoveAsync(over, 10, Test), await Taken.RemoveAsync(over, 10, Test)));
        Assert.Equal(
            (false, true), (await Taken.WasTakenAsync(_gateway, one, Test), await Taken.WasTakenAsync(_gateway, other, Test)));
    }

    [Fact]
    public async Task No_more_requests_are_forgotten_at_once_than_is_said()
    {
        foreach (var i in Enumerable.Range(0, 6))
        {
            await Taken.RecordAsync(_gateway, new SignedContent(new Secret($"{i}"), HasTime: i % 2 == 0), Sample.Now, Test);
        }
        var later = Sample.Now + ITakenRequests.Memory + TimeSpan.FromDays(1);

        Assert.Equal(2, await Taken.RemoveAsync(later, 2, Test));
        Assert.Equal(3, await Taken.RemoveAsync(later, 3, Test));
        Assert.Equal((1, 0), (await Taken.RemoveAsync(later, 2, Test), await Taken.RemoveAsync(later, 2, Test)));
    }

    [Fact]
    public async Task Said_a_hundred_times_at_once_it_is_kept_once()
    {
        await Task.WhenAll(
            Enumerable.Range(0, 100)
                .Select(_ => Task.Run(() => Suppressions.SuppressAsync(Sample.Number, "MyBrand", Sample.Now, Test), Test)));

        Assert.Equal(1, await Fixture.CountAsync("suppressions"));
    }

    [Fact]
    public async Task Who_said_STOP_is_left_alone_while_their_line_is_erased_but_for_it()
    {
        await Suppressions.SuppressAsync(Sample.Number, "MyBrand", _at, Test);

        var asked = await StoreWith(new ChangingLines(Fixture.Lines, EraseButStopsAsync))
            .IsSuppressedAsync(Sample.Number, "MyBrand", Test);
        var listed = await StoreWith(new ChangingLines(Fixture.Lines, EraseButStopsAsync)).ListAsync(Sample.Number, 10, Test);

        Assert.True(asked);
        Assert.Equal([new Suppression(Sample.Number.ToString(), "MYBRAND", _at)], listed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_says_START_while_their_line_is_erased_but_for_STOP_is_heard(bool isBeforeTheKeyChanges)
    {
        await Suppressions.SuppressAsync(Sample.Number, "MyBrand", _at, Test);
        await Suppressions.SuppressAsync(Sample.Number, "Another", _at, Test);

        await Suppressions.KeepAsync(Sample.Number, ChangeAsync, Test);
        var kept = await Suppressions.ListAsync(Sample.Number, 10, Test);
        // And one who has found the former key.
        await StoreWith(new ChangingLines(Fixture.Lines, EraseButStopsAsync)).LiftAsync(Sample.Number, "Another", Test);

        Assert.Equal("ANOTHER", Assert.Single(kept).Sender);
        Assert.Equal(0, await Fixture.CountAsync("suppressions"));

        async Task<LineKey?> ChangeAsync(LineKey? next)
        {
            if (isBeforeTheKeyChanges)
            {
                await Suppressions.LiftAsync(Sample.Number, "MyBrand", Test);
                return await Fixture.Lines.DestroyAsync(Sample.Number, next, Test);
            }
            var former = await Fixture.Lines.DestroyAsync(Sample.Number, next, Test);
            await StoreWith(new FormerLines(Fixture.Lines, former!)).LiftAsync(Sample.Number, "MyBrand", Test);
            return former;
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Who_says_STOP_while_their_line_is_erased_but_for_STOP_is_left_alone(int saidBefore)
    {
        if (saidBefore == 1)
        {
            await Suppressions.SuppressAsync(Sample.Number, "MyBrand", _at, Test);
        }

        await Suppressions.KeepAsync(Sample.Number, ChangeAsync, Test);

        Assert.True(await Suppressions.IsSuppressedAsync(Sample.Number, "Another", Test));
        Assert.Equal(saidBefore == 1, await Suppressions.IsSuppressedAsync(Sample.Number, "MyBrand", Test));
        Assert.Equal(saidBefore + 1, await Fixture.CountAsync("suppressions"));

        async Task<LineKey?> ChangeAsync(LineKey? next)
        {
            await Suppressions.SuppressAsync(Sample.Number, "Another", _at, Test);
            return await Fixture.Lines.DestroyAsync(Sample.Number, next, Test);
        }
    }

    /// <summary>Both have found what was said under the one key.</summary>
    [Fact]
    public async Task Who_said_STOP_is_left_alone_where_two_servers_erase_their_line_and_the_second_is_done_first()
    {
        await Suppressions.SuppressAsync(Sample.Number, "MyBrand", _at, Test);

        await Suppressions.KeepAsync(Sample.Number, ChangeAsync, Test);

        Assert.Equal([new Suppression(Sample.Number.ToString(), "MYBRAND", _at)], await Suppressions.ListAsync(Sample.Number, 10, Test));
        Assert.Equal(1, await Fixture.CountAsync("suppressions"));

        async Task<LineKey?> ChangeAsync(LineKey? next)
        {
            LineKey? former = null;
            await Suppressions.KeepAsync(
                Sample.Number, async _ => former = await Fixture.Lines.DestroyAsync(Sample.Number, next, Test), Test);
            return former;
        }
    }

    [Fact]
    public async Task Who_said_STOP_is_left_alone_where_a_second_server_erases_what_the_first_has_kept()
    {
        await Suppressions.SuppressAsync(Sample.Number, "MyBrand", _at, Test);

        await Suppressions.KeepAsync(Sample.Number, ChangeAsync, Test);

        Assert.Equal([new Suppression(Sample.Number.ToString(), "MYBRAND", _at)], await Suppressions.ListAsync(Sample.Number, 10, Test));
        Assert.Equal(1, await Fixture.CountAsync("suppressions"));

        async Task<LineKey?> ChangeAsync(LineKey? next)
        {
            LineKey? ofFirst = null;
            await Suppressions.KeepAsync(
                Sample.Number,
                async first =>
                {
                    var former = await Fixture.Lines.DestroyAsync(Sample.Number, first, Test);
                    ofFirst = await Fixture.Lines.DestroyAsync(Sample.Number, next, Test);
                    return former;
                },
                Test);
            return ofFirst;
        }
    }

    [Fact]
    public async Task Who_said_STOP_is_left_alone_however_many_servers_erase_their_line_at_once()
    {
        for (var round = 0; round < 10; round++)
        {
            await Suppressions.SuppressAsync(Sample.Number, "MyBrand", _at, Test);
            await Suppressions.SuppressAsync(Sample.Number, null, _at, Test);

            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(EraseButStopsAsync, Test)));

            Assert.Equal(2, (await Suppressions.ListAsync(Sample.Number, 10, Test)).Count);
            Assert.Equal(2, await Fixture.CountAsync("suppressions"));
        }
    }

    [Theory]
    [InlineData("MyBrand")]
    [InlineData("Another")]
    public async Task Who_says_STOP_as_the_key_of_their_line_changes_is_left_alone_by_all_to_whom_they_said_it(string sender)
    {
        await Suppressions.SuppressAsync(Sample.Number, "MyBrand", _at, Test);
        var senders = new HashSet<string>(["MYBRAND", sender.ToUpperInvariant()], StringComparer.Ordinal);

        await Suppressions.KeepAsync(Sample.Number, ChangeAsync, Test);

        Assert.Equal(senders, (await Suppressions.ListAsync(Sample.Number, 10, Test)).Select(one => one.Sender!).ToHashSet());
        Assert.Equal(senders.Count, await Fixture.CountAsync("suppressions"));

        async Task<LineKey?> ChangeAsync(LineKey? next)
        {
            var former = await Fixture.Lines.DestroyAsync(Sample.Number, next, Test);
            // And one who has asked for it before.
            await StoreWith(new FormerLines(Fixture.Lines, former!)).SuppressAsync(Sample.Number, sender, _at, Test);
            return former;
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_says_START_and_then_STOP_as_the_key_of_their_line_changes_is_left_alone(bool isBeforeTheKeyChanges)
    {
        await Suppressions.SuppressAsync(Sample.Number, "MyBrand", _at, Test);

        await Suppressions.KeepAsync(Sample.Number, ChangeAsync, Test);

        Assert.True(await Suppressions.IsSuppressedAsync(Sample.Number, "MyBrand", Test));
        Assert.Equal(1, await Fixture.CountAsync("suppressions"));

        async Task<LineKey?> ChangeAsync(LineKey? next)
        {
            await Suppressions.LiftAsync(Sample.Number, "MyBrand", Test);
            if (isBeforeTheKeyChanges)
            {
                await Suppressions.SuppressAsync(Sample.Number, "MyBrand", _at.AddMinutes(1), Test);
                return await Fixture.Lines.DestroyAsync(Sample.Number, next, Test);
            }
            var former = await Fixture.Lines.DestroyAsync(Sample.Number, next, Test);
            await Suppressions.SuppressAsync(Sample.Number, "MyBrand", _at.AddMinutes(1), Test);
            return former;
        }
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Who_said_STOP_under_two_keys_of_their_line_is_left_alone_by_one_sender_since_the_first_time(
        bool isFirstKeyOlder, bool saysItAgain)
    {
        await AddTwinAsync();
        var line = (await Fixture.Lines.FindAsync(Sample.Number, Test))!;
        var first = new LineKey(line.Id, line.ToBytes());
        await SayUnderAsync(first, isFirstKeyOlder ? _at : _at.AddMinutes(1));
        await SayUnderAsync(line.Twin!, isFirstKeyOlder ? _at.AddMinutes(1) : _at);
        var listed = await Suppressions.ListAsync(Sample.Number, 10, Test);

        await Suppressions.KeepAsync(Sample.Number, ChangeAsync, Test);

        var expected = new Suppression(Sample.Number.ToString(), "MYBRAND", _at);
        Assert.Equal([expected], await Suppressions.ListAsync(Sample.Number, 10, Test));
        Assert.Equal(1, await Fixture.CountAsync("suppressions"));
        Assert.Equal([expected], listed);

        Task SayUnderAsync(LineKey key, DateTimeOffset at) =>
            StoreWith(new FormerLines(Fixture.Lines, key)).SuppressAsync(Sample.Number, "MyBrand", at, Test);

        async Task<LineKey?> ChangeAsync(LineKey? next)
        {
            if (saysItAgain)
            {
                await Suppressions.SuppressAsync(Sample.Number, "MyBrand", _at.AddMinutes(2), Test);
            }
            return await Fixture.Lines.DestroyAsync(Sample.Number, next, Test);
        }
    }

    [Fact]
    public async Task Who_said_STOP_is_left_alone_where_another_server_gives_their_line_its_first_key()
    {
        await Suppressions.SuppressAsync(Sample.Number, "MyBrand", _at, Test);
        await new FormerVersion(Fixture).LeaveAsync(Sample.Number);

        await Suppressions.KeepAsync(Sample.Number, ChangeAsync, Test);

        Assert.Equal("MYBRAND", Assert.Single(await Suppressions.ListAsync(Sample.Number, 10, Test)).Sender);
        Assert.Equal(1, await Fixture.CountAsync("suppressions"));

        async Task<LineKey?> ChangeAsync(LineKey? next)
        {
            await Fixture.Lines.ObtainAsync(Sample.Number, Test);
            return null;
        }
    }

    [Fact]
    public async Task Who_said_STOP_before_lines_had_keys_is_left_alone_while_their_line_gets_its_first()
    {
        await Suppressions.SuppressAsync(Sample.Number, "MyBrand", _at, Test);
        await new FormerVersion(Fixture).LeaveAsync(Sample.Number);

        var asked = await StoreWith(new ChangingLines(Fixture.Lines, SayAnotherAsync))
            .IsSuppressedAsync(Sample.Number, "MyBrand", Test);
        await new FormerVersion(Fixture).LeaveAsync(Sample.Number);
        var listed = await StoreWith(new ChangingLines(Fixture.Lines, SayAnotherAsync)).ListAsync(Sample.Number, 10, Test);

        Assert.True(asked);
        Assert.Equal(2, listed.Count);

        Task SayAnotherAsync() => Suppressions.SuppressAsync(Sample.Number, "Another", _at, Test);
    }

    [Fact]
    public async Task The_number_is_not_in_the_database()
    {
        await Suppressions.SuppressAsync(Sample.Number, "MyBrand", Sample.Now, Test);

        Assert.All(await Fixture.DumpAsync(), value => Assert.DoesNotContain("2025550142", value.ToString(), StringComparison.Ordinal));
    }

    private SuppressionStore StoreWith(ILineKeys lines) => new(
        Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, Fixture.Plan, lines);

    /// <summary>A second key of the line, as of two servers of which one could not see what the other had made.</summary>
    private async Task AddTwinAsync()
    {
        var (line, twin) = (await Fixture.Lines.ObtainAsync(Sample.Number, Test), LineKey.New());
        var id = twin.Id.ToBytes();
        await Fixture.Keys.Database.WriteAsync(
            [
                new Statement(
                    """
                    INSERT INTO line_keys (id, number_hash, twin, secret)
                    SELECT @twin, number_hash, 1, @secret FROM line_keys WHERE id = @id
                    """,
                    ("@twin", id), ("@secret", Fixture.Sealer.Seal(twin.ToBytes(), LineKeyStore.PlaceOf(id))),
                    ("@id", line.Id.ToBytes())),
            ],
            Test);
    }

    private Task EraseButStopsAsync() =>
        Suppressions.KeepAsync(Sample.Number, next => Fixture.Lines.DestroyAsync(Sample.Number, next, Test), Test);

    /// <summary>Knows the former key of a line when it is first asked.</summary>
    private sealed class FormerLines(ILineKeys lines, LineKey former) : ILineKeys
    {
        private bool _wasAsked;

        public async Task<IReadOnlyDictionary<KeyOwner, LineKey?>> FindAsync(
            IReadOnlyCollection<KeyOwner> owners, CancellationToken cancellationToken) =>
            FormerOf(owners) ?? await lines.FindAsync(owners, cancellationToken);

        public async Task<IReadOnlyDictionary<KeyOwner, LineKey?>> ObtainAsync(
            IReadOnlyCollection<KeyOwner> owners, CancellationToken cancellationToken) =>
            FormerOf(owners) ?? await lines.ObtainAsync(owners, cancellationToken);

        public Task<IReadOnlyDictionary<LineKeyId, LineKey>> FindAsync(
            IReadOnlyCollection<LineKeyId> ids, CancellationToken cancellationToken) => lines.FindAsync(ids, cancellationToken);

        public Task<IReadOnlySet<LineKeyId>> ListThereAsync(
            IReadOnlyCollection<LineKeyId> ids, CancellationToken cancellationToken) => lines.ListThereAsync(ids, cancellationToken);

        public Task<LineKey?> DestroyAsync(KeyOwner owner, LineKey? successor, CancellationToken cancellationToken) =>
            lines.DestroyAsync(owner, successor, cancellationToken);

        public Task DestroyAsync(LineKey key, CancellationToken cancellationToken) => lines.DestroyAsync(key, cancellationToken);

        private Dictionary<KeyOwner, LineKey?>? FormerOf(IEnumerable<KeyOwner> owners)
        {
            if (_wasAsked)
            {
                return null;
            }
            _wasAsked = true;
            return owners.ToDictionary(owner => owner, _ => (LineKey?)former);
        }
    }

    /// <summary>Another server changes the key of a line in the moment after this one has asked for it.</summary>
    private sealed class ChangingLines(ILineKeys lines, Func<Task> change) : ILineKeys
    {
        private bool _hasChanged;

        public async Task<IReadOnlyDictionary<KeyOwner, LineKey?>> FindAsync(
            IReadOnlyCollection<KeyOwner> owners, CancellationToken cancellationToken)
        {
            var keys = await lines.FindAsync(owners, cancellationToken);
            if (!_hasChanged)
            {
                _hasChanged = true;
                await change();
            }
            return keys;
        }

        public Task<IReadOnlyDictionary<KeyOwner, LineKey?>> ObtainAsync(
            IReadOnlyCollection<KeyOwner> owners, CancellationToken cancellationToken) => lines.ObtainAsync(owners, cancellationToken);

        public Task<IReadOnlyDictionary<LineKeyId, LineKey>> FindAsync(
            IReadOnlyCollection<LineKeyId> ids, CancellationToken cancellationToken) => lines.FindAsync(ids, cancellationToken);

        public Task<IReadOnlySet<LineKeyId>> ListThereAsync(
            IReadOnlyCollection<LineKeyId> ids, CancellationToken cancellationToken) => lines.ListThereAsync(ids, cancellationToken);

        public Task<LineKey?> DestroyAsync(KeyOwner owner, LineKey? successor, CancellationToken cancellationToken) =>
            lines.DestroyAsync(owner, successor, cancellationToken);

        public Task DestroyAsync(LineKey key, CancellationToken cancellationToken) => lines.DestroyAsync(key, cancellationToken);
    }
}

public sealed class SuppressionStoreOnSqlite(SqliteFixture fixture) : SuppressionStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class SuppressionStoreOnPostgres(PostgresFixture fixture) : SuppressionStoreContract(fixture), IClassFixture<PostgresFixture>;
