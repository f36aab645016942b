using Countersign.Core.Domains;
using Countersign.Core.Keys;

namespace Countersign.Core.Tests.Domains;

public sealed class DomainTests
{
    private static readonly SecretHasher _hasher = new([.. Enumerable.Range(1, 32).Select(i => (byte)i)]);
    private static readonly SecretHasher _otherHasher = new([.. Enumerable.Range(2, 32).Select(i => (byte)i)]);

    [Fact]
    public void The_ids_of_an_earlier_project_are_the_same_for_ever()
    {
        var sandbox = DomainIds.OfEarlier(ProjectId.Parse("sandbox"));

        Assert.Equal("64fac1ac-5f50-86b8-9d2c-4b1b0bb39400", sandbox.Pcid.ToString());
        Assert.Equal("5594903d-d4cb-8cde-9157-2f14a0ea226c", sandbox.IssuerId.ToString());
    }

    [Fact]
    public void Who_does_not_have_the_key_cannot_make_the_ids_of_a_new_project()
    {
        DomainIds[] all = [DomainIds.OfEarlier(ProjectId.Parse("shop")), DomainIds.Of(ProjectId.Parse("shop"), _hasher),
            DomainIds.Of(ProjectId.Parse("shop"), _otherHasher), DomainIds.Of(ProjectId.Parse("bank"), _hasher)];

        Assert.Equal(8, all.SelectMany(ids => (Guid[])[ids.Pcid, ids.IssuerId]).Distinct().Count());
        Assert.Equal(DomainIds.Of(ProjectId.Parse("shop"), _hasher), all[1]);
    }

    [Theory]
    [InlineData("shop")]
    [InlineData("bank")]
    [InlineData("a")]
    public void The_ids_are_UUIDs_of_version_8(string projectId)
    {
        var (earlier, ids) = (DomainIds.OfEarlier(ProjectId.Parse(projectId)), DomainIds.Of(ProjectId.Parse(projectId), _hasher));

        Assert.All((Guid[])[earlier.Pcid, earlier.IssuerId, ids.Pcid, ids.IssuerId], id =>
        {
            Assert.Equal(8, id.Version);
            Assert.InRange(id.Variant, 8, 11);
        });
    }
}
