using System.Security.Cryptography;

namespace Countersign.Client.Http;

/// <summary>Shortens pauses by up to a half, so that clients that failed together do not come back together.</summary>
/// <param name="next">The next number from 0 to below 1.</param>
internal sealed class Jitter(Func<double> next)
{
    public static Jitter FromSystem { get; } =
        new(() => BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint)), 0) / (uint.MaxValue + 1.0));

    public TimeSpan Shorten(TimeSpan pause) => TimeSpan.FromTicks((long)(pause.Ticks * (1 - (next() / 2))));
}
