using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Countersign.Client.DependencyInjection;

/// <summary>Reads the options out of a configuration section by hand: the binder would need reflection.</summary>
internal static class ClientOptionsSection
{
    public static void Apply(IConfiguration section, CountersignClientOptions options)
    {
        options.ClientId = section[nameof(options.ClientId)] ?? options.ClientId;
        options.ClientSecret = section[nameof(options.ClientSecret)] ?? options.ClientSecret;
        options.Environment = section[nameof(options.Environment)] ?? options.Environment;

        if (section[nameof(options.BaseUrl)] is { Length: > 0 } baseUrl)
        {
            options.BaseUrl = Uri.TryCreate(baseUrl, UriKind.Absolute, out var url)
                ? url
                : throw Invalid(nameof(options.BaseUrl), "an absolute URL");
        }

        if (section[nameof(options.RequestTimeout)] is { Length: > 0 } requestTimeout)
        {
            options.RequestTimeout = TimeSpan.TryParse(requestTimeout, CultureInfo.InvariantCulture, out var time)
                ? time
                : throw Invalid(nameof(options.RequestTimeout), "a time span such as 00:00:30");
        }

        if (section[nameof(options.MaxTries)] is { Length: > 0 } maxTries)
        {
            options.MaxTries = int.TryParse(maxTries, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw Invalid(nameof(options.MaxTries), "a whole number");
        }
    }

    private static OptionsValidationException Invalid(string setting, string wanted) =>
        new(Options.DefaultName, typeof(CountersignClientOptions), [$"{setting} must be {wanted}."]);
}
