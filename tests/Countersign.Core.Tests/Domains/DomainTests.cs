using Countersign.Core.Domains;

namespace Countersign.Core.Tests.Domains;

public sealed class DomainTests
{
    [Fact]
    public void The_ids_of_a_project_are_the_same_for_ever()
    {
        var sandbox = new Domain("sandbox", "Countersign sandbox");

        Assert.Equal("64fac1ac-5f50-86b8-9d2c-4b1b0bb39400", sandbox.Pcid.ToString());
        Assert.Equal("5594903d-d4cb-8cde-9157-2f14a0ea226c", sandbox.IssuerId.ToString());
        Assert.Equal(sandbox.IssuerId, Domain.IssuerIdOf("sandbox"));
    }

    [Fact]
    public void A_name_makes_no_other_ids_and_another_project_does()
    {
        var shop = new Domain("shop", "Shop");

        Assert.Equal(shop.Pcid, new Domain("shop", "New shop").Pcid);
        Assert.Equal(4, new[] { shop.Pcid, shop.IssuerId, new Domain("bank", "Bank").Pcid, Domain.IssuerIdOf("bank") }.Distinct().Count());
    }

    [Theory]
    [InlineData("shop")]
    [InlineData("bank")]
    [InlineData("a")]
    public void The_ids_are_UUIDs_of_version_8(string projectId)
    {
        var domain = new Domain(projectId, "");

        Assert.All((Guid[])[domain.Pcid, domain.IssuerId], id =>
        {
            Assert.Equal(8, id.Version);
            Assert.InRange(id.Variant, 8, 11);
        });
    }
}
