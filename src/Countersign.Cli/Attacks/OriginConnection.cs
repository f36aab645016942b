using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace Countersign.Cli.Attacks;

/// <summary>
/// Connections to the origin and to nothing between: a proxy of the environment would see secrets on their way, and judge in the server's
/// place. Their certificate has to be the origin's, whatever host a request names in its header: by itself the client would ask for the
/// certificate of that host.
/// </summary>
internal static class OriginConnection
{
    public static void Hold(SocketsHttpHandler handler, Uri origin)
    {
        handler.UseProxy = false;
        handler.ConnectCallback = (context, cancellationToken) => ConnectAsync(handler, origin, context.DnsEndPoint, cancellationToken);
    }

    private static async ValueTask<Stream> ConnectAsync(
        SocketsHttpHandler handler, Uri origin, DnsEndPoint to, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(to, cancellationToken);
            var stream = new NetworkStream(socket, ownsSocket: true);
            return origin.Scheme == Uri.UriSchemeHttps ? await SecureAsync(stream, handler, origin, cancellationToken) : stream;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

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
