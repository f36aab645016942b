using Countersign.Core;
using Countersign.Core.Texts;
using Countersign.Server.Providers.Live;

namespace Countersign.Server.Providers.Sms;

/// <summary>Numbers of persons, from and to providers.</summary>
internal static class ProviderNumber
{
    /// <summary>
    /// False when it is no number. Ten digits alone may be meant in two ways, so a numbering plan has to know them: they are international where that
    /// line exists as it stands, else North American.
    /// </summary>
    public static bool TryParse(string? text, out PhoneNumber number)
    {
        number = WrittenNumber.ReadingsOf(text) switch
        {
            [var one] => one,
            [var international, _] when NumberPlan.Find(international.E164)?.Number == international => international,
            [_, var american] when NumberPlan.Find(american.E164) is not null => american,
            _ => default,
        };
        return number != default;
    }

    /// <summary>E.164 without the plus.</summary>
    public static string Bare(PhoneNumber number) => number.E164[1..];
}
