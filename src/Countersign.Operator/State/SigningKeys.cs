using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace Countersign.Operator.State;

/// <summary>
/// The operator's keys: the last signs, the one before stays published so that tokens signed with it can still be checked.
/// </summary>
internal sealed class SigningKeys : IDisposable
{
    private const int Published = 2;

    private readonly Lock _gate = new();
    private readonly List<ECDsaSecurityKey> _keys = [New()];

    public ECDsaSecurityKey Current
    {
        get
        {
            lock (_gate)
            {
                return _keys[^1];
            }
        }
    }

    /// <summary>The newest first.</summary>
    public IReadOnlyList<ECDsaSecurityKey> All
    {
        get
        {
            lock (_gate)
            {
                return [.. Enumerable.Reverse(_keys)];
            }
        }
    }

    public ECDsaSecurityKey Rotate()
    {
        var key = New();
        lock (_gate)
        {
            _keys.Add(key);
            if (_keys.Count > Published)
            {
                // Left to the finaliser: a call may be signing with it.
                _keys.RemoveAt(0);
            }
        }
        return key;
    }

    /// <summary>A key that is not published; under a name of its own unless one is given.</summary>
    public static ECDsaSecurityKey New(string? kid = null) => new(ECDsa.Create(ECCurve.NamedCurves.nistP256))
    {
        KeyId = kid ?? Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(9)),
    };

    public void Dispose()
    {
        foreach (var key in _keys)
        {
            key.ECDsa.Dispose();
        }
    }
}
