using Countersign.Core;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Hosting;

/// <summary>What a start does with a store that was made with another key, or in the other mode.</summary>
public abstract class EncryptionKeyTests(ServerFixture fixture)
{
    [Fact]
    public async Task A_node_with_another_key_does_not_start_and_leaves_the_store_as_it_was()
    {
        var other = Convert.ToBase64String(new byte[32]);

        var problem = await Assert.ThrowsAsync<ConfigurationException>(() => TestServer.StartAsync(
            fixture.Server.Store, new Dictionary<string, string?> { ["Countersign:EncryptionKey"] = other }));

        Assert.StartsWith("Countersign:EncryptionKey is not the one this store was made with", problem.Message, StringComparison.Ordinal);
        Assert.NotEmpty(await fixture.Server.GetTokenAsync());
    }

    [Fact]
    [Trait("attack", "A02")]
    public async Task A_store_of_the_sandbox_is_not_opened_in_Live()
    {
        var problem = await Assert.ThrowsAsync<ConfigurationException>(
            () => TestServer.StartAsync(fixture.Server.Store, TestServer.Live));

        Assert.StartsWith(
            "Countersign:Mode is Live, and the store belongs to a server whose mode is Sandbox.", problem.Message,
            StringComparison.Ordinal);
        Assert.NotEmpty(await fixture.Server.GetTokenAsync());
    }
}

public sealed class EncryptionKeyOnSqlite(OnSqlite fixture) : EncryptionKeyTests(fixture), IClassFixture<OnSqlite>;

public sealed class EncryptionKeyOnPostgres(OnPostgres fixture) : EncryptionKeyTests(fixture), IClassFixture<OnPostgres>;
