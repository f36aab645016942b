using Countersign.Core.Limits;
using Countersign.Core.Possession;
using Countersign.Core.Pumping;
using Microsoft.Extensions.Options;

namespace Countersign.Server.Hosting;

/// <param name="possession">Says how many entries a flow has.</param>
/// <param name="isUnread">Tells of a setting's path that it could not be read.</param>
internal sealed class BudgetOptionsValidator(PossessionOptions possession, Predicate<string> isUnread) : IValidateOptions<BudgetOptions>
{
    private const string Path = $"Countersign:{BudgetOptions.Section}";

    public ValidateOptionsResult Validate(string? name, BudgetOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        // A flow with codes of six digits, the longest there are, must be able to use up its entries.
        var min = GuessBudget.MinFor(digits: 6, possession.EntriesWithRetry);
        if (options.GuessProbability is < GuessBudget.Min or > GuessBudget.Max)
        {
            result.AddError($"{Path}:GuessProbability must be from {GuessBudget.InWords(GuessBudget.Min)} to "
                + $"{GuessBudget.InWords(GuessBudget.Max)}.");
        }
        else if (options.GuessProbability < min && !isUnread("Countersign:Possession:EntriesWithRetry"))
        {
            result.AddError($"{Path}:GuessProbability must be at least {GuessBudget.InWords(min)}, since a flow may have "
                + $"{possession.EntriesWithRetry} entries (Countersign:Possession:EntriesWithRetry) and use half of it.");
        }
        Check(result, options.WrongCodesPerProject, nameof(options.WrongCodesPerProject), max: 1_000_000);
        Check(result, options.NamesPerProject, nameof(options.NamesPerProject));
        Check(result, options.NamesPerLine, nameof(options.NamesPerLine));
        if (options.NamesPerLine < options.NamesPerProject)
        {
            result.AddError($"{Path}:NamesPerLine must be at least {Path}:NamesPerProject.");
        }
        return result.Build();
    }

    private static void Check(ValidateOptionsResultBuilder result, int? value, string option, int max = 1000)
    {
        if (value < 1 || value > max)
        {
            result.AddError($"{Path}:{option} must be 1 to {max}.");
        }
    }
}

internal sealed class TextLimitOptionsValidator : IValidateOptions<TextLimitOptions>
{
    private const string Path = $"Countersign:{TextLimitOptions.Section}";

    public ValidateOptionsResult Validate(string? name, TextLimitOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        Check(result, options.PerHour, nameof(options.PerHour));
        Check(result, options.PerDay, nameof(options.PerDay));
        Check(result, options.PerAddress, nameof(options.PerAddress), max: 100_000);
        Check(result, options.PerClient, nameof(options.PerClient), max: 100_000);
        Check(result, options.PerPrefix, nameof(options.PerPrefix), max: 100_000);
        Check(result, options.PerCountry, nameof(options.PerCountry), max: 10_000_000);
        if (options.PerDay < options.PerHour)
        {
            result.AddError($"{Path}:PerDay must be at least {Path}:PerHour.");
        }
        return result.Build();
    }

    private static void Check(ValidateOptionsResultBuilder result, int? value, string option, int max = 1000)
    {
        if (value < 1 || value > max)
        {
            result.AddError($"{Path}:{option} must be 1 to {max}.");
        }
    }
}

internal sealed class PumpingOptionsValidator : IValidateOptions<PumpingOptions>
{
    private const string Path = $"Countersign:{PumpingOptions.Section}";

    public ValidateOptionsResult Validate(string? name, PumpingOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        Check(result, options.MinPrefixTexts, nameof(options.MinPrefixTexts), 5, 100_000);
        Check(result, options.MinCountryTexts, nameof(options.MinCountryTexts), 5, 100_000);
        Check(result, options.PrefixFloor, nameof(options.PrefixFloor), 0, 100);
        Check(result, options.CountryFloor, nameof(options.CountryFloor), 0, 100);
        Check(result, options.ShareOfPast, nameof(options.ShareOfPast), 0, 100);
        Check(result, options.SequentialNumbers, nameof(options.SequentialNumbers), 2, 1000);
        Check(result, options.PrefixesPerAddress, nameof(options.PrefixesPerAddress), 1, 1000);
        Check(result, options.GrowthFactor, nameof(options.GrowthFactor), 1, 100);
        Check(result, options.GrowthFloor, nameof(options.GrowthFloor), 1, 10_000_000);
        return result.Build();
    }

    private static void Check(ValidateOptionsResultBuilder result, int value, string option, int min, int max)
    {
        if (value < min || value > max)
        {
            result.AddError($"{Path}:{option} must be {min} to {max}.");
        }
    }
}
