using System.Data.Common;
using System.Globalization;
using Countersign.Core;
using Countersign.Core.Administration;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Possession;
using Countersign.Core.Projects;
using Microsoft.Extensions.Logging.Abstractions;

namespace Countersign.Storage.Tests;

public abstract class ProjectStoreContract(StoreFixture fixture) : StoreContract(fixture)
{
    // As a server of before has written it.
    private const string OldRow =
        "INSERT INTO projects (id, name, settings, origin) VALUES ('old', 'Old', '{\"linkConfirmation\":\"Match\"}', 0)";

    private static readonly StricterDefaults _stricter = StricterDefaults.InLive(new PossessionOptions());

    // As in the first minutes after an upgrade: these tests write rows as servers before did.
    private RowSeals Rows => field ??= new RowSeals(Fixture.Sealer, Fixture.Hashes, NullLogger<RowSeals>.Instance) { TakesUnsealed = true };

    private ProjectStore Projects => new(Fixture.Database, Fixture.Hasher, Fixture.Hashes, _stricter, Rows, Fixture.Lines);

    [Fact]
    public async Task A_project_is_found_with_all_its_settings()
    {
        var settings = new ProjectSettings
        {
            ErrorCodes = ErrorCodes.Legacy,
            LinkConfirmation = LinkConfirmation.Match,
            WebOtpHost = "shop.example",
            WebOrigins = ["https://shop.example", "https://www.shop.example"],
            TargetUrls = ["https://shop.example/done"],
            OtpText = "Your code: ######",
            LinkText = "Your link: ####",
            Countries = ["US", "GB"],
            NamePolicy = NamePolicy.Strict,
            GuessProbability = 0.0006m,
            OneCall = [VerificationType.VerifiedUser, VerificationType.IdentityResolution],
            DisclosesSsn = true,
            NumberChange = NumberChangeRule.On,
            Risk = new RiskPolicy { SimSwap = RiskRule.Refuse, Recycled = RiskRule.Refuse, RefusesUnknown = true },
        };
        await Projects.PutAsync(new Project(ProjectId.Parse("shop"), "Käse & Söhne", settings), Test);

        var found = await Projects.FindProjectAsync(ProjectId.Parse("shop"), Test);

        Assert.Equal("Käse & Söhne", found!.Name);
        Assert.Equivalent(settings, found.Settings, strict: true);
    }

    [Fact]
    public async Task A_setting_that_was_never_stored_has_its_default()
    {
        await Projects.PutAsync(new Project(ProjectId.Parse("shop"), "Shop", new ProjectSettings()), Test);
        await Fixture.ExecuteAsync("UPDATE projects SET settings = '{}'");

        var found = await Projects.FindProjectAsync(ProjectId.Parse("shop"), Test);

        Assert.Equivalent(new ProjectSettings(), found!.Settings, strict: true);
    }

    [Fact]
    public async Task A_project_that_was_there_before_keeps_what_it_had_and_a_new_one_does_not()
    {
        await Fixture.ExecuteAsync(OldRow);
        await Projects.TryAddAsync(new Project(ProjectId.Parse("new"), "New", new ProjectSettings()), Test);

        await Projects.StoreKeptAsync(Test);

        // Read without the list: it is stored.
        var plain = new ProjectStore(Fixture.Database, Fixture.Hasher, Fixture.Hashes, StricterDefaults.None, Rows, Fixture.Lines);
        var stored = await plain.ListProjectsAsync(Test);
        var (added, old) = (stored[0], stored[1]);
        Assert.Equal((null, false), (added.Settings.GuessProbability, added.Keeps(nameof(ProjectSettings.GuessProbability))));
        Assert.Equal((0.0006m, true), (old.Settings.GuessProbability, old.Keeps(nameof(ProjectSettings.GuessProbability))));
        Assert.Equal((0, false), (added.Settings.OneCall.Count, added.Settings.DisclosesSsn));
        Assert.Equal(Enum.GetValues<VerificationType>(), old.Settings.OneCall);
        Assert.True(old.Settings.DisclosesSsn);
        Assert.Equal((NumberChangeRule.Off, NumberChangeRule.On), (added.Settings.NumberChange, old.Settings.NumberChange));
        Assert.Equal(LinkConfirmation.Match, old.Settings.LinkConfirmation);
        Assert.All(_stricter.Settings, setting => Assert.True(added.Kept.ContainsKey(setting.Name)));
        // What was strict before is no weakness to be named.
        Assert.Equal(
            [nameof(ProjectSettings.LinkConfirmation)],
            _stricter.Settings.Where(setting => !old.Keeps(setting.Name)).Select(setting => setting.Name));
    }

