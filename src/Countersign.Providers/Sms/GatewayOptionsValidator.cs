using Microsoft.Extensions.Options;

namespace Countersign.Providers.Sms;

/// <summary>What every type of gateway is held to, and after it what the type says of its own options.</summary>
/// <param name="section">Out of which the options were read.</param>
internal sealed class GatewayOptionsValidator(IConfigurationSection section) : IValidateOptions<GatewayOptions>
{
    public ValidateOptionsResult Validate(string? name, GatewayOptions options)
    {
        var faults = new OptionFaults(section.Path);
        CheckNames(options, faults);
        if (options.CallbackUrl is { } url && !IsBareOrigin(url))
        {
            faults.Add(nameof(options.CallbackUrl), "must be a bare origin, without a path or a slash at the end: https://id.example.com.");
        }
        options.Check(faults);
        return faults.ToResult();
    }

    private void CheckNames(GatewayOptions options, OptionFaults faults)
    {
        foreach (var child in section.GetChildren())
        {
            var known = options.Names.FirstOrDefault(known => known.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
            if (known is null)
            {
                var all = string.Join(", ", options.Names.Order(StringComparer.Ordinal));
                faults.Add(child.Key, $"is no option of a gateway of type {options.Type}; it has {all}.");
            }
            else if (child.Value is null && child.GetChildren().Any())
            {
                faults.Add(child.Key, "must be one value, not a section.");
            }
        }
    }

    private static bool IsBareOrigin(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https"
            && string.Equals(parsed.GetLeftPart(UriPartial.Authority), url, StringComparison.Ordinal) && parsed.UserInfo.Length == 0;
}
