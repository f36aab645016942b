using MaxMind.Db;
using Microsoft.Extensions.Options;

namespace Countersign.Providers.Geography;

/// <summary>Where addresses are (<c>Countersign:GeoTable</c>).</summary>
public sealed class GeoTableOptions
{
    /// <summary>A file in MaxMind's MMDB format that has a country for each address. It is read at the start, whole.</summary>
    /// <value>None by default: no page says a country.</value>
    public string? GeoTable { get; set; }
}

/// <summary>Opens the file: one that cannot be read is told before anything starts.</summary>
public sealed class GeoTableOptionsValidator : IValidateOptions<GeoTableOptions>
{
    public ValidateOptionsResult Validate(string? name, GeoTableOptions options)
    {
        if (options.GeoTable is not { } path)
        {
            return ValidateOptionsResult.Success;
        }
        try
        {
            using var table = new Reader(path);
            return ValidateOptionsResult.Success;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDatabaseException)
        {
            return ValidateOptionsResult.Fail(
                $"Countersign:{nameof(options.GeoTable)}: '{path}' cannot be read as an MMDB file. Name one that this server may read, or "
                    + "leave it out.");
        }
    }
}
