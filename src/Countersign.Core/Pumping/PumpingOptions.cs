using Countersign.Core.Limits;

namespace Countersign.Core.Pumping;

/// <summary>
/// What is taken for pumping (<c>Countersign:Pumping</c>): texts that are asked for to be paid for, not to be read. Percentages are whole
/// numbers. In the sandbox every rule is off unless it is set.
/// </summary>
public sealed class PumpingOptions
{
    /// <summary>Below <c>Countersign</c>.</summary>
    public const string Section = "Pumping";

    /// <summary>What is done when too few codes of a prefix come back.</summary>
    /// <value>Shadow in Live, Off in the sandbox.</value>
    public LimitMode PrefixConversion { get; set; }

    /// <summary>The same for a country.</summary>
    /// <value>Shadow in Live, Off in the sandbox.</value>
    public LimitMode CountryConversion { get; set; }

    /// <summary>What is done when numbers of one block of a thousand are asked for one after another.</summary>
    /// <value>Shadow in Live, Off in the sandbox.</value>
    public LimitMode Sequence { get; set; }

    /// <summary>What is done when one address asks for many prefixes.</summary>
    /// <value>Shadow in Live, Off in the sandbox.</value>
    public LimitMode Address { get; set; }

    /// <summary>What is done when a country's texts grow fast.</summary>
    /// <value>Shadow in Live, Off in the sandbox.</value>
    public LimitMode Growth { get; set; }

    /// <summary>What is done with a text to what an administrator has denied.</summary>
    /// <value>Enforce in Live, Off in the sandbox.</value>
    public LimitMode Denied { get; set; }

    /// <summary>From so many texts in an hour on a prefix is judged by its conversion.</summary>
    /// <value>20 by default; 5 to 100,000.</value>
    public int MinPrefixTexts { get; set; } = 20;

    /// <summary>From so many texts in an hour on a country is judged by its conversion.</summary>
    /// <value>50 by default; 5 to 100,000.</value>
    public int MinCountryTexts { get; set; } = 50;

    /// <summary>The least conversion of a prefix, in percent.</summary>
    /// <value>5 by default; 0 to 100.</value>
    public int PrefixFloor { get; set; } = 5;

    /// <summary>The least conversion of a country, in percent.</summary>
    /// <value>15 by default; 0 to 100.</value>
    public int CountryFloor { get; set; } = 15;

    /// <summary>The least conversion of both, in percent of what it was in the seven days before.</summary>
    /// <value>50 by default; 0 to 100.</value>
    public int ShareOfPast { get; set; } = 50;

    /// <summary>So many different numbers of a block of a thousand within ten minutes are too many.</summary>
    /// <value>5 by default; 2 to 1000.</value>
    public int SequentialNumbers { get; set; } = 5;

    /// <summary>The most prefixes for which one address asks in an hour without a proof for any of them.</summary>
    /// <value>10 by default; 1 to 1000.</value>
    public int PrefixesPerAddress { get; set; } = 10;

    /// <summary>The most texts to a country in 24 hours, as a multiple of the greatest of the seven days before.</summary>
    /// <value>3 by default; 1 to 100.</value>
    public int GrowthFactor { get; set; } = 3;

    /// <summary>So many texts to a country in 24 hours are never too many.</summary>
    /// <value>50 by default; 1 to 10,000,000.</value>
    public int GrowthFloor { get; set; } = 50;

    public static PumpingOptions InLive => new()
    {
        PrefixConversion = LimitMode.Shadow,
        CountryConversion = LimitMode.Shadow,
        Sequence = LimitMode.Shadow,
        Address = LimitMode.Shadow,
        Growth = LimitMode.Shadow,
        Denied = LimitMode.Enforce,
    };

    /// <summary>Nothing is looked at.</summary>
    public bool IsOff => PumpingRule.All.All(rule => ModeOf(rule) == LimitMode.Off);

    public LimitMode ModeOf(string rule) => rule switch
    {
        PumpingRule.PrefixConversion => PrefixConversion,
        PumpingRule.CountryConversion => CountryConversion,
        PumpingRule.Sequence => Sequence,
        PumpingRule.Address => Address,
        PumpingRule.Growth => Growth,
        PumpingRule.Denied => Denied,
        // A rule of another version, which has stored what it found.
        _ => LimitMode.Off,
    };
}

/// <summary>The names of the rules: told to callers, stored and counted, so they are for ever. docs/pumping.md has a line for
/// each.</summary>
public static class PumpingRule
{
    public const string PrefixConversion = "pumping.conversion.prefix";
    public const string CountryConversion = "pumping.conversion.country";
    public const string Sequence = "pumping.sequence";
    public const string Address = "pumping.address";
    public const string Growth = "pumping.growth";

    /// <summary>An administrator has denied it.</summary>
    public const string Denied = "pumping.denied";

    public static IReadOnlyList<string> All { get; } = [PrefixConversion, CountryConversion, Sequence, Address, Growth, Denied];
}
