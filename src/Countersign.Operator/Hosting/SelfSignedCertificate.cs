using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Countersign.Operator.Hosting;

/// <summary>
/// A certificate of this start for localhost and 127.0.0.1, because the published browser SDK refuses to fetch http addresses.
/// </summary>
internal sealed class SelfSignedCertificate(TimeProvider time) : IDisposable
{
    private readonly Lazy<X509Certificate2> _certificate = new(() => Make(time.GetUtcNow()));

    public bool IsMade => _certificate.IsValueCreated;

    public X509Certificate2 Value => _certificate.Value;

    public void Dispose()
    {
        if (IsMade)
        {
            Value.Dispose();
        }
    }

    private static X509Certificate2 Make(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Countersign simulated operator", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForEndEntity(critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(365));
    }
}
