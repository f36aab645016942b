using Countersign.Core.Devices;
using Microsoft.Extensions.Options;

namespace Countersign.Server.Hosting;

internal sealed class DeviceKeyOptionsValidator : IValidateOptions<DeviceKeyOptions>
{
    private const string Path = $"Countersign:{DeviceKeyOptions.Section}";

    public ValidateOptionsResult Validate(string? name, DeviceKeyOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        Check(result, options.MaxAge, nameof(options.MaxAge));
        Check(result, options.MaxIdle, nameof(options.MaxIdle));
        return result.Build();
    }

    private static void Check(ValidateOptionsResultBuilder result, TimeSpan lifetime, string option)
    {
        if (lifetime < DeviceKeyOptions.MinLifetime || lifetime > DeviceKeyOptions.MaxLifetime)
        {
            result.AddError($"{Path}:{option} must be 1.00:00:00 to 3650.00:00:00 (days, then hours, minutes and seconds).");
        }
    }
}
