namespace Countersign.Core.IdentityMatching;

/// <summary>Ages in whole years.</summary>
public static class Age
{
    /// <summary>The age on a day. Who was born on 29 February grows older on 1 March of a common year.</summary>
    /// <returns>0 or more: a birth date to come counts as today's.</returns>
    public static int On(DateOnly day, DateOnly birthDate)
    {
        var isBeforeBirthday = (day.Month, day.Day).CompareTo((birthDate.Month, birthDate.Day)) < 0;
        return Math.Max(0, day.Year - birthDate.Year - (isBeforeBirthday ? 1 : 0));
    }
}
