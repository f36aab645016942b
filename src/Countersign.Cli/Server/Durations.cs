using System.Globalization;

namespace Countersign.Cli.Server;

/// <summary>Lengths of time as they are typed: <c>90s</c>, <c>30m</c>, <c>24h</c>, <c>7d</c>.</summary>
internal static class Durations
{
    private static readonly (char Unit, int Seconds)[] _units = [('d', 24 * 3600), ('h', 3600), ('m', 60), ('s', 1)];

    /// <summary>The length in seconds. Nothing needs no unit.</summary>
    /// <param name="option">The option that it was given to, for the message.</param>
    /// <exception cref="CommandFailure">It is no length of time, or not within the bounds.</exception>
    public static int ReadSeconds(string text, string option, TimeSpan min, TimeSpan max)
    {
        var seconds = text == "0" ? 0 : _units.FirstOrDefault(one => text.EndsWith(one.Unit)) is { Seconds: > 0 and var factor }
            && long.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count <= int.MaxValue / factor ? (int)count * factor : -1;
        return seconds >= min.TotalSeconds && seconds <= max.TotalSeconds
            ? seconds
            : throw new CommandFailure(
                $"{option} must be a whole number with a unit, from {Print(min)} to {Print(max)}: 90s, 30m, 24h or 7d, for instance.");
    }

    private static string Print(TimeSpan time)
    {
        var seconds = (int)time.TotalSeconds;
        var (unit, factor) = _units.First(one => seconds % one.Seconds == 0);
        return seconds == 0 ? "0" : string.Create(CultureInfo.InvariantCulture, $"{seconds / factor}{unit}");
    }
}
