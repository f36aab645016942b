using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace Countersign.Cli.Attacks;

/// <summary>
/// Connections whose certificate has to be the origin's, whatever host a request names in its header: by itself the client would ask for
/// the certificate of that host.
/// </summary>
internal static class OriginConnection
{
    public static void Hold(SocketsHttpHandler handler, Uri origin) => handler.ConnectCallback = async (context, cancellationToken) =>
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            var stream = new NetworkStream(socket, ownsSocket: true);
            // A proxy of the environment is spoken to before there is a certificate.
            return origin.Scheme == Uri.UriSchemeHttps && IsOf(origin, context.DnsEndPoint)
                ? await SecureAsync(stream, handler, origin, cancellationToken) : stream;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    };

    private static bool IsOf(Uri origin, DnsEndPoint to) =>
        string.Equals(to.Host, origin.IdnHost, StringComparison.OrdinalIgnoreCase) && to.Port == origin.Port;

    private static async Task<Stream> SecureAsync(
        NetworkStream stream, SocketsHttpHandler handler, Uri origin, CancellationToken cancellationToken)
    {
        var secure = new SslStream(stream);
        await secure.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = origin.IdnHost,
                RemoteCertificateValidationCallback = handler.SslOptions.RemoteCertificateValidationCallback,
            },
            cancellationToken);
        return secure;
    }
}
