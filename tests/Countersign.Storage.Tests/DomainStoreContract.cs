using Countersign.Core;
using Countersign.Core.Domains;
using Countersign.Core.Keys;
using Countersign.Core.Projects;

namespace Countersign.Storage.Tests;

public abstract class DomainStoreContract(StoreFixture fixture) : StoreContract(fixture)
{
    private const int Many = 100;
    private const LinkScopes Both = LinkScopes.Identities | LinkScopes.Attributes;

    private static readonly Domain _shop = New("shop", "The shop");
    private static readonly Domain _bank = New("bank", "The bank");
    private static readonly Domain _club = New("club", "The club");

    private DomainStore Domains => new(Fixture.Database);

    [Fact]
    public async Task A_project_is_found_by_its_pcid_and_by_no_other()
    {
        await PutProjectsAsync();

        Assert.Equal(_bank, await Domains.FindAsync(_bank.Pcid, Test));
        Assert.Null(await Domains.FindAsync(_bank.IssuerId, Test));
        Assert.Null(await Domains.FindAsync(Guid.Empty, Test));
        Assert.Equal(_bank, await Domains.FindAsync(ProjectId.Parse("bank"), Test));
        Assert.Null(await Domains.FindAsync(ProjectId.Parse("nobody"), Test));
    }

    [Fact]
    public async Task A_project_from_before_its_ids_were_kept_has_the_ids_it_had()
    {
        // As an earlier version wrote it.
        await Fixture.ExecuteAsync("INSERT INTO projects (id, name, settings, origin) VALUES ('shop', 'The shop', '{}', 0)");
        var earlier = new Domain(ProjectId.Parse("shop"), "The shop", DomainIds.OfEarlier(ProjectId.Parse("shop")));
        await Fixture.Projects.PutAsync(
            new Project(ProjectId.Parse("shop"), "The shop", new ProjectSettings()), Test);

        Assert.Equal(earlier, await Domains.FindAsync(earlier.Pcid, Test));
        Assert.Equal(earlier, await Domains.FindAsync(ProjectId.Parse("shop"), Test));
        Assert.Null(await Domains.FindAsync(_shop.Pcid, Test));
    }

    [Fact]
    public async Task A_project_keeps_its_ids_when_it_is_changed_and_gets_the_same_when_it_is_made_again()
    {
        await PutProjectsAsync();
        var projects = Fixture.Projects;

        await projects.PutAsync(new Project(ProjectId.Parse("bank"), "The new bank", new ProjectSettings()), Test);
        var changed = await Domains.FindAsync(ProjectId.Parse("bank"), Test);
        await projects.RemoveProjectAsync(ProjectId.Parse("bank"), Test);
        await projects.TryAddAsync(new Project(ProjectId.Parse("bank"), "The bank", new ProjectSettings()), Test);

        Assert.Equal(_bank with { Name = "The new bank" }, changed);
        Assert.Equal(_bank, await Domains.FindAsync(ProjectId.Parse("bank"), Test));
    }

    [Theory]
    // Nothing was read: what a request without scopes asks for is agreed to, and nothing else.
    [InlineData(null, LinkScopes.Identities, true)]
    [InlineData(null, LinkScopes.Attributes, false)]
    [InlineData(null, Both, false)]
    // What was read is what is agreed to.
    [InlineData(LinkScopes.Identities, LinkScopes.Identities, true)]
    [InlineData(LinkScopes.Attributes, LinkScopes.Attributes, true)]
    [InlineData(Both, Both, true)]
    [InlineData(LinkScopes.Identities, Both, false)]
    [InlineData(LinkScopes.Identities, LinkScopes.Attributes, false)]
    [InlineData(Both, LinkScopes.Identities, false)]
    public async Task Who_names_no_scopes_confirms_what_it_has_read(LinkScopes? read, LinkScopes asked, bool isConfirmed)
    {
        await PutProjectsAsync();
        if (read is { } shown)
        {
            await Domains.RequestAsync(ProjectId.Parse("shop"), ProjectId.Parse("bank"), shown, Sample.Now, Test);
            await Domains.MarkReadAsync(await OnlyLinkAsync(), Test);
        }
        await Domains.RequestAsync(ProjectId.Parse("shop"), ProjectId.Parse("bank"), asked, Sample.Now, Test);

        Assert.Equal(isConfirmed, await Domains.AcceptAsync(ProjectId.Parse("shop"), ProjectId.Parse("bank"), null, Sample.Now, Test));
        Assert.Equal(read, (await OnlyLinkAsync()).ReadScopes);
    }

