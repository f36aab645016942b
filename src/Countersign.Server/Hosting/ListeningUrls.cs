using Countersign.Hosting;
using Countersign.Server.Endpoints.Admin;

namespace Countersign.Server.Hosting;

/// <summary>The addresses that the server is to listen on.</summary>
internal static class ListeningUrls
{
    private const string Program = "server";
    private const string Setting = $"Countersign:{AdminOptions.Section}:{nameof(AdminOptions.Urls)}";

    /// <summary>What is wrong, each in a sentence that names the setting and does not repeat its value.</summary>
    public static IEnumerable<string> Problems(IConfiguration configuration) =>
        ListeningAddresses.Problems(configuration, Program, "--urls (Urls in the file)", 9000);

    /// <summary>What is wrong with the admin API's own addresses.</summary>
    public static IEnumerable<string> Problems(IConfiguration configuration, AdminOptions admin)
    {
        if (ListeningAddresses.ProblemOf(admin.Urls, Program, Setting, 8081) is { } problem)
        {
            yield return problem;
            yield break;
        }
        var own = ListeningAddresses.Split(admin.Urls);
        if (own.Index().Any(one => own.Take(one.Index).Any(other => ListeningAddresses.AreOne(one.Item, other))))
        {
            yield return $"{Setting} has the same address twice. Leave one of them out.";
        }
        if (admin.IsOn && Array.Exists(own, one => Array.Exists(
            ListeningAddresses.Of(configuration), other => ListeningAddresses.AreOne(one, other))))
        {
            yield return $"{Setting} is {AdminOptions.DefaultUrls} unless it is set, and has an address that everybody else is to call "
                + "(--urls, Kestrel:Endpoints). The admin API needs a port of its own: http://127.0.0.1:9001.";
        }
    }
}
