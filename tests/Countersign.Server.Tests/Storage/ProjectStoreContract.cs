using Countersign.Core.Projects;
using Countersign.Server.Storage;

namespace Countersign.Server.Tests.Storage;

public abstract class ProjectStoreContract(StoreFixture fixture) : StoreContract(fixture)
{
    private ProjectStore Projects => new(Fixture.Database);

    [Fact]
    public async Task A_project_is_found_with_all_its_settings()
    {
        var settings = new ProjectSettings
        {
            ErrorCodes = ErrorCodes.Legacy,
            LinkConfirmation = LinkConfirmation.Match,
            WebOtpHost = "shop.example",
            WebOrigins = ["https://shop.example", "https://www.shop.example"],
        };
        await Projects.PutAsync(new Project("shop", "Käse & Söhne", settings), Test);

        var found = await Projects.FindProjectAsync("shop", Test);

        Assert.Equal("Käse & Söhne", found!.Name);
        Assert.Equivalent(settings, found.Settings, strict: true);
    }

    [Fact]
    public async Task A_setting_that_was_never_stored_has_its_default()
    {
        await Projects.PutAsync(new Project("shop", "Shop", new ProjectSettings()), Test);
        await Fixture.ExecuteAsync("UPDATE projects SET settings = '{}'");

        var found = await Projects.FindProjectAsync("shop", Test);

        Assert.Equivalent(new ProjectSettings(), found!.Settings, strict: true);
    }

    [Fact]
    public async Task A_project_put_again_replaces_itself()
    {
        await Projects.PutAsync(new Project("shop", "Shop", new ProjectSettings()), Test);

        await Projects.PutAsync(new Project("shop", "New shop", new ProjectSettings { WebOtpHost = "shop.example" }), Test);

        var found = await Projects.FindProjectAsync("shop", Test);
        Assert.Equal(("New shop", "shop.example"), (found!.Name, found.Settings.WebOtpHost));
        Assert.Equal(1, await Fixture.CountAsync("projects"));
    }

    [Fact]
    public async Task Unknown_projects_and_clients_are_null()
    {
        Assert.Null(await Projects.FindProjectAsync("shop", Test));
        Assert.Null(await Projects.FindClientAsync("client", Test));
    }

    [Fact]
    public async Task A_client_put_again_has_the_new_secret()
    {
        await Projects.PutAsync(new ApiClient("client", "shop", Sample.Hash(1)), Test);

        await Projects.PutAsync(new ApiClient("client", "shop", Sample.Hash(2)), Test);

        Assert.Equal(new ApiClient("client", "shop", Sample.Hash(2)), await Projects.FindClientAsync("client", Test));
    }

    [Fact]
    public async Task Other_clients_of_a_project_are_removed_and_those_of_other_projects_stay()
    {
        await Projects.PutAsync(new ApiClient("kept", "shop", Sample.Hash(1)), Test);
        await Projects.PutAsync(new ApiClient("former", "shop", Sample.Hash(2)), Test);
        await Projects.PutAsync(new ApiClient("foreign", "bank", Sample.Hash(3)), Test);

        await Projects.RemoveOtherClientsAsync("shop", "kept", Test);

        Assert.NotNull(await Projects.FindClientAsync("kept", Test));
        Assert.Null(await Projects.FindClientAsync("former", Test));
        Assert.NotNull(await Projects.FindClientAsync("foreign", Test));
    }
}

public sealed class ProjectStoreOnSqlite(SqliteFixture fixture) : ProjectStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class ProjectStoreOnPostgres(PostgresFixture fixture) : ProjectStoreContract(fixture), IClassFixture<PostgresFixture>;