    [Fact]
    public async Task What_is_kept_is_read_so_before_it_is_stored()
    {
        await Fixture.ExecuteAsync(OldRow);

        var found = await Projects.FindProjectAsync(ProjectId.Parse("old"), Test);
        await Projects.PutAsync(found! with { Name = "Renamed" }, Test);

        Assert.True(found!.Keeps(nameof(ProjectSettings.GuessProbability)));
        Assert.Equal((0.0006m, true), await ReadAsync("old"));
    }

    [Theory]
    [InlineData("0.0002")]
    [InlineData("0.0006")]
    [InlineData("0.00001")]
    public async Task A_setting_that_was_chosen_is_kept_no_longer_whatever_its_value(string value)
    {
        var chosen = decimal.Parse(value, CultureInfo.InvariantCulture);
        await Fixture.ExecuteAsync(OldRow);
        var old = (await Projects.FindProjectAsync(ProjectId.Parse("old"), Test))!;

        await Projects.PutAsync(
            (old with { Settings = old.Settings with { GuessProbability = chosen } }).Choosing([nameof(ProjectSettings.GuessProbability)]),
            Test);
        await Projects.StoreKeptAsync(Test);

        Assert.Equal((chosen, false), await ReadAsync("old"));
    }

    [Fact]
    public async Task A_server_of_before_may_write_the_settings_again_and_nothing_becomes_stricter()
    {
        await Fixture.ExecuteAsync(OldRow);
        await Projects.StoreKeptAsync(Test);

        await Fixture.ExecuteAsync("UPDATE projects SET name = 'Old', settings = '{}', origin = 0 WHERE id = 'old'");
        await Projects.StoreKeptAsync(Test);

        Assert.Equal((0.0006m, true), await ReadAsync("old"));
    }

    [Fact]
    public async Task What_a_later_server_has_written_about_settings_of_its_own_stays()
    {
        await Projects.PutAsync(new Project(ProjectId.Parse("shop"), "Shop", new ProjectSettings()), Test);
        await Fixture.ExecuteAsync("UPDATE projects SET kept = '{\"Later\":true,\"Latest\":false,\"GuessProbability\":false}'");

        await Projects.PutAsync((await Projects.FindProjectAsync(ProjectId.Parse("shop"), Test))!, Test);
        await Projects.StoreKeptAsync(Test);

        var kept = (await Projects.FindProjectAsync(ProjectId.Parse("shop"), Test))!.Kept;
        Assert.Equal((true, false, false), (kept["Later"], kept["Latest"], kept["GuessProbability"]));
    }

