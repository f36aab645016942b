using Countersign.Core;
using Countersign.Core.Texts;
using Countersign.Providers.Numbers;

namespace Countersign.Providers.Sms;

/// <summary>Numbers of persons, from and to providers.</summary>
internal static class ProviderNumber
{
    /// <summary>
    /// The numbers that may be meant, the likelier first; none when it is no number. Of ten digits alone, which are international or North
    /// American, those count that exist, and the international one first; one whose range its plan may not have yet counts behind an
    /// American one that exists.
    /// </summary>
    public static IReadOnlyList<PhoneNumber> ReadingsOf(string? text) => WrittenNumber.ReadingsOf(text) switch
    {
        [var international, var american] => (Exists(international), NumberPlan.Find(american.E164) is not null) switch
        {
            (true, true) => [international, american],
            (true, false) => [international],
            (false, true) => NumberPlan.MayComeToExist(international) ? [american, international] : [american],
            _ => [],
        },
        var readings => readings,
    };

    private static bool Exists(PhoneNumber number) => NumberPlan.Find(number.E164)?.Number == number;

    /// <summary>E.164 without the plus.</summary>
    public static string Bare(PhoneNumber number) => number.E164[1..];
}
