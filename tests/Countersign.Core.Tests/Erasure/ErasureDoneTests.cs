using Countersign.Core.Erasure;

namespace Countersign.Core.Tests.Erasure;

public sealed class ErasureDoneTests
{
    private static readonly DateTimeOffset _now = new(2026, 12, 1, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Until_when_copies_lead_there_is_said_where_keys_of_the_line_or_of_days_are_destroyed()
    {
        var number = Done(ErasureOf.Number, new ErasedCounts());
        var project = Done(ErasureOf.Project, new ErasedCounts());

        Assert.Equal(_now.AddDays(7), number.CopiesUntil(DataClass.Audit));
        Assert.Equal(_now.AddDays(9).AddMinutes(10), number.CopiesUntil(DataClass.Flows));
        Assert.Null(number.CopiesUntil(DataClass.Devices));
        Assert.Null(project.CopiesUntil(DataClass.Audit));
        Assert.Equal(_now.AddDays(9).AddMinutes(10), project.CopiesUntil(DataClass.Flows));
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

        Assert.Equal(3, second.Of(DataClass.Verified));
        Assert.Null(done.CopiesUntil(DataClass.Verified));
        Assert.NotNull(done.CopiesUntil(DataClass.Stops));
    }

    private static ErasureDone Done(ErasureOf of, ErasedCounts counts) => new(Guid.Empty, of, _now, DataClass.All, counts, []);
}
