using System.Security.Cryptography;

namespace Countersign.Core.Texts;

/// <summary>Makes the digits of one-time codes.</summary>
public interface ICodeGenerator
{
    /// <param name="to">Whose phone will show it.</param>
    /// <param name="length">4 to 6.</param>
    OneTimeCode NewCode(PhoneNumber to, int length);
}

/// <param name="Shown">What stands in the text.</param>
/// <param name="Accepted">What must be entered: the same, but for the sandbox's people who never get it right.</param>
public readonly record struct OneTimeCode(Secret Shown, Secret Accepted)
{
    public OneTimeCode(Secret code) : this(code, code) { }
}

/// <summary>Uniform, from the operating system's generator; leading zeros are kept.</summary>
public sealed class RandomCodeGenerator : ICodeGenerator
{
    public OneTimeCode NewCode(PhoneNumber to, int length) =>
        new(new Secret(RandomNumberGenerator.GetString("0123456789", length)));
}
