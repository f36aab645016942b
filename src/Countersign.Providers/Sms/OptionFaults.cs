using System.Security.Cryptography;
using System.Text;
using Countersign.Core.Texts;
using Microsoft.Extensions.Options;

namespace Countersign.Providers.Sms;

/// <summary>
/// Collects what is wrong with one gateway's options, so that one start names all of it. No value is repeated: it may be a secret.
/// </summary>
internal sealed class OptionFaults(string path)
{
    private const int MinKeyBits = 2048;

    private readonly ValidateOptionsResultBuilder _result = new();

    public ValidateOptionsResult ToResult() => _result.Build();

    public void Add(string option, string whatToChange) => _result.AddError($"{path}:{option} {whatToChange}");

    public bool Require(string option, string? value, string shape)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            Add(option, $"is required: {shape}.");
            return false;
        }
        return true;
    }

    /// <summary>A secret or a name that goes into a header: visible ASCII, or spaces inside it.</summary>
    public void CheckWord(string option, string? value, string shape, bool isRequired = true, int min = 1, int max = 256)
    {
        if (value is null && !isRequired)
        {
            return;
        }
        if (Require(option, value, shape)
            && (value!.Length < min || value.Length > max || value.Any(c => c is < ' ' or > '~') || value != value.Trim()))
        {
            Add(option, $"must be {shape}.");
        }
    }

    /// <summary>An address of the provider.</summary>
    /// <param name="needsTls">Plain http is for this machine alone.</param>
    public void CheckUrl(string option, string? value, string example, bool needsTls)
    {
        if (!Require(option, value, $"an address such as {example}"))
        {
            return;
        }
        if (!Uri.TryCreate(value, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0
            || url.Fragment.Length > 0)
        {
            Add(option, $"must be an http or https address without a name and a password in it, such as {example}.");
        }
        else if (needsTls && url.Scheme == "http" && !url.IsLoopback)
        {
            Add(option, "must begin with https: only a gateway on this machine is spoken to without encryption.");
        }
    }

    /// <summary>Alphanumeric name of at most 11 characters, number, or short code; null is none.</summary>
    public void CheckSender(string option, string? value)
    {
        if (value is not null && !SenderId.IsValid(value))
        {
            Add(option, SenderId.Rule);
        }
    }

    /// <summary>A private key for RS256, out of a PEM file or written in place.</summary>
    public void CheckPrivateKey(string fileOption, string? file, string option, string? pem)
    {
        if ((file is null) == (pem is null))
        {
            Add(fileOption, $"or {option} is required, and not both: the RSA private key in PEM.");
            return;
        }
        try
        {
            using var key = RSA.Create();
            key.ImportFromPem(pem ?? File.ReadAllText(file!, Encoding.UTF8));
            // A public key is read as willingly; it cannot do this.
            key.SignData([0], HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            if (key.KeySize < MinKeyBits)
            {
                Add(file is null ? option : fileOption, $"must be an RSA key of at least {MinKeyBits} bits.");
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException
            or CryptographicException)
        {
            Add(file is null ? option : fileOption, file is null
                ? "must be an RSA private key in PEM (-----BEGIN PRIVATE KEY-----)."
                : "names a file that cannot be read, or that holds no RSA private key in PEM (-----BEGIN PRIVATE KEY-----).");
        }
    }

    public override string ToString() => path;
}
