using Countersign.Core.Erasure;

namespace Countersign.Core.Tests.Erasure;

public sealed class DataClassTests
{
    [Fact]
    public void Names_stay_as_they_are_for_proofs_and_exports_hold_them()
    {
        Assert.Equal(
            "flows outcomes pseudonyms texts receipts events answers identities devices records verified stops limits abuse audit",
            Names(DataClass.All));
        Assert.Equal("flows outcomes texts receipts events answers", Names(DataClass.OfFlow));
        Assert.Equal("flows outcomes texts receipts events answers identities devices verified audit", Names(DataClass.OfProject));
        Assert.Equal("outcomes receipts identities verified audit", Names(DataClass.UnderProjectKey));
    }

    [Fact]
    public void A_person_reads_of_each_where_it_is_from_and_until_when_it_is_kept() => Assert.All(DataClass.All, one =>
    {
        Assert.NotEqual("", one.From);
        Assert.NotEqual("", one.Kept);
    });

    [Fact]
    public void What_has_stood_under_the_lines_key_from_its_first_row_on_cannot_be_bare() =>
        Assert.Equal("identities records verified stops abuse audit", Names(DataClass.All.Where(one => one.MayBeBare)));

    private static string Names(IEnumerable<DataClass> classes) => string.Join(' ', classes.Select(one => one.Name));
}
