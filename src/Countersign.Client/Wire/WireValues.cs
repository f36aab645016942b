using System.Globalization;

namespace Countersign.Client.Wire;

/// <summary>Single values out of answers. What is absent or cannot be read is the default value or null.</summary>
internal static class WireValues
{
    private static readonly long FirstSecond = DateTimeOffset.MinValue.ToUnixTimeSeconds();
    private static readonly long LastSecond = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    /// <summary>
    /// The contract writes the next step as a map of one entry: its name, and the path that a client of this contract knows.
    /// </summary>
    public static NextStep NextStep(Dictionary<string, string?>? next)
    {
        var name = next?.Keys.FirstOrDefault();
        return string.IsNullOrWhiteSpace(name) ? default : new NextStep(name!);
    }

    /// <summary>The id of an identity, which the contract has had under two names: servers may send the later, the earlier or both.</summary>
    public static string? ProveId(string? proveId, string? identityId) =>
        !string.IsNullOrWhiteSpace(proveId) ? proveId : string.IsNullOrWhiteSpace(identityId) ? null : identityId;

    public static AssuranceLevel AssuranceLevel(string? value) => string.IsNullOrWhiteSpace(value) ? default : new AssuranceLevel(value!);

    public static IdvConfidence IdvConfidence(string? value) => string.IsNullOrWhiteSpace(value) ? default : new IdvConfidence(value!);

    public static NationalId? NationalId(string? value) => string.IsNullOrWhiteSpace(value) ? null : new NationalId(value!);

    /// <summary>A moment that the contract writes twice, in seconds since 1970 and in ISO 8601.</summary>
    public static DateTimeOffset? Moment(long? seconds, string? text)
    {
        if (seconds is { } count && count >= FirstSecond && count <= LastSecond)
        {
            return DateTimeOffset.FromUnixTimeSeconds(count);
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment : null;
    }
}
