using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace Countersign.Fuzzing;

/// <summary>
/// Signs a header and a payload as an input writes them. What was signed last is kept: most changes of an input are elsewhere in it, and
/// the same input is then the same token.
/// </summary>
internal sealed class SignedParts(ECDsa key)
{
    private byte[] _header = [];
    private byte[] _payload = [];
    private string? _token;

    public string Of(byte[] header, byte[] payload)
    {
        if (_token is null || !header.AsSpan().SequenceEqual(_header) || !payload.AsSpan().SequenceEqual(_payload))
        {
            var signed = Base64UrlEncoder.Encode(header) + "." + Base64UrlEncoder.Encode(payload);
            var signature = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256);
            (_header, _payload, _token) = (header, payload, signed + "." + Base64UrlEncoder.Encode(signature));
        }
        return _token;
    }
}
