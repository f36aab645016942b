using Countersign.Hosting;

namespace Countersign.Server.Hosting;

/// <summary>The addresses that the server is to listen on.</summary>
internal static class ListeningUrls
{
    /// <summary>What is wrong, each in a sentence that names the setting and does not repeat its value.</summary>
    public static IEnumerable<string> Problems(IConfiguration configuration) =>
        ListeningAddresses.Problems(configuration, "server", "--urls (Urls in the file)", 9000);
}
