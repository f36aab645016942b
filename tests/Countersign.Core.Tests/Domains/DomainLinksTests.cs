using Countersign.Core.Domains;
using Countersign.Core.Projects;
using Countersign.Core.Tests.Fakes;

namespace Countersign.Core.Tests.Domains;

public sealed class DomainLinksTests
{
    private static readonly Project _shop = FlowStage.Shop;
    private static readonly Project _bank = new(ProjectId.Parse("bank"), "Bank", new ProjectSettings());
    private static readonly Domain _shopDomain = new(ProjectId.Parse("shop"), "Shop", DomainIds.OfEarlier(ProjectId.Parse("shop")));
    private static readonly Domain _bankDomain = new(ProjectId.Parse("bank"), "Bank", DomainIds.OfEarlier(ProjectId.Parse("bank")));

    private readonly MemoryDomains _domains = new(_shopDomain, _bankDomain);
    private readonly Heard _journal = new();

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    private DomainLinks Links => new(_domains, _journal, new StillClock());

    [Fact]
    public async Task A_link_is_asked_for_by_the_others_pcid()
    {
        Assert.Equal(LinkRequestOutcome.Requested, await Links.RequestAsync(_shop, _bankDomain.Pcid, LinkScopes.Identities, Test));
        Assert.Equal(LinkRequestOutcome.NoSuchDomain, await Links.RequestAsync(_shop, Guid.Empty, LinkScopes.Identities, Test));
        Assert.Equal(LinkRequestOutcome.OwnDomain, await Links.RequestAsync(_shop, _shopDomain.Pcid, LinkScopes.Identities, Test));

        Assert.Equal((_shop.Id, _bank.Id), Assert.Single(_domains.Links.Select(link => (link.From.ProjectId, link.To.ProjectId))));
        Assert.Equal(["requested shop bank Identities"], _journal.Lines);
    }

    [Fact]
    public async Task What_is_confirmed_without_naming_scopes_is_what_was_shown()
    {
        await Links.RequestAsync(_shop, _bankDomain.Pcid, LinkScopes.Identities | LinkScopes.Attributes, Test);

        Assert.False(await Links.TryConfirmAsync(_bank, _shopDomain.Pcid, scopes: null, Test));
        await Links.ShowAsync(_shop, Test);
        Assert.False(await Links.TryConfirmAsync(_bank, _shopDomain.Pcid, scopes: null, Test));
        Assert.Single(await Links.ShowAsync(_bank, Test));
        Assert.True(await Links.TryConfirmAsync(_bank, _shopDomain.Pcid, scopes: null, Test));
        Assert.Equal("confirmed shop bank", _journal.Lines[^1]);
    }

    [Theory]
    [InlineData("shop")]
    [InlineData("bank")]
    public async Task Either_side_ends_a_link_and_nobody_else(string side)
    {
        await Links.RequestAsync(_shop, _bankDomain.Pcid, LinkScopes.Identities, Test);
        var stranger = new Project(ProjectId.Parse("stranger"), "Stranger", new ProjectSettings());

        Assert.False(await Links.TryRemoveAsync(stranger, _shopDomain.Pcid, _bankDomain.Pcid, Test));
        Assert.False(await Links.TryRemoveAsync(side == "shop" ? _shop : _bank, _bankDomain.Pcid, _shopDomain.Pcid, Test));
        Assert.True(await Links.TryRemoveAsync(side == "shop" ? _shop : _bank, _shopDomain.Pcid, _bankDomain.Pcid, Test));
        Assert.Empty(_domains.Links);
        Assert.Equal("removed shop bank", _journal.Lines[^1]);
    }

    private sealed class Heard : ILinkJournal
    {
        public List<string> Lines { get; } = [];

        public void Requested(ProjectId from, ProjectId to, LinkScopes scopes) => Lines.Add($"requested {from} {to} {scopes}");

        public void Confirmed(ProjectId from, ProjectId to) => Lines.Add($"confirmed {from} {to}");

        public void Removed(ProjectId from, ProjectId to) => Lines.Add($"removed {from} {to}");
    }
}
