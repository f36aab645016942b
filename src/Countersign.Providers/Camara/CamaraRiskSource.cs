using System.Globalization;
using System.Text.Json;
using Countersign.Core.IdentityMatching;
using Countersign.Providers.Http;

namespace Countersign.Providers.Camara;

/// <summary>
/// What a mobile operator knows of a number's last days, by CAMARA SIM Swap, Number Recycling and Tenure: all asked at once, each for
/// itself.
/// </summary>
internal sealed class CamaraRiskSource(MobileOperator one, RiskSourceOptions options, TimeProvider time, ILogger logger) : IPhoneRiskSource
{
    /// <summary>A person waits: what is not known by then is unknown.</summary>
    public static readonly TimeSpan Budget = TimeSpan.FromSeconds(1.5);

    private const int HoursOfDay = 24;
    private const int HoursOfWeek = 7 * 24;

    public async Task<PhoneRisk> AssessAsync(RiskQuestion question, CancellationToken cancellationToken)
    {
        if (!one.Settings.IsResponsibleFor(question.Number))
        {
            return PhoneRisk.Unknown;
        }

        using var timeout = new CancellationTokenSource(Budget, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        var (number, today) = (question.Number.E164, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime));
        var day = SimSwapAsync(number, HoursOfDay, linked.Token);
        var week = SimSwapAsync(number, HoursOfWeek, linked.Token);
        var recycled = RecycledAsync(number, question.LastVerifiedAt, today, linked.Token);
        var veryShort = IsYoungerAsync(number, today, options.VeryShortTenure, linked.Token);
        var shorter = IsYoungerAsync(number, today, options.ShortTenure, linked.Token);
        return new PhoneRisk(await day, await week, await recycled, await veryShort, await shorter);
    }

    private Task<bool?> SimSwapAsync(string number, int hours, CancellationToken cancellationToken) => options.SimSwap
        ? AskAsync(
            "sim-swap", "/sim-swap/v2/check", "sim-swap:check", "swapped",
            JsonSerializer.SerializeToUtf8Bytes(new SimSwapRequest(number, hours), CamaraApiJson.Wire.SimSwapRequest), cancellationToken)
        : Unknown;

    private Task<bool?> RecycledAsync(string number, DateTimeOffset? lastVerifiedAt, DateOnly today, CancellationToken cancellationToken)
    {
        // A day has no hours here: on the day itself the number was verified, so the next one is asked for.
        if (!options.Recycling || lastVerifiedAt is not { } at
            || DateOnly.FromDateTime(at.UtcDateTime).AddDays(1) is var since && since > today)
        {
            return Unknown;
        }
        return AskAsync(
            "number-recycling", "/number-recycling/v0.2/check", "number-recycling:check", "phoneNumberRecycled",
            JsonSerializer.SerializeToUtf8Bytes(new RecyclingRequest(number, Written(since)), CamaraApiJson.Wire.RecyclingRequest),
            cancellationToken);
    }

    private async Task<bool?> IsYoungerAsync(string number, DateOnly today, TimeSpan age, CancellationToken cancellationToken)
    {
        if (!options.Tenure)
        {
            return null;
        }
        var body = new TenureRequest(number, Written(today.AddDays(-(int)age.TotalDays)));
        return !await AskAsync(
            "kyc-tenure", "/kyc-tenure/v0.2/check-tenure", "kyc-tenure:check-tenure", "tenureDateCheck",
            JsonSerializer.SerializeToUtf8Bytes(body, CamaraApiJson.Wire.TenureRequest), cancellationToken);
    }

    private static Task<bool?> Unknown => Task.FromResult<bool?>(null);

    private static string Written(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>One signal: what cannot be asked, is refused or comes too late is unknown.</summary>
    private async Task<bool?> AskAsync(
        string call, string path, string scope, string member, byte[] json, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await one.Apis.PostAsync(call, path, scope, json, cancellationToken);
            if (answer.IsSuccess)
            {
                return answer.Json?.Flag(member);
            }
            // An operator that does not have the number, or the signal, says so by 404 and 422.
            if (answer.Status is not (404 or 422))
            {
                Log.CallRefused(logger, one.Settings.Name, call, answer.Status);
            }
            return null;
        }
        catch (Exception exception) when (exception is OperatorFailure or OperationCanceledException)
        {
            return null;
        }
    }
}

internal sealed record SimSwapRequest(string PhoneNumber, int MaxAge)
{
    public override string ToString() => "***";
}

internal sealed record RecyclingRequest(string PhoneNumber, string SpecifiedDate)
{
    public override string ToString() => "***";
}

internal sealed record TenureRequest(string PhoneNumber, string TenureDate)
{
    public override string ToString() => "***";
}
