using Countersign.Core.Events;

namespace Countersign.Core.Tests.Events;

public sealed class WebhookRetriesTests
{
    [Fact]
    public void Pauses_grow_for_a_day_and_then_it_is_given_up()
    {
        var (now, pauses) = (Sample.Now, new List<TimeSpan>());

        while (WebhookRetries.Next(pauses.Count + 1, Sample.Now, now, chance: 0) is { } next)
        {
            pauses.Add(next - now);
            now = next;
        }

        Assert.Equal(pauses.Order(), pauses);
        Assert.Equal((TimeSpan.FromSeconds(5), TimeSpan.FromHours(4)), (pauses[0], pauses[^1]));
        Assert.InRange(now - Sample.Now, TimeSpan.FromHours(20), WebhookRetries.Patience);
        Assert.InRange(pauses.Count, 9, 20);
    }

    [Fact]
    public void Where_a_day_went_by_without_tries_the_next_failure_is_not_the_last()
    {
        var late = Sample.Now.AddDays(3);

        Assert.Equal(late.AddMinutes(10), WebhookRetries.Next(4, Sample.Now, late, chance: 0));
        Assert.NotNull(WebhookRetries.Next(8, Sample.Now, late, chance: 0));
        Assert.Null(WebhookRetries.Next(9, Sample.Now, late, chance: 0));
        // The last try is a day after the first.
        Assert.Equal(Sample.Now.AddHours(24), WebhookRetries.Next(9, Sample.Now, Sample.Now.AddHours(20), chance: 0));
        Assert.Null(WebhookRetries.Next(9, Sample.Now, Sample.Now.AddHours(20).AddTicks(1), chance: 0));
    }

    [Fact]
    public void What_failed_together_does_not_come_again_together()
    {
        var pauses = new[] { 0, 0.5, 1 }.Select(chance => WebhookRetries.Next(3, Sample.Now, Sample.Now, chance) - Sample.Now);

        Assert.Equal([TimeSpan.FromSeconds(120), TimeSpan.FromSeconds(135), TimeSpan.FromSeconds(150)], pauses);
    }
}
