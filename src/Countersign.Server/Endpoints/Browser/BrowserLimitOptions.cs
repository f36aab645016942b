using Countersign.Core;
using Microsoft.Extensions.Options;

namespace Countersign.Server.Endpoints.Browser;

/// <summary>How much browsers may take of a server (<c>Countersign:FlowCallsPerSecond</c>, <c>Countersign:MaxStatusSockets</c>).</summary>
internal sealed class BrowserLimitOptions
{
    /// <summary>Calls a second of a flow's browser in Live where nothing is said.</summary>
    public const int InLive = 10;

    /// <summary>The most sockets that may be permitted: more need more addresses than one server has.</summary>
    public const int HighestMax = 1_000_000;

    /// <summary>Calls a second with one flow's token; a call above it waits for its turn (<see cref="FlowRate"/>).</summary>
    /// <value>10 in Live, no limit in the sandbox; at least 1.</value>
    public int? FlowCallsPerSecond { get; set; }

    /// <summary>Status sockets that this server process holds open at once, of all flows.</summary>
    /// <value>10,000 by default; 1 to 1,000,000.</value>
    public int MaxStatusSockets { get; set; } = 10_000;
}

internal sealed class BrowserLimitOptionsValidator(Mode? mode) : IValidateOptions<BrowserLimitOptions>
{
    public ValidateOptionsResult Validate(string? name, BrowserLimitOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        if (options.FlowCallsPerSecond < 1)
        {
            result.AddError($"Countersign:{nameof(options.FlowCallsPerSecond)} must be at least 1; leave it out for "
                + $"{(mode == Mode.Live ? $"{BrowserLimitOptions.InLive}" : "no limit")}.");
        }
        if (options.MaxStatusSockets is < 1 or > BrowserLimitOptions.HighestMax)
        {
            result.AddError($"Countersign:{nameof(options.MaxStatusSockets)} must be 1 to {BrowserLimitOptions.HighestMax}.");
        }
        return result.Build();
    }
}
