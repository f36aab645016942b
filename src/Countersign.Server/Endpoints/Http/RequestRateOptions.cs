using Countersign.Core;
using Microsoft.Extensions.Options;

namespace Countersign.Server.Endpoints.Http;

/// <summary>How often a caller may call (<c>Countersign:RequestsPerSecond</c>, <c>Countersign:BadTokensPerSecond</c>).</summary>
internal sealed class RequestRateOptions
{
    /// <summary>What is permitted in Live where nothing is said.</summary>
    public const int InLive = 25;

    /// <summary>
    /// Bad tokens in Live where nothing is said: what several back ends behind one address send when the tokens of all have ended.
    /// </summary>
    public const int BadTokensInLive = 100;

    /// <summary>Requests a second that each API client may make.</summary>
    /// <value>25 in Live, no limit in the sandbox; at least 1.</value>
    public int? RequestsPerSecond { get; set; }

    /// <summary>Calls a second with a token that is not good that one address may make; those with good ones are never counted.</summary>
    /// <value>100 in Live, no limit in the sandbox; at least 1.</value>
    public int? BadTokensPerSecond { get; set; }

    /// <summary>The defaults of Live.</summary>
    public void UseLive() => (RequestsPerSecond, BadTokensPerSecond) = (InLive, BadTokensInLive);
}

internal sealed class RequestRateOptionsValidator(Mode? mode) : IValidateOptions<RequestRateOptions>
{
    public ValidateOptionsResult Validate(string? name, RequestRateOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        Check(nameof(options.RequestsPerSecond), options.RequestsPerSecond, RequestRateOptions.InLive, result);
        Check(nameof(options.BadTokensPerSecond), options.BadTokensPerSecond, RequestRateOptions.BadTokensInLive, result);
        return result.Build();
    }

    private void Check(string setting, int? value, int inLive, ValidateOptionsResultBuilder result)
    {
        if (value < 1)
        {
            result.AddError(
                $"Countersign:{setting} must be at least 1; leave it out for {(mode == Mode.Live ? $"{inLive}" : "no limit")}.");
        }
    }
}
