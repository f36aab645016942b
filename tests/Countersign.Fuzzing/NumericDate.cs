using System.Globalization;
using System.Text.Json;

namespace Countersign.Fuzzing;

/// <summary>A time in a token's claims (RFC 7519, 2), read by another reader than the product's.</summary>
internal static class NumericDate
{
    /// <summary>Seconds since 1970 of a number, or of a string of one: the library takes both.</summary>
    public static double Of(JsonElement claim) =>
        claim.ValueKind == JsonValueKind.String
            ? double.Parse(claim.GetString()!, NumberStyles.Float, CultureInfo.InvariantCulture)
            : claim.GetDouble();
}
