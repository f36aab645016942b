using System.Buffers.Text;
using System.Security.Cryptography;
using Countersign.Core.Keys;
using Countersign.Core.Projects;
using Countersign.Core.Tests.Fakes;

namespace Countersign.Core.Tests.Projects;

public sealed class ApiClientsTests
{
    private readonly SecretHasher _hasher = new(new byte[32]);
    private readonly StillClock _clock = new();
    private readonly MemoryProjects _store = new(FlowStage.Shop, FlowStage.Shop with { Id = ProjectId.Parse("bank") });

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    private ApiClients Clients => new(_store, new ProjectDirectory(_store, _clock), _hasher, _clock);

    [Fact]
    [Trait("attack", "A01")]
    [Trait("attack", "D01")]
    public async Task A_new_client_is_told_its_secret_and_the_store_its_hash()
    {
        var given = Assert.IsType<ClientOutcome.Given>(await Clients.CreateAsync(ProjectId.Parse("shop"), ClientId.Parse("till"), Test));

        Assert.StartsWith(ClientSecrets.Prefix, given.Secret.Reveal(), StringComparison.Ordinal);
        Assert.True(_store.Clients[ClientId.Parse("till")].Opens(ClientSecrets.HashOf(_hasher, given.Secret.Reveal()), _clock.Now));
        Assert.Equal(Sample.Now, _store.Clients[ClientId.Parse("till")].CreatedAt);
    }

    [Fact]
    public async Task A_client_without_an_id_is_called_after_its_project()
    {
        var given = Assert.IsType<ClientOutcome.Given>(await Clients.CreateAsync(ProjectId.Parse("shop"), null, Test));

        Assert.Matches("^shop-[0-9a-f]{8}$", given.Client.Id.ToString());
    }

    [Fact]
    public async Task An_id_is_taken_whatever_the_project()
    {
        await Clients.CreateAsync(ProjectId.Parse("bank"), ClientId.Parse("till"), Test);

        Assert.Equal(new ClientOutcome.AlreadyThere(ClientId.Parse("till")),
            await Clients.CreateAsync(ProjectId.Parse("shop"), ClientId.Parse("till"), Test));
        Assert.Equal(
            new ClientOutcome.NoSuchProject(), await Clients.CreateAsync(ProjectId.Parse("nowhere"), ClientId.Parse("till"), Test));
    }

    [Fact]
    public async Task The_secret_before_a_rotation_opens_for_its_grace()
    {
        var first = await CreateAsync();

        var given = Assert.IsType<ClientOutcome.Given>(
            await Clients.RotateAsync(ProjectId.Parse("shop"), ClientId.Parse("till"), TimeSpan.FromHours(1), Test));

        var stored = _store.Clients[ClientId.Parse("till")];
        Assert.Equal(Sample.Now.AddHours(1), given.FormerExpiresAt);
        Assert.True(stored.Opens(ClientSecrets.HashOf(_hasher, given.Secret.Reveal()), Sample.Now.AddHours(2)));
        Assert.True(stored.Opens(ClientSecrets.HashOf(_hasher, first), Sample.Now.AddMinutes(59)));
        Assert.False(stored.Opens(ClientSecrets.HashOf(_hasher, first), Sample.Now.AddHours(1)));
    }

    [Fact]
    public async Task Without_grace_the_secret_before_opens_nothing_at_once()
    {
        var first = await CreateAsync();

        var given = Assert.IsType<ClientOutcome.Given>(
            await Clients.RotateAsync(ProjectId.Parse("shop"), ClientId.Parse("till"), TimeSpan.Zero, Test));

        Assert.Null(given.FormerExpiresAt);
        Assert.False(_store.Clients[ClientId.Parse("till")].Opens(ClientSecrets.HashOf(_hasher, first), Sample.Now));
    }

    [Fact]
    public async Task Of_two_rotations_at_once_one_counts()
    {
        var store = new MemoryProjects(FlowStage.Shop) { LosesRaces = true };
        var clients = new ApiClients(store, new ProjectDirectory(store, _clock), _hasher, _clock);
        await clients.CreateAsync(ProjectId.Parse("shop"), ClientId.Parse("till"), Test);

        Assert.IsType<ClientOutcome.OtherWasFirst>(
            await clients.RotateAsync(ProjectId.Parse("shop"), ClientId.Parse("till"), TimeSpan.Zero, Test));
    }

