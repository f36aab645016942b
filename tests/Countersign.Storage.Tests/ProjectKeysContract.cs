using System.Data.Common;
using System.Security.Cryptography;
using Countersign.Core;
using Countersign.Core.Domains;
using Countersign.Core.Enrolments;
using Countersign.Core.Erasure;
using Countersign.Core.Keys;
using Countersign.Core.Projects;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Storage.Tests;

/// <summary>What a project keeps of lines stands under its own key, too, and is lost with it.</summary>
public abstract class ProjectKeysContract(StoreFixture fixture) : StoreContract(fixture)
{
    private static readonly ProjectId _bank = ProjectId.Parse("bank");
    private static readonly PhoneNumber _other = PhoneNumber.Parse("+12025550143");

    private Stores Stores => new(Fixture, StoreFixture.Ring);

    private PersonStore Persons => new(
        Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, Fixture.Plan, Stores.RecordKeys, Fixture.Lines);

    [Fact]
    public async Task Without_a_project_s_key_nobody_opens_or_finds_what_it_kept_and_what_others_keep_stays()
    {
        await FillAsync(Sample.Shop);
        var copy = await TakeAsync();
        Assert.Equal((true, true), await FindAsync(copy, Sample.Shop));
        await FillAsync(_bank);

        await Fixture.Lines.DestroyAsync(Sample.Shop, Test);

        Assert.Equal((false, false), await FindAsync(copy, Sample.Shop));
        Assert.Null(await Stores.Identities.FindAsync(Sample.Shop, Sample.Number, Test));
        Assert.Empty(await Stores.Identities.ListAsync(Sample.Shop, null, 9, withInactive: true, Test));
        Assert.Null(await Stores.Verified.FindAsync(Sample.Shop, Sample.Number, Test));
        Assert.Null(await Stores.Identities.FindLeftSinceAsync(Sample.Shop, _other, Test));
        Assert.NotNull(await Stores.Identities.FindAsync(_bank, Sample.Number, Test));
        Assert.NotNull(await Stores.Verified.FindAsync(_bank, Sample.Number, Test));
        Assert.NotNull(await Stores.Identities.FindLeftSinceAsync(_bank, _other, Test));
        // It goes on under another.
        var anew = await Stores.Identities.EnrolAsync(Sample.Shop, Sample.Number, new IdentityDetails(), Sample.Now, Test);
        Assert.Equal(anew.Id, (await Stores.Identities.FindAsync(Sample.Shop, Sample.Number, Test))!.Id);
    }

    [Fact]
    public async Task A_line_s_key_takes_with_it_what_every_project_kept_of_the_line()
    {
        await FillAsync(Sample.Shop);
        await FillAsync(_bank);
        var copy = await TakeAsync();

        await Fixture.Lines.DestroyAsync(Sample.Number, Test);
        await Fixture.Lines.DestroyAsync(_other, Test);

        Assert.Equal((false, false), await FindAsync(copy, Sample.Shop));
        Assert.Equal((false, false), await FindAsync(copy, _bank));
    }

    [Fact]
    public async Task What_is_written_while_its_project_is_erased_stands_once_and_under_the_key_that_comes_after()
    {
        var erasing = new Erasing(Fixture.Lines);
        var stores = new Stores(Fixture, StoreFixture.Ring) { LineKeys = erasing };

        var enrolled = await stores.Identities.EnrolAsync(Sample.Shop, Sample.Number, new IdentityDetails("typed"), Sample.Now, Test);

        Assert.True(erasing.HasErased);
        Assert.Equal("typed", (await Stores.Identities.FindAsync(Sample.Shop, enrolled.Id, Test))!.Details.NumberAsGiven);
        Assert.Equal(1, await Fixture.CountAsync("identities"));
    }

