using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;

namespace Countersign.Server.Hosting;

/// <summary>Why the server cannot listen, for whoever starts it.</summary>
internal static class ListeningProblem
{
    /// <summary>Null for anything else, which is a fault of the program.</summary>
    public static string? SentenceFor(Exception problem) => problem switch
    {
        IOException { InnerException: AddressInUseException } =>
            $"{problem.Message} Choose another address: --urls http://127.0.0.1:9000, or for the admin API "
                + "--Countersign:Admin:Urls=http://127.0.0.1:9001",
        SocketException { SocketErrorCode: SocketError.AccessDenied } =>
            "The server may not listen on that port: those below 1024 are for the system. Choose a higher one (--urls "
                + "http://127.0.0.1:8080) and put a proxy before it.",
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } =>
            "The server cannot listen there: --urls or Countersign:Admin:Urls names an address that this machine does not have. "
                + "http://0.0.0.0:8080 is all of its addresses.",
        InvalidOperationException when problem.Message.Contains("HTTPS endpoint", StringComparison.Ordinal) =>
            "--urls or Countersign:Admin:Urls asks for https, and there is no certificate. Name one "
                + "(Kestrel:Certificates:Default:Path and :Password, or :KeyPath for PEM), or listen "
                + "on http behind a proxy that has one.",
        CryptographicException =>
            $"The certificate in Kestrel:Certificates cannot be used: {problem.Message} Look at its Path, Password and KeyPath.",
        FileNotFoundException { FileName: { } file } => $"The file {file} does not exist. Look at Kestrel:Certificates.",
        _ => null,
    };
}
