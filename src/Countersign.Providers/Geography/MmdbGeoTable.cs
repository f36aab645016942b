using System.Net;
using System.Net.Sockets;
using Countersign.Core.Geography;
using MaxMind.Db;

namespace Countersign.Providers.Geography;

/// <summary>
/// A table in MaxMind's MMDB format: each network leads to a map, in which <c>country</c> is a map with <c>iso_code</c> and <c>names</c> by
/// language. Whoever else makes such tables keeps to that; some write the code alone.
/// </summary>
internal sealed class MmdbGeoTable(string path) : IGeoTable, IDisposable
{
    private readonly Reader _table = new(path, FileAccessMode.Memory);

    public string? CountryOf(string address, string language)
    {
        if (!IPAddress.TryParse(address, out var parsed) || EntryOf(parsed) is not { } entry
            || !entry.TryGetValue("country", out var country))
        {
            return null;
        }
        return country switch
        {
            string code => code,
            Dictionary<string, object> known =>
                NameIn(known, language) ?? NameIn(known, "en") ?? known.GetValueOrDefault("iso_code") as string,
            _ => null,
        };
    }

    public void Dispose() => _table.Dispose();

    private Dictionary<string, object>? EntryOf(IPAddress address)
    {
        // A table of IPv4 alone would be read with the first bits of a longer address: another network's country.
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && _table.Metadata.IPVersion == 4)
        {
            return null;
        }
        try
        {
            return _table.Find<Dictionary<string, object>>(address);
        }
        catch (Exception unreadable) when (unreadable is InvalidDatabaseException or DeserializationException)
        {
            // It is a hint, and must not cost the page.
            return null;
        }
    }

    private static string? NameIn(Dictionary<string, object> country, string language) =>
        (country.GetValueOrDefault("names") as Dictionary<string, object>)?.GetValueOrDefault(language) as string;
}

internal static class GeographyServices
{
    public static IServiceCollection AddGeography(this IServiceCollection services, string? table) => table is null
        ? services.AddSingleton<IGeoTable, NoGeoTable>()
        : services.AddSingleton<IGeoTable>(_ => new MmdbGeoTable(table));
}
