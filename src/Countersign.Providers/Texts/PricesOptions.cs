using Countersign.Core.Money;
using Countersign.Providers.Numbers;

namespace Countersign.Providers.Texts;

/// <summary>What texts cost (<c>Countersign:Prices</c>).</summary>
public sealed class PricesOptions
{
    /// <summary>The file with the price list; see <see cref="PriceList"/>.</summary>
    /// <value>None by default: then nothing can be capped.</value>
    public string? Prices { get; set; }

    /// <summary>Reads the list; null without one, and where something is wrong.</summary>
    /// <param name="problems">What is wrong, each in a sentence.</param>
    public PriceList? Read(out IReadOnlyList<string> problems)
    {
        problems = [];
        if (Prices is not { } file)
        {
            return null;
        }
        try
        {
            var list = PriceList.Read(File.ReadAllText(file), NumberPlan.Countries.Contains, out var wrong);
            problems = [.. wrong.Select(one => $"Countersign:Prices: {file}, {one}.")];
            return list;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            problems = [$"Countersign:Prices names {file}, which cannot be read: {exception.Message}"];
            return null;
        }
    }
}