    [Theory]
    // What has been read before, what the other side is shown, and what is asked for by the time that is kept.
    [InlineData(null, LinkScopes.Identities, Both)]
    [InlineData(null, LinkScopes.Attributes, LinkScopes.Identities)]
    [InlineData(null, Both, LinkScopes.Identities)]
    [InlineData(Both, LinkScopes.Identities, Both)]
    [InlineData(LinkScopes.Identities, LinkScopes.Attributes, LinkScopes.Identities)]
    [InlineData(LinkScopes.Identities, Both, LinkScopes.Attributes)]
    public async Task What_was_changed_while_it_was_shown_is_not_read(LinkScopes? before, LinkScopes shown, LinkScopes then)
    {
        await PutProjectsAsync();
        if (before is { } former)
        {
            await Domains.RequestAsync(ProjectId.Parse("shop"), ProjectId.Parse("bank"), former, Sample.Now, Test);
            await Domains.MarkReadAsync(await OnlyLinkAsync(), Test);
        }
        await Domains.RequestAsync(ProjectId.Parse("shop"), ProjectId.Parse("bank"), shown, Sample.Now.AddSeconds(1), Test);
        var link = await OnlyLinkAsync();
        await Domains.RequestAsync(ProjectId.Parse("shop"), ProjectId.Parse("bank"), then, Sample.Now.AddSeconds(2), Test);

        await Domains.MarkReadAsync(link, Test);

        Assert.Equal(LinkScopes.None, (await OnlyLinkAsync()).ReadScopes);
        Assert.False(await Domains.AcceptAsync(ProjectId.Parse("shop"), ProjectId.Parse("bank"), null, Sample.Now, Test));
        await Domains.MarkReadAsync(await OnlyLinkAsync(), Test);
        Assert.True(await Domains.AcceptAsync(ProjectId.Parse("shop"), ProjectId.Parse("bank"), null, Sample.Now, Test));
    }

    [Theory]
    [InlineData(LinkScopes.Identities)]
    [InlineData(Both)]
    public async Task What_was_taken_back_and_asked_for_anew_while_it_was_shown_is_not_read(LinkScopes scopes)
    {
        await PutProjectsAsync();
        await Domains.RequestAsync(ProjectId.Parse("shop"), ProjectId.Parse("bank"), scopes, Sample.Now, Test);
        var link = await OnlyLinkAsync();
        await Domains.RemoveAsync(ProjectId.Parse("shop"), ProjectId.Parse("bank"), Test);
        await Domains.RequestAsync(ProjectId.Parse("shop"), ProjectId.Parse("bank"), scopes, Sample.Now.AddSeconds(1), Test);

        await Domains.MarkReadAsync(link, Test);

        Assert.False(await Domains.AcceptAsync(ProjectId.Parse("shop"), ProjectId.Parse("bank"), null, Sample.Now, Test));
    }

    [Fact]
    public async Task What_was_read_of_a_request_does_not_count_for_a_later_one()
    {
        await PutProjectsAsync();
        await Domains.RequestAsync(ProjectId.Parse("shop"), ProjectId.Parse("bank"), Both, Sample.Now, Test);
        await Domains.MarkReadAsync(await OnlyLinkAsync(), Test);
        await Domains.RemoveAsync(ProjectId.Parse("shop"), ProjectId.Parse("bank"), Test);

        await Domains.RequestAsync(ProjectId.Parse("shop"), ProjectId.Parse("bank"), Both, Sample.Now, Test);

        Assert.False(await Domains.AcceptAsync(ProjectId.Parse("shop"), ProjectId.Parse("bank"), null, Sample.Now, Test));
    }