    [Theory]
    [InlineData("nowhere", "till", typeof(ClientOutcome.NoSuchProject))]
    [InlineData("bank", "till", typeof(ClientOutcome.NoSuchClient))]
    [InlineData("shop", "other", typeof(ClientOutcome.NoSuchClient))]
    [InlineData("shop", "", typeof(ClientOutcome.NoSuchClient))]
    [InlineData("shop", "configured", typeof(ClientOutcome.Configured))]
    public async Task What_may_not_be_changed_is_not_removed_either(string project, string client, Type expected)
    {
        await CreateAsync();
        _ = ClientId.TryParse(client, out var id);
        _store.Clients[ClientId.Parse("configured")] = _store.Clients[ClientId.Parse("till")] with
        {
            Id = ClientId.Parse("configured"), Origin = ProjectOrigin.Configuration
        };

        Assert.IsType(expected, await Clients.RotateAsync(ProjectId.Parse(project), id, TimeSpan.Zero, Test));
        Assert.IsType(expected, await Clients.RemoveAsync(ProjectId.Parse(project), id, Test));
        Assert.Equal(2, _store.Clients.Count);
    }

    [Fact]
    public async Task A_client_is_made_with_keys_and_its_keys_are_replaced_on_this_node_at_once()
    {
        var directory = new ProjectDirectory(_store, _clock);
        var clients = new ApiClients(_store, directory, _hasher, _clock);
        var (shop, till) = (ProjectId.Parse("shop"), ClientId.Parse("till"));
        var (first, second) = (NewKeys(), NewKeys());

        var made = Assert.IsType<ClientOutcome.GivenKeys>(await clients.CreateAsync(shop, till, first, Test));
        Assert.Equal(first, made.Client.Keys);
        Assert.Equal(first, (await directory.FindClientAsync(till, Test))!.Keys);

        Assert.Equal(new ClientOutcome.Found(made.Client), await clients.SetKeysAsync(shop, till, second, Test));
        Assert.Equal(second, (await directory.FindClientAsync(till, Test))!.Keys);
        Assert.IsType<ClientOutcome.NoSuchClient>(await clients.SetKeysAsync(shop, ClientId.Parse("other"), second, Test));
        Assert.IsType<ClientOutcome.NoSuchProject>(await clients.SetKeysAsync(ProjectId.Parse("nowhere"), till, second, Test));
    }

    [Fact]
    public async Task A_client_that_was_not_known_and_one_that_is_rotated_are_known_on_this_node_at_once()
    {
        var directory = new ProjectDirectory(_store, _clock);
        var clients = new ApiClients(_store, directory, _hasher, _clock);
        var (shop, till) = (ProjectId.Parse("shop"), ClientId.Parse("till"));
        await clients.CreateAsync(shop, till, Test);
        var before = await directory.FindClientAsync(till, Test);

        var rotated = Assert.IsType<ClientOutcome.Given>(await clients.RotateAsync(shop, till, TimeSpan.FromHours(1), Test));

        Assert.NotEqual(before, await directory.FindClientAsync(till, Test));
        Assert.Equal(rotated.Client, await directory.FindClientAsync(till, Test));
        Assert.Equal("Given", rotated.ToString());
    }

    private static ClientKeys NewKeys()
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = pair.ExportParameters(includePrivateParameters: false).Q;
        var (x, y) = (Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
        return ClientKeys.Parse($$"""{"keys":[{"kty":"EC","crv":"P-256","x":"{{x}}","y":"{{y}}"}]}""").Keys!;
    }

    [Fact]
    public async Task A_client_that_is_removed_opens_nothing_on_this_node()
    {
        var directory = new ProjectDirectory(_store, _clock);
        var clients = new ApiClients(_store, directory, _hasher, _clock);
        await clients.CreateAsync(ProjectId.Parse("shop"), ClientId.Parse("till"), Test);
        Assert.NotNull(await directory.FindClientAsync(ClientId.Parse("till"), Test));

        Assert.IsType<ClientOutcome.Found>(await clients.RemoveAsync(ProjectId.Parse("shop"), ClientId.Parse("till"), Test));

        Assert.Null(await directory.FindClientAsync(ClientId.Parse("till"), Test));
    }

    private async Task<string> CreateAsync() =>
        Assert.IsType<ClientOutcome.Given>(
            await Clients.CreateAsync(ProjectId.Parse("shop"), ClientId.Parse("till"), Test)).Secret.Reveal();
}
