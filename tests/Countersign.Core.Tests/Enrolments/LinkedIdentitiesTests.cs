using Countersign.Core.Domains;
using Countersign.Core.Enrolments;
using Countersign.Core.Projects;
using Countersign.Core.Tests.Fakes;

namespace Countersign.Core.Tests.Enrolments;

public sealed class LinkedIdentitiesTests
{
    private static readonly PhoneNumber _line = PhoneNumber.Parse("+12025550142");
    private static readonly Domain _shop = new(ProjectId.Parse("shop"), "Shop", DomainIds.OfEarlier(ProjectId.Parse("shop")));
    private static readonly Domain _bank = new(ProjectId.Parse("bank"), "Bank", DomainIds.OfEarlier(ProjectId.Parse("bank")));
    private static readonly ProjectIdentity _own = Person("shop", "own");
    private static readonly ProjectIdentity _same = Person("bank", "theirs");

    private static readonly ProjectPermissions _permissions = new(areKept: true);

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(LinkScopes.Identities, 1, 1)]
    [InlineData(LinkScopes.Attributes, 0, 2)]
    public async Task What_is_seen_goes_by_the_scope_of_the_link(LinkScopes scope, int same, int facts)
    {
        var identities = new MemoryIdentities(_own, _same) { Linked = [(scope, _same)] };
        var linked = new LinkedIdentities(identities, new MemoryDomains(_shop, _bank), _permissions);

        Assert.Equal(same, (await linked.ListSameAsync(FlowStage.Shop, _own.Id, Test))?.Count);
        Assert.Equal(facts, (await linked.ListFactsAsync(FlowStage.Shop, _own.Id, Test))?.Count);
    }

    [Fact]
    public async Task Each_fact_is_told_with_the_project_that_keeps_it()
    {
        var identities = new MemoryIdentities(_own, _same) { Linked = [(LinkScopes.Attributes, _same)] };

        var facts = await new LinkedIdentities(identities, new MemoryDomains(_shop, _bank), _permissions)
            .ListFactsAsync(FlowStage.Shop, _own.Id, Test);

        Assert.Equal([(_shop.IssuerId, "own"), (_bank.IssuerId, "theirs")], facts?.Select(fact => (fact.IssuerId, fact.Fact.Value)));
    }

    [Fact]
    public async Task A_number_that_has_gone_to_somebody_else_leads_nowhere()
    {
        var left = _own with { LeftNumberAt = Sample.Now };
        var identities = new MemoryIdentities(left, _same) { Linked = [(LinkScopes.Identities, _same), (LinkScopes.Attributes, _same)] };
        var linked = new LinkedIdentities(identities, new MemoryDomains(_shop, _bank), _permissions);

        Assert.Empty(await linked.ListSameAsync(FlowStage.Shop, left.Id, Test) ?? []);
        Assert.Equal(["own"], (await linked.ListFactsAsync(FlowStage.Shop, left.Id, Test))?.Select(fact => fact.Fact.Value));
    }

    [Fact]
    public async Task A_project_that_has_been_removed_meanwhile_is_left_out()
    {
        var identities = new MemoryIdentities(_own, _same) { Linked = [(LinkScopes.Identities, _same)] };

        Assert.Empty(await new LinkedIdentities(identities, new MemoryDomains(_shop), _permissions)
            .ListSameAsync(FlowStage.Shop, _own.Id, Test) ?? []);
    }

    [Theory]
    [InlineData("ssn", "123456789", "6789")]
    [InlineData("SSN", "123-45-6789", "6789")]
    [InlineData("national_id", " 123 45 6789", "6789")]
    [InlineData("Social Security Number", "6789", "6789")]
    [InlineData("ssn", "none", "none")]
    [InlineData("order", "123456789", "123456789")]
    [InlineData("ssns", "123456789", "6789")]
    [InlineData("ssnumber", "123456789", "6789")]
    [InlineData("ussSN", "123456789", "123456789")]
    [InlineData("USSSN", "123456789", "6789")]
    [InlineData("tin", "123456789", "6789")]
    [InlineData("ssnNumber", "123456789", "6789")]
    [InlineData("full_ssn", "123456789", "6789")]
    [InlineData("US SSN", "123456789", "6789")]
    [InlineData("ssn9", "123456789", "6789")]
    [InlineData("socialSecurityNum", "123456789", "6789")]
    [InlineData("ITIN", "912-34-5678", "5678")]
    [InlineData("taxId", "123456789", "6789")]
    [InlineData("assn", "123456789", "123456789")]
    [InlineData("businessName", "Shop 12345", "Shop 12345")]
    [InlineData("routing", "123456789", "123456789")]
    public async Task Of_an_ssn_the_last_four_digits_are_told(string type, string value, string told)
    {
        var fact = new IdentityFact(Guid.CreateVersion7(Sample.Now), type, value);
        var own = _own with { Details = new IdentityDetails(Facts: [fact]) };
        var linked = new LinkedIdentities(new MemoryIdentities(own), new MemoryDomains(_shop), _permissions);
        var trusted = FlowStage.Shop with { Settings = FlowStage.Shop.Settings with { DisclosesSsn = true } };

        var facts = await linked.ListFactsAsync(FlowStage.Shop, own.Id, Test);
        var whole = await linked.ListFactsAsync(trusted, own.Id, Test);

        Assert.Equal((told, value), (facts?.Single().Fact.Value, whole?.Single().Fact.Value));
    }

    [Fact]
    public async Task Who_is_known_by_a_flow_alone_is_told_to_nobody()
    {
        var known = _own with { Status = IdentityStatus.Known };
        var linked = new LinkedIdentities(new MemoryIdentities(known, _same), new MemoryDomains(_shop, _bank), _permissions);

        Assert.Null(await linked.FindEnrolledAsync(FlowStage.Shop, known.Id, Test));
        Assert.Null(await linked.ListSameAsync(FlowStage.Shop, known.Id, Test));
        Assert.Null(await linked.ListFactsAsync(FlowStage.Shop, known.Id, Test));
    }

    private static ProjectIdentity Person(string project, string fact) => new(
        Guid.CreateVersion7(Sample.Now), ProjectId.Parse(project), _line, IdentityStatus.Active, Sample.Now,
        new IdentityDetails(Facts: [new IdentityFact(Guid.CreateVersion7(Sample.Now), "kind", fact)]));
}
