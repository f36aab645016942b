namespace Countersign.Core.Limits;

/// <summary>
/// What may be tried for a line, over all flows (<c>Countersign:Budget</c>). In the sandbox nothing is limited but what is set.
/// </summary>
public sealed class BudgetOptions
{
    /// <summary>Below <c>Countersign</c>.</summary>
    public const string Section = "Budget";

    /// <summary>
    /// How likely the codes of a line may be guessed in a day, for projects that say nothing of their own. Half of it for each project.
    /// </summary>
    /// <value>0.00001 in Live, no limit in the sandbox; 0.000001 to 0.01, and at least twice what the entries of one flow come to.</value>
    public decimal? GuessProbability { get; set; }

    /// <summary>Wrong codes in an hour in the flows of one project, whichever their lines.</summary>
    /// <value>500 in Live, no limit in the sandbox; 1 to 1,000,000.</value>
    public int? WrongCodesPerProject { get; set; }

    /// <summary>What is done when <see cref="WrongCodesPerProject"/> is reached.</summary>
    /// <value>Shadow by default: enforced, it lets whoever can begin flows end all codes of a project for an hour.</value>
    public LimitMode WrongCodes { get; set; } = LimitMode.Shadow;

    /// <summary>Different names that may be asked for a line in a day by one project, where nobody has shown that they hold it.</summary>
    /// <value>5 in Live, no limit in the sandbox; 1 to 1000.</value>
    public int? NamesPerProject { get; set; }

    /// <summary>The same by all projects together.</summary>
    /// <value>10 in Live, no limit in the sandbox; 1 to 1000, and at least <see cref="NamesPerProject"/>.</value>
    public int? NamesPerLine { get; set; }

    public static BudgetOptions InLive => new()
    {
        GuessProbability = 0.00001m, WrongCodesPerProject = 500, NamesPerProject = 5, NamesPerLine = 10,
    };
}

/// <summary>How many texts may be sent (<c>Countersign:TextLimits</c>). In the sandbox nothing is limited but what is set.</summary>
public sealed class TextLimitOptions
{
    /// <summary>Below <c>Countersign</c>.</summary>
    public const string Section = "TextLimits";

    /// <summary>Texts to one line in an hour by one project; by all projects together twice as many.</summary>
    /// <value>6 in Live, no limit in the sandbox; 1 to 1000.</value>
    public int? PerHour { get; set; }

    /// <summary>Texts to one line in 24 hours by one project; by all projects together twice as many.</summary>
    /// <value>12 in Live, no limit in the sandbox; 1 to 1000, and at least <see cref="PerHour"/>.</value>
    public int? PerDay { get; set; }

    /// <summary>Texts in an hour that browsers at one address (IPv6: one /64) ask for.</summary>
    /// <value>60 in Live, no limit in the sandbox; 1 to 100,000.</value>
    public int? PerAddress { get; set; }

    /// <summary>Texts in a minute of the flows of one API client.</summary>
    /// <value>100 in Live, no limit in the sandbox; 1 to 100,000.</value>
    public int? PerClient { get; set; }

    /// <summary>Texts in an hour to numbers that differ in their last four digits alone.</summary>
    /// <value>20 in Live, no limit in the sandbox; 1 to 100,000.</value>
    public int? PerPrefix { get; set; }

    /// <summary>Texts in an hour to the numbers of one country.</summary>
    /// <value>1000 in Live, no limit in the sandbox; 1 to 10,000,000.</value>
    public int? PerCountry { get; set; }

    /// <summary>What is done when <see cref="PerAddress"/> is reached.</summary>
    /// <value>Shadow by default: many persons may call from one address.</value>
    public LimitMode Address { get; set; } = LimitMode.Shadow;

    /// <summary>What is done when <see cref="PerClient"/> is reached.</summary>
    /// <value>Enforce by default.</value>
    public LimitMode Client { get; set; } = LimitMode.Enforce;

    /// <summary>What is done when <see cref="PerPrefix"/> is reached.</summary>
    /// <value>Shadow by default: a company's numbers may be neighbours.</value>
    public LimitMode Prefix { get; set; } = LimitMode.Shadow;

    /// <summary>What is done when <see cref="PerCountry"/> is reached.</summary>
    /// <value>Shadow by default: how many texts are usual is known to who runs the service.</value>
    public LimitMode Country { get; set; } = LimitMode.Shadow;

    public static TextLimitOptions InLive => new()
    {
        PerHour = 6, PerDay = 12, PerAddress = 60, PerClient = 100, PerPrefix = 20, PerCountry = 1000,
    };
}

/// <summary>What a limit does.</summary>
public enum LimitMode
{
    /// <summary>Nothing is counted.</summary>
    Off,

    /// <summary>It is counted and told, and nothing is refused.</summary>
    Shadow,

    /// <summary>What is too much is refused.</summary>
    Enforce,
}
