using Countersign.Core;
using Microsoft.Extensions.Options;

namespace Countersign.Server.Endpoints.Http;

/// <summary>How often a caller may call (<c>Countersign:RequestsPerSecond</c>).</summary>
internal sealed class RequestRateOptions
{
    /// <summary>What is permitted in Live where nothing is said.</summary>
    public const int InLive = 25;

    /// <summary>Requests a second that each API client may make.</summary>
    /// <value>25 in Live, no limit in the sandbox; at least 1.</value>
    public int? RequestsPerSecond { get; set; }
}

internal sealed class RequestRateOptionsValidator(Mode? mode) : IValidateOptions<RequestRateOptions>
{
    public ValidateOptionsResult Validate(string? name, RequestRateOptions options) => options.RequestsPerSecond < 1
        ? ValidateOptionsResult.Fail(
            "Countersign:RequestsPerSecond must be at least 1; "
                + $"leave it out for {(mode == Mode.Live ? $"{RequestRateOptions.InLive}" : "no limit")}.")
        : ValidateOptionsResult.Success;
}
