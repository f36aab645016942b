using Microsoft.IdentityModel.Tokens;

namespace Countersign.Fuzzing;

/// <summary>In place of a signature under what is sent, which no reader reads here, and which would take longer than all readers.</summary>
internal sealed class NoSignatures : ICryptoProvider
{
    public bool IsSupportedAlgorithm(string algorithm, params object[] args) => args is [SecurityKey, ..];

    public object Create(string algorithm, params object[] args) => new Signer((SecurityKey)args[0], algorithm);

    public void Release(object cryptoInstance)
    {
    }

    private sealed class Signer(SecurityKey key, string algorithm) : SignatureProvider(key, algorithm)
    {
        public override byte[] Sign(byte[] input) => new byte[64];

        public override bool Sign(ReadOnlySpan<byte> data, Span<byte> destination, out int bytesWritten)
        {
            destination[..64].Clear();
            bytesWritten = 64;
            return true;
        }

        public override bool Verify(byte[] input, byte[] signature) => false;

        protected override void Dispose(bool disposing)
        {
        }
    }
}
