using Countersign.Providers.Geography;
using Countersign.Testing;

namespace Countersign.Providers.Tests.Geography;

public sealed class MmdbGeoTableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("203.0.113.7", "de", "Deutschland")]
    [InlineData("203.0.113.255", "es", "Germany")]
    [InlineData("198.51.100.1", "en", "FR")]
    [InlineData("192.0.2.1", "en", "IT")]
    [InlineData("192.0.3.1", "en", null)]
    [InlineData("8.8.8.8", "en", null)]
    [InlineData("2001:db8::1", "en", null)]
    [InlineData("32.1.13.184", "en", "ES")]
    [InlineData("192.0.4.1", "en", null)]
    [InlineData("no address", "en", null)]
    public void The_country_is_named_in_the_language_or_in_english_or_by_its_code(string address, string language, string? expected)
    {
        MmdbFile.Write(
            _folder.File("countries.mmdb"),
            ("203.0.113.0/24", Country(("iso_code", "DE"), ("names", Map(("en", "Germany"), ("de", "Deutschland"))))),
            ("198.51.100.0/24", Country(("iso_code", "FR"))),
            ("192.0.2.0/24", Map(("country", "IT"))),
            ("192.0.3.0/24", Map(("continent", "EU"))),
            // The first bits of 2001:db8::1, which no table of IPv4 knows.
            ("32.1.0.0/16", Country(("iso_code", "ES"))),
            ("192.0.4.0/24", "IT"));
        using var table = new MmdbGeoTable(_folder.File("countries.mmdb"));

        Assert.Equal(expected, table.CountryOf(address, language));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("countries.mmdb", true)]
    [InlineData("missing.mmdb", false)]
    [InlineData("text.mmdb", false)]
    [InlineData(".", false)]
    public void A_file_that_is_no_table_is_told_at_the_start(string? file, bool isTaken)
    {
        MmdbFile.Write(_folder.File("countries.mmdb"), ("203.0.113.0/24", Country(("iso_code", "DE"))));
        File.WriteAllText(_folder.File("text.mmdb"), "no table");
        var options = new GeoTableOptions { GeoTable = file is null ? null : _folder.File(file) };

        var result = new GeoTableOptionsValidator().Validate(name: null, options);

        Assert.Equal(isTaken, result.Succeeded);
        Assert.All(result.Failures ?? [], failure => Assert.StartsWith("Countersign:GeoTable: '", failure, StringComparison.Ordinal));
    }

    private static Dictionary<string, object> Country(params (string, object)[] entries) => Map(("country", Map(entries)));

    private static Dictionary<string, object> Map(params (string Key, object Value)[] entries) =>
        entries.ToDictionary(entry => entry.Key, entry => entry.Value);
}
