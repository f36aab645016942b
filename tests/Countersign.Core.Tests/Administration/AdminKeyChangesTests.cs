using Countersign.Core.Administration;
using Countersign.Core.Keys;
using Countersign.Core.Projects;
using Countersign.Core.Tests.Fakes;

namespace Countersign.Core.Tests.Administration;

public sealed class AdminKeyChangesTests
{
    private static readonly ProjectId _shop = ProjectId.Parse("shop");
    private static readonly ProjectId _bank = ProjectId.Parse("bank");
    private static readonly AdminRights _shopsKeys = new([AdminScope.Read, AdminScope.Keys], [_shop]);

    private readonly StillClock _clock = new();
    private readonly SecretHasher _hasher = new(new byte[32]);
    private readonly MemoryAdminKeys _store = new(
        Key("of-all", AdminRights.All), Key("of-bank", new([AdminScope.Read], [_bank])), Key("of-shop", _shopsKeys));

    private readonly AdminKeyDirectory _directory;
    private readonly AdminKeyChanges _changes;

    public AdminKeyChangesTests()
    {
        _directory = new AdminKeyDirectory(_store, _clock);
        var projects = new MemoryProjects(
            new Project(_shop, "Shop", new ProjectSettings()), new Project(_bank, "Bank", new ProjectSettings()));
        _changes = new AdminKeyChanges(_store, _directory, projects, _hasher, _clock);
    }

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_key_is_kept_as_asked_for_and_works_on_this_node_at_once()
    {
        await _directory.ListAsync();
        var end = Sample.Now.AddDays(1);

        var given = Assert.IsType<AdminKeyOutcome.Given>(
            await _changes.CreateAsync(_shopsKeys, end, "of-shop", "new", _shopsKeys, end, Test));

        Assert.Equal(
            new AdminKey("new", AdminKeySecrets.HashOf(_hasher, given.Secret), _shopsKeys, Sample.Now, "of-shop") { ExpiresAt = end },
            given.Key);
        Assert.Contains(given.Key, await _directory.ListAsync());
    }

    [Fact]
    public async Task A_name_is_given_once()
    {
        await _directory.ListAsync();

        Assert.Equal(new AdminKeyOutcome.AlreadyThere("of-bank"), await CreateAsync(AdminRights.All, AdminRights.All, name: "of-bank"));
        Assert.Equal(3, _store.Kept.Count);
        await _directory.ListAsync();
        Assert.Equal(1, _store.Reads);
    }

    [Fact]
    public async Task Nobody_gives_away_what_they_do_not_have()
    {
        var asked = new AdminRights([AdminScope.Read, AdminScope.Erase, AdminScope.Audit]);

        var refused = Assert.IsType<AdminKeyOutcome.Refused>(
            await _changes.CreateAsync(_shopsKeys, Sample.Now.AddDays(1), "of-shop", "new", asked, expiresAt: null, Test));

        Assert.Equal(
            [AdminScope.Erase, AdminScope.Audit], Assert.IsType<AdminKeyProblem.ScopesLacking>(refused.Problems[0]).Scopes);
        Assert.Equal(
            [new AdminKeyProblem.NotLimited(), new AdminKeyProblem.OutlivesItsMaker(Sample.Now.AddDays(1))], refused.Problems.Skip(1));
        Assert.Equal(3, _store.Kept.Count);
    }

    [Fact]
    public async Task A_project_of_others_is_as_unknown_as_one_that_is_not_there()
    {
        var nowhere = ProjectId.Parse("nowhere");
        var asked = new AdminRights([AdminScope.Read], [_shop, _bank, nowhere]);

        Assert.Equal(
            [new AdminKeyProblem.NoSuchProject(_bank), new AdminKeyProblem.NoSuchProject(nowhere)],
            await _changes.ProblemsOfRightsAsync(_shopsKeys, asked, Test));
        Assert.Equal([new AdminKeyProblem.NoSuchProject(nowhere)], await _changes.ProblemsOfRightsAsync(AdminRights.All, asked, Test));
        Assert.IsType<AdminKeyOutcome.Given>(await CreateAsync(AdminRights.All, _shopsKeys));
    }

