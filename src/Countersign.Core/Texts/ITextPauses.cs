using System.Security.Cryptography;

namespace Countersign.Core.Texts;

/// <summary>Says how long a gateway that refused a text is left alone before it is asked again.</summary>
public interface ITextPauses
{
    TimeSpan Next();
}

/// <summary>By chance, so that those refused together do not come again together.</summary>
public sealed class RandomTextPauses : ITextPauses
{
    /// <inheritdoc/>
    public TimeSpan Next() => TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(
        (int)TextTimes.MinPause.TotalMilliseconds, (int)TextTimes.MaxPause.TotalMilliseconds + 1));
}