    [Fact]
    public async Task A_request_is_seen_from_both_sides_and_by_nobody_else()
    {
        await PutProjectsAsync();
        await Domains.RequestAsync(ProjectId.Parse("shop"), ProjectId.Parse("bank"), Both, Sample.Now, Test);

        var ofShop = Assert.Single(await Domains.ListAsync(ProjectId.Parse("shop"), Test));

        Assert.Equal((_shop, _bank, Both), (ofShop.From, ofShop.To, ofShop.Scopes));
        Assert.Equal((Sample.Now.ToUnixTimeMilliseconds(), null), (ofShop.RequestedAt.ToUnixTimeMilliseconds(), ofShop.AcceptedAt));
        Assert.Equal([ofShop], await Domains.ListAsync(ProjectId.Parse("bank"), Test));
        Assert.Empty(await Domains.ListAsync(ProjectId.Parse("club"), Test));
    }

    [Fact]
    public async Task A_request_is_confirmed_once_and_the_first_moment_stays()
    {
        await PutProjectsAsync();
        await Domains.RequestAsync(ProjectId.Parse("shop"), ProjectId.Parse("bank"), Both, Sample.Now, Test);

        var first = await Domains.AcceptAsync(ProjectId.Parse("shop"), ProjectId.Parse("bank"), Both, Sample.Now.AddMinutes(1), Test);
        var again = await Domains.AcceptAsync(ProjectId.Parse("shop"), ProjectId.Parse("bank"), null, Sample.Now.AddMinutes(2), Test);

        Assert.Equal((true, true), (first, again));
        Assert.Equal(Sample.Now.AddMinutes(1).ToUnixTimeMilliseconds(), (await OnlyLinkAsync()).AcceptedAt?.ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task What_nobody_asked_for_cannot_be_confirmed()
    {
        await PutProjectsAsync();
        await Domains.RequestAsync(ProjectId.Parse("shop"), ProjectId.Parse("bank"), Both, Sample.Now, Test);

        Assert.False(await Domains.AcceptAsync(ProjectId.Parse("bank"), ProjectId.Parse("shop"), null, Sample.Now, Test));
        Assert.False(await Domains.AcceptAsync(ProjectId.Parse("club"), ProjectId.Parse("bank"), null, Sample.Now, Test));
        Assert.Null((await OnlyLinkAsync()).AcceptedAt);
    }

    [Theory]
    [InlineData(Both, Both, true)]
    [InlineData(Both, LinkScopes.Identities, false)]
    [InlineData(LinkScopes.Identities, Both, false)]
    [InlineData(LinkScopes.Identities, LinkScopes.Attributes, false)]
    public async Task Only_the_scopes_that_were_asked_for_are_confirmed(LinkScopes asked, LinkScopes agreed, bool isConfirmed)
    {
        await PutProjectsAsync();
        await Domains.RequestAsync(ProjectId.Parse("shop"), ProjectId.Parse("bank"), asked, Sample.Now, Test);

        Assert.Equal(isConfirmed, await Domains.AcceptAsync(ProjectId.Parse("shop"), ProjectId.Parse("bank"), agreed, Sample.Now, Test));
        Assert.Equal(isConfirmed, (await OnlyLinkAsync()).AcceptedAt is not null);
    }

    [Fact]
    public async Task Asking_again_for_the_same_changes_nothing()
    {
        await PutProjectsAsync();
        await Domains.RequestAsync(ProjectId.Parse("shop"), ProjectId.Parse("bank"), Both, Sample.Now, Test);
        await Domains.AcceptAsync(ProjectId.Parse("shop"), ProjectId.Parse("bank"), Both, Sample.Now.AddMinutes(1), Test);
        var before = await OnlyLinkAsync();

        await Domains.RequestAsync(ProjectId.Parse("shop"), ProjectId.Parse("bank"), Both, Sample.Now.AddMinutes(2), Test);

        Assert.Equal(before, await OnlyLinkAsync());
    }

    [Theory]
    [InlineData(LinkScopes.Identities, Both)]
    [InlineData(Both, LinkScopes.Identities)]
    [InlineData(LinkScopes.Identities, LinkScopes.Attributes)]
    public async Task Asking_for_something_else_has_to_be_confirmed_anew(LinkScopes first, LinkScopes then)
    {
        await PutProjectsAsync();
        await Domains.RequestAsync(ProjectId.Parse("shop"), ProjectId.Parse("bank"), first, Sample.Now, Test);
        await Domains.AcceptAsync(ProjectId.Parse("shop"), ProjectId.Parse("bank"), first, Sample.Now, Test);

        await Domains.RequestAsync(ProjectId.Parse("shop"), ProjectId.Parse("bank"), then, Sample.Now.AddMinutes(2), Test);

        var link = await OnlyLinkAsync();
        Assert.Equal((then, null), (link.Scopes, link.AcceptedAt));
        Assert.Equal(Sample.Now.AddMinutes(2).ToUnixTimeMilliseconds(), link.RequestedAt.ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task A_removed_link_is_gone_and_the_one_in_the_other_direction_stays()
    {
        await PutProjectsAsync();
        await Domains.RequestAsync(ProjectId.Parse("shop"), ProjectId.Parse("bank"), Both, Sample.Now, Test);
        await Domains.RequestAsync(ProjectId.Parse("bank"), ProjectId.Parse("shop"), Both, Sample.Now, Test);

        var first = await Domains.RemoveAsync(ProjectId.Parse("shop"), ProjectId.Parse("bank"), Test);
        var again = await Domains.RemoveAsync(ProjectId.Parse("shop"), ProjectId.Parse("bank"), Test);

        Assert.Equal((true, false), (first, again));
        Assert.Equal(_bank, (await OnlyLinkAsync()).From);
    }

    [Fact]
    public async Task Links_stand_in_the_order_of_their_requests()
    {
        await PutProjectsAsync();
        await Domains.RequestAsync(ProjectId.Parse("shop"), ProjectId.Parse("club"), Both, Sample.Now.AddMinutes(2), Test);
        await Domains.RequestAsync(ProjectId.Parse("bank"), ProjectId.Parse("shop"), LinkScopes.Identities, Sample.Now.AddMinutes(1), Test);
        await Domains.RequestAsync(ProjectId.Parse("shop"), ProjectId.Parse("bank"), LinkScopes.Attributes, Sample.Now, Test);

        var links = await Domains.ListAsync(ProjectId.Parse("shop"), Test);

        Assert.Equal([LinkScopes.Attributes, LinkScopes.Identities, Both], links.Select(link => link.Scopes));
    }

    [Fact]
    public async Task Of_a_hundred_parallel_requests_one_link_is_kept_and_of_a_hundred_removals_one_removes()
    {
        await PutProjectsAsync();

        await AtOnceAsync(async i =>
        {
            await Domains.RequestAsync(ProjectId.Parse("shop"), ProjectId.Parse("bank"), Both, Sample.Now.AddSeconds(i), Test);
            return true;
        });
        var accepted = await AtOnceAsync(_ =>
            Domains.AcceptAsync(ProjectId.Parse("shop"), ProjectId.Parse("bank"), Both, Sample.Now, Test));
        var kept = await Fixture.CountAsync("domain_links");
        var removed = await AtOnceAsync(_ => Domains.RemoveAsync(ProjectId.Parse("shop"), ProjectId.Parse("bank"), Test));

        Assert.Equal((1, Many), (kept, accepted.Count(isAccepted => isAccepted)));
        Assert.Single(removed, isRemoved => isRemoved);
    }

    private static Domain New(string id, string name) =>
        new(ProjectId.Parse(id), name, DomainIds.Of(ProjectId.Parse(id), new SecretHasher(StoreFixture.Key.DeriveHashKey())));

    private async Task PutProjectsAsync()
    {
        var projects = Fixture.Projects;
        foreach (var domain in (Domain[])[_shop, _bank, _club])
        {
            await projects.PutAsync(new Project(domain.ProjectId, domain.Name, new ProjectSettings()), Test);
        }
    }

    private async Task<DomainLink> OnlyLinkAsync() => Assert.Single(await Domains.ListAsync(ProjectId.Parse("shop"), Test));

    private static async Task<bool[]> AtOnceAsync(Func<int, Task<bool>> call) =>
        await Task.WhenAll(Enumerable.Range(0, Many).Select(i => Task.Run(() => call(i), Test)));
}

public sealed class DomainStoreOnSqlite(SqliteFixture fixture) : DomainStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class DomainStoreOnPostgres(PostgresFixture fixture) : DomainStoreContract(fixture), IClassFixture<PostgresFixture>;