    [Fact]
    public async Task What_was_kept_before_projects_had_keys_is_found_and_identities_are_brought_under_them()
    {
        await FillAsync(Sample.Shop);
        await LeaveAsLinesAloneAsync();
        var copy = await TakeAsync();
        await Fixture.Lines.DestroyAsync(Sample.Shop, Test);
        Assert.Equal((true, true), await FindAsync(copy, Sample.Shop));
        Assert.NotNull(await Stores.Identities.FindAsync(Sample.Shop, Sample.Number, Test));
        Assert.NotNull(await Stores.Verified.FindAsync(Sample.Shop, Sample.Number, Test));
        Assert.NotNull(await Stores.Identities.FindLeftSinceAsync(Sample.Shop, _other, Test));
        Assert.Single(await Persons.ListIdentitiesAsync(Sample.Number, null, Test));

        var counts = await Stores.Lines.CatchUpAsync(10, Test);
        await Stores.Verified.RecordAsync(Sample.Shop, Sample.Number, Sample.Now, Test);

        Assert.Equal((2, 0), (counts.Looked, (await Stores.Lines.CatchUpAsync(10, Test)).Looked));
        Assert.NotNull(await Stores.Identities.FindAsync(Sample.Shop, Sample.Number, Test));
        Assert.Single(await Persons.ListIdentitiesAsync(_other, null, Test));
        Assert.Single(await Persons.ListMomentsAsync(Sample.Number, Test));
        // Of when somebody left a number there is a hash alone: it goes with its time.
        await Fixture.ExecuteAsync("DELETE FROM verified_numbers WHERE left_at IS NOT NULL");
        copy = await TakeAsync();
        await Fixture.Lines.DestroyAsync(Sample.Shop, Test);
        Assert.Equal((false, false), await FindAsync(copy, Sample.Shop));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_a_project_rows_from_before_it_had_a_key_are_told_from_those_that_copies_cannot_open(bool isFormer)
    {
        await FillAsync(Sample.Shop);
        await FillAsync(_bank);
        if (isFormer)
        {
            await LeaveAsLinesAloneAsync();
        }

        var erased = await Persons.EraseProjectAsync(Sample.Shop, Test);

        Assert.Equal((2, 2), (erased.Of(DataClass.Identities), erased.Of(DataClass.Verified)));
        Assert.Equal((isFormer, isFormer), (erased.HadBare(DataClass.Identities), erased.HadBare(DataClass.Verified)));
        Assert.NotNull(await Stores.Identities.FindAsync(_bank, Sample.Number, Test));
    }

    [Fact]
    public async Task In_however_many_projects_a_line_is_found_and_erased_and_shown_to_those_that_are_linked()
    {
        // More than one statement names.
        var projects = Enumerable.Range(0, 70).Select(i => ProjectId.Parse($"p{i:00}")).ToList();
        foreach (var project in projects)
        {
            await Fixture.AddProjectAsync(project);
            await Stores.Identities.EnrolAsync(project, Sample.Number, new IdentityDetails(), Sample.Now, Test);
            await Stores.Verified.RecordAsync(project, Sample.Number, Sample.Now, Test);
            await LinkAsync(project);
        }
        await Stores.Identities.EnrolAsync(projects[3], _other, new IdentityDetails(), Sample.Now, Test);

        var listed = await Persons.ListIdentitiesAsync(Sample.Number, null, Test);
        var moments = await Persons.ListMomentsAsync(Sample.Number, Test);
        var linked = await Stores.Identities.ListLinkedAsync(Sample.Shop, Sample.Number, LinkScopes.Identities, Test);
        var erased = await Persons.EraseLineAsync(Sample.Number, null, keepsStop: false, Test);

        Assert.Equal(projects, listed.Select(one => one.ProjectId).OrderBy(id => id.ToString(), StringComparer.Ordinal));
        Assert.Equal(projects, moments.Select(one => one.Project));
        Assert.Equal(projects, linked.Select(one => one.ProjectId).OrderBy(id => id.ToString(), StringComparer.Ordinal));
        Assert.Equal((70, false), (erased.Of(DataClass.Verified), erased.HadBare(DataClass.Verified)));
        Assert.Equal(0, await Fixture.CountAsync("verified_numbers"));
    }

    [Fact]
    public async Task A_project_that_is_removed_takes_its_key_with_it_and_made_anew_has_another()
    {
        await Fixture.AddProjectAsync(Sample.Shop);
        await FillAsync(Sample.Shop);
        var former = (await Fixture.Lines.FindAsync([Sample.Shop], Test))[Sample.Shop]!;

        Assert.True(await Fixture.Projects.RemoveProjectAsync(Sample.Shop, Test));

        Assert.False(await Fixture.Lines.IsThereAsync(former, Test));
        Assert.Empty(await Fixture.Lines.FindAsync([Sample.Shop], Test));
        await Fixture.AddProjectAsync(Sample.Shop);
        await FillAsync(Sample.Shop);
        Assert.NotEqual(former.Id, (await Fixture.Lines.FindAsync([Sample.Shop], Test))[Sample.Shop]!.Id);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_project_that_is_made_anew_while_the_former_is_removed_keeps_its_key(bool isWrittenForMeanwhile)
    {
        await Fixture.AddProjectAsync(Sample.Shop);
        await FillAsync(Sample.Shop);
        var database = new HookedDatabase(Fixture.Database)
        {
            Before = () => isWrittenForMeanwhile ? FillAsync(Sample.Shop) : Task.CompletedTask,
            After = MakeAnewAsync,
        };

        Assert.True(await StoreOf(database).RemoveProjectAsync(Sample.Shop, Test));

        Assert.NotNull(await Stores.Identities.FindAsync(Sample.Shop, Sample.Number, Test));

        async Task MakeAnewAsync()
        {
            await Fixture.AddProjectAsync(Sample.Shop);
            await FillAsync(Sample.Shop);
        }
    }

    /// <summary>A key made after what was found of the project was destroyed, by a server that still knows it.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_key_that_a_project_gets_while_it_is_removed_goes_with_it(bool isBeforeItsRows)
    {
        await Fixture.AddProjectAsync(Sample.Shop);
        await FillAsync(Sample.Shop);
        LineKey? late = null;
        var database = new HookedDatabase(Fixture.Database)
        {
            Before = () => isBeforeItsRows ? WriteAsync() : Task.CompletedTask,
            After = () => isBeforeItsRows ? Task.CompletedTask : WriteAsync(),
        };

        Assert.True(await StoreOf(database).RemoveProjectAsync(Sample.Shop, Test));

        Assert.False(await Fixture.Lines.IsThereAsync(late!, Test));
        Assert.Empty(await Fixture.Lines.FindAsync([Sample.Shop], Test));

        async Task WriteAsync()
        {
            await FillAsync(Sample.Shop);
            late = (await Fixture.Lines.FindAsync([Sample.Shop], Test))[Sample.Shop];
        }
    }

    [Fact]
    public async Task Two_keys_of_one_project_both_lead_to_what_stands_under_them_until_both_are_destroyed()
    {
        var time = new FakeTimeProvider(Sample.Now);
        var kept = new Kept();
        var stores = new Stores(Fixture, new KeyRing(kept, time));
        await stores.Identities.EnrolAsync(Sample.Shop, Sample.Number, new IdentityDetails(), Sample.Now, Test);
        var former = kept.Value.Keys[0].Key.Id;
        kept.Value = kept.Value.With(new KeptKey(MasterKey.New(), time.GetUtcNow()));
        time.Advance(HashSealer.Lag);
        // As a server that has not read the first key.
        var ahead = new Stores(Fixture, new KeyRing(new Kept { Value = kept.Value.Without(former) with { First = new KeyId(1) } }, time));
        await ahead.Identities.EnrolAsync(Sample.Shop, _other, new IdentityDetails(), Sample.Now, Test);
        var now = new Stores(Fixture, new KeyRing(kept, time));
        await now.Resealing.CatchUpAsync(Test);
        await now.Resealing.CatchUpAsync(Test);

        var first = await now.Identities.FindAsync(Sample.Shop, Sample.Number, Test);
        var second = await now.Identities.FindAsync(Sample.Shop, _other, Test);
        var destroyed = await now.LineKeys.DestroyAsync(Sample.Shop, Test);

        Assert.Equal((Sample.Number, _other), (first!.Number, second!.Number));
        Assert.NotNull(destroyed!.Twin);
        Assert.Null(await now.Identities.FindAsync(Sample.Shop, Sample.Number, Test));
        Assert.Null(await now.Identities.FindAsync(Sample.Shop, _other, Test));
    }

    [Fact]
    public async Task What_stands_under_a_project_s_key_goes_under_the_next_encryption_key()
    {
        var (kept, time) = (new Kept { Value = KeySet.Of(StoreFixture.Key) }, new FakeTimeProvider(Sample.Now));
        var ring = new KeyRing(kept, time);
        await FillAsync(Sample.Shop);
        kept.Value = kept.Value.With(new KeptKey(MasterKey.New(), time.GetUtcNow()));
        ring.Reload();
        time.Advance(HashSealer.Lag + TimeSpan.FromMinutes(1));
        var stores = new Stores(Fixture, ring);

        var counts = await stores.Resealing.CatchUpAsync(Test);
        kept.Value = kept.Value.Without(kept.Value.Keys[0].Key.Id);
        ring.Reload();

        Assert.Equal(0, counts.Unreadable);
        Assert.NotNull(await stores.Identities.FindAsync(Sample.Shop, Sample.Number, Test));
        Assert.NotNull(await stores.Verified.FindAsync(Sample.Shop, Sample.Number, Test));
        Assert.NotNull(await stores.Identities.FindLeftSinceAsync(Sample.Shop, _other, Test));
    }

    private ProjectStore StoreOf(IDatabase database) =>
        new(database, Fixture.Hasher, Fixture.Hashes, StricterDefaults.None, Fixture.Rows, Fixture.Lines);

    /// <summary>One who has a number, which was proven, and one who has left another.</summary>
    private async Task FillAsync(ProjectId project)
    {
        await Stores.Identities.EnrolAsync(project, Sample.Number, new IdentityDetails("2025550142"), Sample.Now, Test);
        await Stores.Verified.RecordAsync(project, Sample.Number, Sample.Now, Test);
        var left = await Stores.Identities.EnrolAsync(project, _other, new IdentityDetails(), Sample.Now, Test);
        await Stores.Identities.LeaveNumberAsync(project, left.Id, Sample.Now, Test);
    }

    /// <summary>As a version wrote it that knew keys of lines and none of projects.</summary>
    private async Task LeaveAsLinesAloneAsync()
    {
        foreach (var row in await RowsAsync())
        {
            var keys = await Fixture.Lines.OfAsync([row.Body], LineRows.None, Test);
            var (place, line) = (IdentityStore.PlaceOf(new Guid(row.Id, bigEndian: true)), keys[Sealer.LineOf(row.Body)!.Value]);
            var number = IdentityStore.Open(Fixture.Sealer, row.Id, row.Body, keys).Number;
            await Fixture.Database.WriteAsync(
                [
                    new Statement(
                        "UPDATE identities SET number_hash = @hash, body = @body, number_form = 2 WHERE id = @id",
                        ("@hash", row.Hash.AsSpan().SequenceEqual(row.Id) ? row.Id : HashOf("identities.number", number, line)),
                        ("@body", Fixture.Sealer.Seal(Fixture.Sealer.Open(row.Body, place, keys), place, line)),
                        ("@id", row.Id)),
                ],
                Test);
        }
        foreach (var (number, purpose) in Moments)
        {
            var line = (await Fixture.Lines.FindAsync(number, Test))!;
            var within = (await Fixture.Lines.FindAsync(number, Sample.Shop, Test))!;
            await Fixture.Database.WriteAsync(
                [
                    new Statement(
                        "UPDATE verified_numbers SET number_hash = @former, number_form = 0 WHERE number_hash = @hash",
                        ("@former", HashOf(purpose, number, line)), ("@hash", HashOf(purpose, number, within))),
                ],
                Test);
        }
    }

    private static IEnumerable<(PhoneNumber Number, string Purpose)> Moments =>
        [(Sample.Number, "verified_numbers.number"), (_other, "verified_numbers.left")];

    /// <summary>
    /// Whether somebody who has all other keys opens a text of the project in a copy, and whether they find a number in it by trying.
    /// </summary>
    private async Task<(bool Opens, bool Finds)> FindAsync(Copy copy, ProjectId project)
    {
        var opens = false;
        foreach (var row in copy.Rows.Where(row => row.Project == project))
        {
            try
            {
                _ = IdentityStore.Open(Fixture.Sealer, row.Id, row.Body, await Fixture.Lines.OfAsync([row.Body], LineRows.None, Test));
                opens = true;
            }
            catch (CryptographicException)
            {
                // They cannot read it.
            }
        }
        var finds = false;
        foreach (var (number, purpose) in Moments.Append((Sample.Number, "identities.number")))
        {
            var keys = (await LineEverywhere.OfAsync(Fixture.Lines, number, [project], null, Test)).Keys;
            finds |= keys.Any(key => copy.Bytes.AsSpan().IndexOf(HashOf(purpose, number, key)) >= 0)
                || copy.Bytes.AsSpan().IndexOf(Fixture.Hasher.Hash(purpose, new Secret(number.E164)).ToBytes()) >= 0;
        }
        return (opens, finds);
    }

    private byte[] HashOf(string purpose, PhoneNumber number, LineKey key) =>
        Fixture.Hashes.Seal(key.Bind(Fixture.Hasher.Hash(purpose, new Secret(number.E164)).ToBytes()));

    private async Task<Copy> TakeAsync() => new(
        await RowsAsync(), [.. (await Fixture.DumpAsync()).SelectMany(value => value is byte[] bytes ? bytes : [])]);

    private async Task<List<Row>> RowsAsync() => await Fixture.Database.ReadAsync(
        new Statement("SELECT id, project_id, number_hash, body FROM identities"),
        row => new Row(
            row.GetFieldValue<byte[]>(0), ProjectId.Parse(row.GetString(1)), row.GetFieldValue<byte[]>(2), row.GetFieldValue<byte[]>(3)),
        Test);

    private Task<WriteResult[]> LinkAsync(ProjectId project) => Fixture.Database.WriteAsync(
        [
            new Statement(
                """
                INSERT INTO domain_links (from_project, to_project, scopes, requested_at, accepted_at)
                VALUES (@from_project, @to_project, 'identities', 1, 1)
                """,
                ("@from_project", Sample.Shop), ("@to_project", project)),
        ],
        Test);

    private sealed record Row(byte[] Id, ProjectId Project, byte[] Hash, byte[] Body)
    {
        public override string ToString() => "***";
    }

    private sealed record Copy(List<Row> Rows, byte[] Bytes)
    {
        public override string ToString() => "***";
    }

    /// <summary>Something happens in the moments before and after a project goes.</summary>
    private sealed class HookedDatabase(IDatabase inner) : IDatabase
    {
        public required Func<Task> Before { get; init; }

        public required Func<Task> After { get; init; }

        public void Migrate() => inner.Migrate();

        public Task PingAsync(CancellationToken cancellationToken) => inner.PingAsync(cancellationToken);

        public Task<List<T>> ReadAsync<T>(Statement statement, Func<DbDataReader, T> read, CancellationToken cancellationToken) =>
            inner.ReadAsync(statement, read, cancellationToken);

        public async Task<WriteResult[]> WriteAsync(Statement[] statements, CancellationToken cancellationToken)
        {
            if (!statements.Any(statement => statement.Sql.StartsWith("DELETE FROM projects", StringComparison.Ordinal)))
            {
                return await inner.WriteAsync(statements, cancellationToken);
            }
            await Before();
            var outcomes = await inner.WriteAsync(statements, cancellationToken);
            await After();
            return outcomes;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    /// <summary>Another server erases the project in the moment after this one has learnt its key.</summary>
    private sealed class Erasing(ILineKeys lines) : ILineKeys
    {
        public bool HasErased { get; private set; }

        public Task<IReadOnlyDictionary<KeyOwner, LineKey?>> FindAsync(
            IReadOnlyCollection<KeyOwner> owners, CancellationToken cancellationToken) => lines.FindAsync(owners, cancellationToken);

        public async Task<IReadOnlyDictionary<KeyOwner, LineKey?>> ObtainAsync(
            IReadOnlyCollection<KeyOwner> owners, CancellationToken cancellationToken)
        {
            var keys = await lines.ObtainAsync(owners, cancellationToken);
            if (!HasErased)
            {
                HasErased = true;
                await lines.DestroyAsync(Sample.Shop, cancellationToken);
            }
            return keys;
        }

        public Task<IReadOnlyDictionary<LineKeyId, LineKey>> FindAsync(
            IReadOnlyCollection<LineKeyId> ids, CancellationToken cancellationToken) => lines.FindAsync(ids, cancellationToken);

        public Task<IReadOnlySet<LineKeyId>> ListThereAsync(
            IReadOnlyCollection<LineKeyId> ids, CancellationToken cancellationToken) => lines.ListThereAsync(ids, cancellationToken);

        public Task<LineKey?> DestroyAsync(KeyOwner owner, LineKey? successor, CancellationToken cancellationToken) =>
            lines.DestroyAsync(owner, successor, cancellationToken);

        public Task DestroyAsync(LineKey key, CancellationToken cancellationToken) => lines.DestroyAsync(key, cancellationToken);
    }
}

public sealed class ProjectKeysOnSqlite(SqliteFixture fixture) : ProjectKeysContract(fixture), IClassFixture<SqliteFixture>;

public sealed class ProjectKeysOnPostgres(PostgresFixture fixture) : ProjectKeysContract(fixture), IClassFixture<PostgresFixture>;
