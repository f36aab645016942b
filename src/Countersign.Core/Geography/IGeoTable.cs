namespace Countersign.Core.Geography;

/// <summary>Tells in which country an address of the internet is, as far as anybody knows.</summary>
public interface IGeoTable
{
    /// <summary>The country's name; null when it is not known.</summary>
    /// <param name="address">An IP address.</param>
    /// <param name="language">Of the name, as in BCP 47. Where the table lacks it, the name is English, or the country's code.</param>
    string? CountryOf(string address, string language);
}

/// <summary>Knows no address.</summary>
public sealed class NoGeoTable : IGeoTable
{
    public string? CountryOf(string address, string language) => null;
}
