using Countersign.Core.Erasure;

namespace Countersign.Core.Tests.Erasure;

public sealed class ErasureDoneTests
{
    private static readonly DateTimeOffset _now = new(2026, 12, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset _since = _now.AddDays(-40);

    [Fact]
    public void Until_when_copies_lead_there_is_said_where_keys_of_the_line_the_project_or_of_days_are_destroyed()
    {
        var number = Done(ErasureOf.Number, new ErasedCounts());
        var project = Done(ErasureOf.Project, new ErasedCounts());

        Assert.Equal(_now.AddDays(7), number.CopiesUntil(DataClass.Audit));
        Assert.Equal(_now.AddDays(9).AddMinutes(10), number.CopiesUntil(DataClass.Flows));
        Assert.Null(number.CopiesUntil(DataClass.Devices));
        Assert.Null(project.CopiesUntil(DataClass.Devices));
        Assert.All(DataClass.UnderProjectKey, of => Assert.Equal(_now.AddDays(7), project.CopiesUntil(of)));
        // The number is not in it.
        Assert.Null(number.CopiesUntil(DataClass.Receipts));
        Assert.Null(Done(ErasureOf.Flow, new ErasedCounts()).CopiesUntil(DataClass.Identities));
        Assert.Equal(_now.AddDays(9).AddMinutes(10), project.CopiesUntil(DataClass.Flows));
    }

    [Fact]
    public void Of_which_copies_it_is_said_where_rows_from_before_lines_had_keys_may_have_been()
    {
        var done = Done(ErasureOf.Number, new ErasedCounts(), DataClass.Verified);
        var project = Done(ErasureOf.Project, new ErasedCounts());

        Assert.Equal((_since, _now.AddDays(7)), (done.CopiesSince(DataClass.Audit), done.CopiesUntil(DataClass.Audit)));
        Assert.Equal((null, null), (done.CopiesSince(DataClass.Verified), done.CopiesUntil(DataClass.Verified)));
        Assert.Equal((null, _now.AddDays(7)), (done.CopiesSince(DataClass.Outcomes), done.CopiesUntil(DataClass.Outcomes)));
        Assert.Equal((null, null), (done.CopiesSince(DataClass.Devices), done.CopiesUntil(DataClass.Devices)));
        Assert.Equal((null, null), (project.CopiesSince(DataClass.Devices), project.CopiesUntil(DataClass.Devices)));
        Assert.Equal((_since, _now.AddDays(7)), (project.CopiesSince(DataClass.Outcomes), project.CopiesUntil(DataClass.Outcomes)));
        Assert.Null(Done(ErasureOf.Project, new ErasedCounts(), DataClass.Outcomes).CopiesUntil(DataClass.Outcomes));
    }

    [Fact]
    public void It_is_not_said_of_a_class_of_which_a_row_went_that_was_under_no_key()
    {
        var (first, second) = (new ErasedCounts(), new ErasedCounts());
        first.AddBare(DataClass.Verified, 1);
        first.AddBare(DataClass.Stops, 0);
        second.Add(DataClass.Verified, 2);
        second.Add(first);

        var done = Done(ErasureOf.Number, second);

        Assert.Null(Done(ErasureOf.Project, second).CopiesUntil(DataClass.Verified));
        Assert.Equal(3, second.Of(DataClass.Verified));
        Assert.Null(done.CopiesUntil(DataClass.Verified));
        Assert.Null(done.CopiesSince(DataClass.Verified));
        Assert.NotNull(done.CopiesUntil(DataClass.Stops));
    }

    /// <param name="bare">Of which it is not known that there is no bare row.</param>
    private static ErasureDone Done(ErasureOf of, ErasedCounts counts, DataClass? bare = null) => new(
        Guid.Empty, of, _now, DataClass.All, counts, [],
        (of == ErasureOf.Project ? DataClass.UnderProjectKey : DataClass.All.Where(one => one.MayBeBare)).Where(one => one != bare)
            .ToDictionary(one => one, _ => _since));
}
