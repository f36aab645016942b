using System.Net;
using System.Net.Sockets;

namespace Countersign.Testing;

/// <summary>Ports of loopback for programs that cannot be asked which one they took.</summary>
internal static class Ports
{
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
