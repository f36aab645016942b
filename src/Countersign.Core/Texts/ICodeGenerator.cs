using System.Security.Cryptography;

namespace Countersign.Core.Texts;

/// <summary>Makes the digits of one-time codes.</summary>
public interface ICodeGenerator
{
    /// <param name="length">4 to 6.</param>
    Secret NewCode(int length);
}

/// <summary>Uniform, from the operating system's generator; leading zeros are kept.</summary>
public sealed class RandomCodeGenerator : ICodeGenerator
{
    public Secret NewCode(int length) =>
        new(RandomNumberGenerator.GetString("0123456789", length));
}