    public static TheoryData<int?, int?, AdminKeyProblem?> Ends => new()
    {
        { null, null, null },
        { null, 60, null },
        { null, 1, null },
        { null, 0, new AdminKeyProblem.ExpiredAlready() },
        { null, -1, new AdminKeyProblem.ExpiredAlready() },
        { 60, 60, null },
        { 60, 59, null },
        { 60, 61, new AdminKeyProblem.OutlivesItsMaker(Sample.Now.AddSeconds(60)) },
        { 60, null, new AdminKeyProblem.OutlivesItsMaker(Sample.Now.AddSeconds(60)) },
        { 60, 0, new AdminKeyProblem.ExpiredAlready() },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public void A_key_ends_in_the_future_and_not_after_its_maker(int? own, int? asked, AdminKeyProblem? problem) =>
        Assert.Equal(
            problem is null ? [] : [problem],
            _changes.ProblemsOfEnd(own is { } a ? Sample.Now.AddSeconds(a) : null, asked is { } b ? Sample.Now.AddSeconds(b) : null));

    [Fact]
    public async Task Somebody_knows_of_the_keys_of_their_projects_and_of_their_own()
    {
        Assert.Equal(["of-all", "of-bank", "of-shop"], await NamesAsync(AdminRights.All, "root"));
        Assert.Equal(["of-shop"], await NamesAsync(_shopsKeys, "other"));
        Assert.Equal(["of-all", "of-shop"], await NamesAsync(_shopsKeys, "of-all"));

        async Task<IEnumerable<string>> NamesAsync(AdminRights own, string by) =>
            (await _changes.ListAsync(own, by, Test)).Select(key => key.Name);
    }

    [Fact]
    public async Task A_key_that_somebody_may_know_of_is_ended_on_this_node_at_once_and_once()
    {
        await _directory.ListAsync();

        var ended = Assert.IsType<AdminKeyOutcome.Ended>(await _changes.EndAsync(_shopsKeys, "other", "of-shop", Test));
        Assert.Equal(("of-shop", true), (ended.Key.Name, ended.IsFirst));
        Assert.Equal(Sample.Now, (await _directory.ListAsync()).Single(key => key.Name == "of-shop").EndedAt);
        var again = Assert.IsType<AdminKeyOutcome.Ended>(await _changes.EndAsync(_shopsKeys, "other", "of-shop", Test));
        Assert.Equal(("of-shop", false), (again.Key.Name, again.IsFirst));
    }

    [Theory]
    [InlineData("of-bank")]
    [InlineData("nobody's")]
    public async Task A_key_that_somebody_may_not_know_of_is_not_there_for_them(string name)
    {
        Assert.IsType<AdminKeyOutcome.NoSuchKey>(await _changes.EndAsync(_shopsKeys, "other", name, Test));

        Assert.All(_store.Kept, key => Assert.Null(key.EndedAt));
    }

    [Theory]
    [InlineData(29.9, 1)]
    [InlineData(30, 2)]
    [InlineData(-29.9, 1)]
    [InlineData(-30, 2)]
    public async Task Keys_are_read_at_most_once_in_thirty_seconds_also_where_the_clock_is_set_back(double seconds, int reads)
    {
        await _directory.ListAsync();

        _clock.Now = Sample.Now.AddSeconds(seconds);
        await _directory.ListAsync();

        Assert.Equal(reads, _store.Reads);
    }

    [Fact]
    public async Task A_reading_that_failed_is_done_again()
    {
        _store.Failures.Enqueue(Task.FromException<IReadOnlyList<AdminKey>>(new UnavailableException("away", TimeSpan.Zero)));
        _store.Failures.Enqueue(Task.FromCanceled<IReadOnlyList<AdminKey>>(new CancellationToken(canceled: true)));

        await Assert.ThrowsAsync<UnavailableException>(_directory.ListAsync);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(_directory.ListAsync);

        Assert.Equal(3, (await _directory.ListAsync()).Count);
    }

    private Task<AdminKeyOutcome> CreateAsync(AdminRights own, AdminRights rights, string name = "new") =>
        _changes.CreateAsync(own, ownEnd: null, "root", name, rights, expiresAt: null, Test);

    private static AdminKey Key(string name, AdminRights rights) => new(name, Sample.Hash(1), rights, Sample.Now, "root");
}
