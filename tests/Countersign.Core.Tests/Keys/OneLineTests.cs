using System.Security.Cryptography;
using Countersign.Core.Keys;

namespace Countersign.Core.Tests.Keys;

/// <summary>The key of one line, by itself and within a project.</summary>
public sealed class OneLineTests
{
    private static readonly PhoneNumber _number = PhoneNumber.Parse("+12025550142");
    private static readonly ProjectId _shop = ProjectId.Parse("shop");

    private readonly Keys _keys = new();
    private readonly LineKey _line = LineKey.New();
    private readonly LineKey _project = LineKey.New();

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_a_line_without_a_key_nothing_is_stored()
    {
        _keys.Kept[_shop] = _project;

        Assert.Null(await _keys.FindAsync(_number, Test));
        Assert.Null(await _keys.FindAsync(_number, _shop, Test));
    }

    [Fact]
    public async Task A_line_has_its_key_and_within_a_project_one_that_both_make()
    {
        _keys.Kept[_number] = _line;
        Assert.Same(_line, await _keys.FindAsync(_number, _shop, Test));
        _keys.Kept[_shop] = _project;

        Assert.Same(_line, await _keys.FindAsync(_number, Test));
        Assert.Same(_line, await _keys.ObtainAsync(_number, Test));
        Assert.Equal([_line, _project], (await _keys.FindAsync(_number, _shop, Test))!.Parts);
        Assert.Equal([_line, _project], (await _keys.ObtainAsync(_number, _shop, Test)).Parts);
    }

    [Fact]
    public async Task Where_a_key_cannot_be_opened_nobody_goes_on_without_it()
    {
        _keys.Kept[_number] = null;
        await Assert.ThrowsAsync<CryptographicException>(() => _keys.FindAsync(_number, Test));
        await Assert.ThrowsAsync<CryptographicException>(() => _keys.ObtainAsync(_number, Test));
        await Assert.ThrowsAsync<CryptographicException>(() => _keys.FindAsync(_number, _shop, Test));
        await Assert.ThrowsAsync<CryptographicException>(() => _keys.ObtainAsync(_number, _shop, Test));

        (_keys.Kept[_number], _keys.Kept[_shop]) = (_line, null);
        await Assert.ThrowsAsync<CryptographicException>(() => _keys.FindAsync(_number, _shop, Test));
        await Assert.ThrowsAsync<CryptographicException>(() => _keys.ObtainAsync(_number, _shop, Test));
    }

    [Fact]
    public async Task A_key_within_a_project_is_there_as_long_as_both_are()
    {
        var both = _line.Within(_project);
        Assert.False(await _keys.IsThereAsync(both, Test));

        _keys.Kept[_number] = _line;
        Assert.True(await _keys.IsThereAsync(_line, Test));
        Assert.False(await _keys.IsThereAsync(both, Test));

        _keys.Kept[_shop] = _project;
        Assert.True(await _keys.IsThereAsync(both, Test));
    }

    [Fact]
    public void Whose_key_cannot_be_opened_is_said_of_projects_and_of_no_line()
    {
        var (project, line) = (OneLine.Unreadable(_shop), OneLine.Unreadable(_number));

        Assert.Equal(("The key of project shop cannot be opened.", TimeSpan.FromMinutes(1)), (project.Message, project.RetryAfter));
        Assert.Equal("The key of a line cannot be opened.", line.Message);
    }

    private sealed class Keys : ILineKeys
    {
        public Dictionary<KeyOwner, LineKey?> Kept { get; } = [];

        public Task<IReadOnlyDictionary<KeyOwner, LineKey?>> FindAsync(
            IReadOnlyCollection<KeyOwner> owners, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyDictionary<KeyOwner, LineKey?>>(
                owners.Where(Kept.ContainsKey).ToDictionary(owner => owner, owner => Kept[owner]));

        public Task<IReadOnlyDictionary<KeyOwner, LineKey?>> ObtainAsync(
            IReadOnlyCollection<KeyOwner> owners, CancellationToken cancellationToken)
        {
            foreach (var owner in owners)
            {
                Kept.TryAdd(owner, LineKey.New());
            }
            return FindAsync(owners, cancellationToken);
        }

        public Task<IReadOnlySet<LineKeyId>> ListThereAsync(IReadOnlyCollection<LineKeyId> ids, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlySet<LineKeyId>>(ids.Intersect(Kept.Values.OfType<LineKey>().Select(key => key.Id)).ToHashSet());

        public Task<IReadOnlyDictionary<LineKeyId, LineKey>> FindAsync(
            IReadOnlyCollection<LineKeyId> ids, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<LineKey?> DestroyAsync(KeyOwner owner, LineKey? successor, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task DestroyAsync(LineKey key, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
