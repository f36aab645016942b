using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Countersign.Storage.Tests;

public sealed class ConnectionTests
{
    // What a client of PostgreSQL says first where it asks for TLS (PostgreSQL's manual, message formats: SSLRequest).
    private const int TlsRequest = 80877103;

    /// <summary>
    /// Where it tries encryption by GSSAPI before, the first connection ends without a word, and costs the server a process.
    /// </summary>
    [Fact]
    public async Task The_first_connection_is_the_one_that_is_used()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await using var database = new PostgresDatabase($"Host=127.0.0.1;Port={port};Username=countersign;Database=any");

        var asking = database.CountConnectionsAsync(TestContext.Current.CancellationToken);
        var request = await FirstRequestAsync(listener);

        Assert.Equal(TlsRequest, request);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => asking);
    }

    private static async Task<int> FirstRequestAsync(TcpListener listener)
    {
        using var socket = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
        // From now on nobody answers.
        listener.Stop();
        await using var stream = new NetworkStream(socket);
        var request = new byte[8];
        await stream.ReadExactlyAsync(request, TestContext.Current.CancellationToken);
        return BinaryPrimitives.ReadInt32BigEndian(request.AsSpan(4));
    }
}