    [Fact]
    public async Task Two_nodes_that_start_at_once_store_the_same()
    {
        await Fixture.ExecuteAsync(OldRow);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Projects.StoreKeptAsync(Test)));

        Assert.Equal((0.0006m, true), await ReadAsync("old"));
    }

    [Fact]
    public async Task A_project_put_again_replaces_itself()
    {
        await Projects.PutAsync(new Project(ProjectId.Parse("shop"), "Shop", new ProjectSettings()), Test);

        await Projects.PutAsync(
            new Project(ProjectId.Parse("shop"), "New shop", new ProjectSettings { WebOtpHost = "shop.example" }), Test);

        var found = await Projects.FindProjectAsync(ProjectId.Parse("shop"), Test);
        Assert.Equal(("New shop", "shop.example"), (found!.Name, found.Settings.WebOtpHost));
        Assert.Equal(1, await Fixture.CountAsync("projects"));
    }

    [Fact]
    public async Task Unknown_projects_and_clients_are_null()
    {
        Assert.Null(await Projects.FindProjectAsync(ProjectId.Parse("shop"), Test));
        Assert.Null(await Projects.FindClientAsync(ClientId.Parse("client"), Test));
    }

    [Fact]
    public async Task A_client_put_again_has_the_new_secret()
    {
        await Projects.PutAsync(new ApiClient(ClientId.Parse("client"), ProjectId.Parse("shop"), Sample.Hash(1)), Test);

        await Projects.PutAsync(new ApiClient(ClientId.Parse("client"), ProjectId.Parse("shop"), Sample.Hash(2)), Test);

        Assert.Equal(new ApiClient(ClientId.Parse("client"), ProjectId.Parse("shop"), Sample.Hash(2)),
            await Projects.FindClientAsync(ClientId.Parse("client"), Test));
    }

    [Fact]
    public async Task Adding_what_is_there_changes_nothing()
    {
        await Projects.PutAsync(new Project(ProjectId.Parse("shop"), "Shop", new ProjectSettings()), Test);
        await Projects.PutAsync(new ApiClient(ClientId.Parse("client"), ProjectId.Parse("shop"), Sample.Hash(1)), Test);

        Assert.False(await Projects.TryAddAsync(new Project(ProjectId.Parse("shop"), "Other", new ProjectSettings()), Test));
        Assert.False(await Projects.TryAddAsync(new ApiClient(ClientId.Parse("client"), ProjectId.Parse("bank"), Sample.Hash(2)), Test));
        Assert.True(await Projects.TryAddAsync(new Project(ProjectId.Parse("bank"), "Bank", new ProjectSettings()), Test));
        Assert.True(await Projects.TryAddAsync(new ApiClient(ClientId.Parse("other"), ProjectId.Parse("bank"), Sample.Hash(2)), Test));

        Assert.Equal("Shop", (await Projects.FindProjectAsync(ProjectId.Parse("shop"), Test))!.Name);
        Assert.Equal(ProjectId.Parse("shop"), (await Projects.FindClientAsync(ClientId.Parse("client"), Test))!.ProjectId);
    }

    [Fact]
    public async Task A_project_and_a_client_keep_who_made_them_and_when()
    {
        var project = new Project(ProjectId.Parse("shop"), "Shop", new ProjectSettings()) { Origin = ProjectOrigin.Configuration };
        var client = new ApiClient(ClientId.Parse("client"), ProjectId.Parse("shop"), Sample.Hash(1))
        {
            Origin = ProjectOrigin.Configuration,
            CreatedAt = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000),
            Former = new FormerSecret(Sample.Hash(2), DateTimeOffset.FromUnixTimeSeconds(1_800_086_400)),
        };
        await Projects.PutAsync(project, Test);
        await Projects.PutAsync(client, Test);

        Assert.Equal(ProjectOrigin.Configuration, (await Projects.FindProjectAsync(ProjectId.Parse("shop"), Test))!.Origin);
        Assert.Equal(client, await Projects.FindClientAsync(ClientId.Parse("client"), Test));
    }

    [Fact]
    public async Task A_clients_keys_are_found_as_they_were_set_and_stay_over_a_rotation()
    {
        var keys = ClientKeys.Parse(
            """
            {"keys":[{"kty":"EC","crv":"P-256","kid":"one",
                "x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}]}
            """).Keys!;
        var client = new ApiClient(ClientId.Parse("client"), ProjectId.Parse("shop"), Sample.Hash(1));
        await Projects.PutAsync(new Project(ProjectId.Parse("shop"), "Shop", new ProjectSettings()), Test);
        await Projects.PutAsync(client, Test);
        Assert.Equal(ClientKeys.None, (await Projects.FindClientAsync(client.Id, Test))!.Keys);

        var isSet = await Projects.TrySetKeysAsync(client.Id, keys, Test);
        await Projects.TryRotateAsync(client with { Secret = Sample.Hash(2) }, Sample.Hash(1), Test);
        var found = await Projects.FindClientAsync(client.Id, Test);
        var isUnset = await Projects.TrySetKeysAsync(client.Id, ClientKeys.None, Test);

        Assert.True(isSet && isUnset);
        Assert.Equal(client with { Secret = Sample.Hash(2), Keys = keys }, found);
        Assert.Equal(ClientKeys.None, (await Projects.FindClientAsync(client.Id, Test))!.Keys);
        Assert.False(await Projects.TrySetKeysAsync(ClientId.Parse("nobody"), keys, Test));
    }

    [Fact]
    public async Task Of_two_rotations_of_what_both_have_read_one_succeeds()
    {
        await Projects.PutAsync(new ApiClient(ClientId.Parse("client"), ProjectId.Parse("shop"), Sample.Hash(1)), Test);
        var former = new FormerSecret(Sample.Hash(1), DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));

        var first = await Projects.TryRotateAsync(
            new ApiClient(ClientId.Parse("client"), ProjectId.Parse("shop"), Sample.Hash(2)) { Former = former }, Sample.Hash(1), Test);
        var second = await Projects.TryRotateAsync(
            new ApiClient(ClientId.Parse("client"), ProjectId.Parse("shop"), Sample.Hash(3)) { Former = former }, Sample.Hash(1), Test);
        var ofNobody = await Projects.TryRotateAsync(
            new ApiClient(ClientId.Parse("nobody"), ProjectId.Parse("shop"), Sample.Hash(3)), Sample.Hash(1), Test);

        Assert.Equal((true, false, false), (first, second, ofNobody));
        Assert.Equal(new ApiClient(ClientId.Parse("client"), ProjectId.Parse("shop"), Sample.Hash(2)) { Former = former },
            await Projects.FindClientAsync(ClientId.Parse("client"), Test));
    }

    [Fact]
    public async Task Lists_are_in_the_order_of_ids()
    {
        foreach (var id in (string[])["shop", "bank"])
        {
            await Projects.PutAsync(new Project(ProjectId.Parse(id), id, new ProjectSettings()), Test);
            await Projects.PutAsync(new ApiClient(ClientId.Parse(id + "-2"), ProjectId.Parse(id), Sample.Hash(1)), Test);
            await Projects.PutAsync(new ApiClient(ClientId.Parse(id + "-1"), ProjectId.Parse(id), Sample.Hash(2)), Test);
        }

        Assert.Equal(["bank", "shop"], (await Projects.ListProjectsAsync(Test)).Select(project => project.Id.ToString()));
        Assert.Equal(
            ["shop-1", "shop-2"], (await Projects.ListClientsAsync(ProjectId.Parse("shop"), Test)).Select(client => client.Id.ToString()));
        Assert.Equal(4, (await Projects.ListClientsAsync(null, Test)).Count);
    }

    [Fact]
    public async Task A_removed_project_takes_its_clients_along_and_no_others()
    {
        foreach (var id in (string[])["shop", "bank"])
        {
            await Projects.PutAsync(new Project(ProjectId.Parse(id), id, new ProjectSettings()), Test);
            await Projects.PutAsync(new ApiClient(ClientId.Parse(id), ProjectId.Parse(id), Sample.Hash(1)), Test);
        }

        Assert.True(await Projects.RemoveProjectAsync(ProjectId.Parse("shop"), Test));
        Assert.False(await Projects.RemoveProjectAsync(ProjectId.Parse("shop"), Test));

        Assert.Null(await Projects.FindProjectAsync(ProjectId.Parse("shop"), Test));
        Assert.Null(await Projects.FindClientAsync(ClientId.Parse("shop"), Test));
        Assert.NotNull(await Projects.FindProjectAsync(ProjectId.Parse("bank"), Test));
        Assert.NotNull(await Projects.FindClientAsync(ClientId.Parse("bank"), Test));
    }

    [Fact]
    public async Task Of_two_changes_at_once_none_is_lost()
    {
        var id = ProjectId.Parse("shop");
        await Projects.PutAsync(new Project(id, "Shop", new ProjectSettings()), Test);
        var turns = 0;

        var isChanged = await Projects.TryChangeAsync(
            id,
            read =>
            {
                if (turns++ == 0)
                {
                    // Somebody is first. The port's function cannot wait.
                    Projects.PutAsync(read with { Settings = read.Settings with { Countries = ["US"] } }, Test).GetAwaiter().GetResult();
                }
                return read with { Name = "Another" };
            },
            Test);

        var found = (await Projects.FindProjectAsync(id, Test))!;
        Assert.Equal((true, 2, "Another", "US"), (isChanged, turns, found.Name, string.Join(' ', found.Settings.Countries)));
        Assert.False(await Projects.TryChangeAsync(id, _ => null, Test));
        Assert.False(await Projects.TryChangeAsync(ProjectId.Parse("nowhere"), read => read, Test));
    }

    [Fact]
    public async Task Two_projects_that_are_removed_at_once_leave_a_key_with_neither()
    {
        var keys = new AdminKeyStore(Fixture.Database, Fixture.Hashes, Fixture.Rows);
        await keys.TryAddAsync(
            new AdminKey("desk", Sample.Hash(1), new AdminRights([], [ProjectId.Parse("a"), ProjectId.Parse("b")]), Sample.Now, "ops"),
            Test);
        foreach (var id in (string[])["a", "b"])
        {
            await Projects.PutAsync(new Project(ProjectId.Parse(id), id, new ProjectSettings()), Test);
        }

        await Task.WhenAll(
            Projects.RemoveProjectAsync(ProjectId.Parse("a"), Test), Projects.RemoveProjectAsync(ProjectId.Parse("b"), Test));

        Assert.Empty(Assert.Single(await keys.ListAsync(Test)).Rights.Projects!);
    }

    [Fact]
    public async Task Admin_keys_keep_to_a_removed_project_no_more()
    {
        var keys = new AdminKeyStore(Fixture.Database, Fixture.Hashes, Fixture.Rows);
        foreach (var (name, projects) in new (string, string[]?)[]
        {
            ("all", null), ("one", ["shop"]), ("first", ["shop", "bank"]), ("last", ["my-shop", "shop"]), ("between", ["a", "shop", "b"]),
            ("like", ["my-shop", "shop-2"]),
        })
        {
            await keys.TryAddAsync(
                new AdminKey(name, Sample.Hash(1), new AdminRights([], projects?.Select(ProjectId.Parse).ToList()), Sample.Now, "ops"),
                Test);
        }
        await Projects.PutAsync(new Project(ProjectId.Parse("shop"), "shop", new ProjectSettings()), Test);

        await Projects.RemoveProjectAsync(ProjectId.Parse("shop"), Test);

        Assert.Equal(
            ["all: *", "between: a b", "first: bank", "last: my-shop", "like: my-shop shop-2", "one: "],
            (await keys.ListAsync(Test)).Select(key =>
                $"{key.Name}: {(key.Rights.Projects is { } left ? string.Join(' ', left) : "*")}"));
    }

    [Fact]
    public async Task A_project_with_more_than_one_write_can_remove_is_removed_in_pieces()
    {
        var bytes = Fixture.Database is PostgresDatabase ? "bytea" : "blob";
        foreach (var project in new[] { "shop", "bank" })
        {
            await Projects.PutAsync(new Project(ProjectId.Parse(project), project, new ProjectSettings()), Test);
            await Fixture.ExecuteAsync(
                $"""
                INSERT INTO verified_numbers (project_id, number_hash, verified_at)
                WITH RECURSIVE rows (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM rows WHERE i < 4500)
                SELECT '{project}', CAST('{project}' || CAST(i AS text) AS {bytes}), i FROM rows
                """);
            await Fixture.ExecuteAsync(
                $"""
                INSERT INTO identity_aliases (id, project_id, identity_id)
                SELECT number_hash, project_id, number_hash FROM verified_numbers WHERE project_id = '{project}'
                """);
        }
        var observed = new ObservedDatabase(Fixture.Database);

        Assert.True(
            await new ProjectStore(observed, Fixture.Hasher, Fixture.Hashes, StricterDefaults.None, Rows, Fixture.Lines).RemoveProjectAsync(
                ProjectId.Parse("shop"), Test));

        Assert.InRange(observed.MaxChanged, 1, ProjectStore.MaxInPiece);
        Assert.Equal((4500, 4500), (await Fixture.CountAsync("verified_numbers"), await Fixture.CountAsync("identity_aliases")));
        Assert.NotNull(await Projects.FindProjectAsync(ProjectId.Parse("bank"), Test));
    }

    [Fact]
    public async Task A_removed_client_is_gone()
    {
        await Projects.PutAsync(new ApiClient(ClientId.Parse("client"), ProjectId.Parse("shop"), Sample.Hash(1)), Test);

        Assert.True(await Projects.RemoveClientAsync(ClientId.Parse("client"), Test));
        Assert.False(await Projects.RemoveClientAsync(ClientId.Parse("client"), Test));

        Assert.Null(await Projects.FindClientAsync(ClientId.Parse("client"), Test));
    }

    private async Task<(decimal? Value, bool IsKept)> ReadAsync(string id)
    {
        var project = (await Projects.FindProjectAsync(ProjectId.Parse(id), Test))!;
        return (project.Settings.GuessProbability, project.Keeps(nameof(ProjectSettings.GuessProbability)));
    }

    /// <summary>Notes how many rows the largest write has changed.</summary>
    private sealed class ObservedDatabase(IDatabase inner) : IDatabase
    {
        public int MaxChanged { get; private set; }

        public void Migrate() => inner.Migrate();

        public Task PingAsync(CancellationToken cancellationToken) => inner.PingAsync(cancellationToken);

        public Task<List<T>> ReadAsync<T>(Statement statement, Func<DbDataReader, T> read, CancellationToken cancellationToken) =>
            inner.ReadAsync(statement, read, cancellationToken);

        public async Task<WriteResult[]> WriteAsync(Statement[] statements, CancellationToken cancellationToken)
        {
            var outcomes = await inner.WriteAsync(statements, cancellationToken);
            MaxChanged = Math.Max(MaxChanged, outcomes.Sum(outcome => outcome.Changed));
            return outcomes;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

public sealed class ProjectStoreOnSqlite(SqliteFixture fixture) : ProjectStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class ProjectStoreOnPostgres(PostgresFixture fixture) : ProjectStoreContract(fixture), IClassFixture<PostgresFixture>;
