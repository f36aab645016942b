using System.Diagnostics;
using Countersign.Server.Hosting;

namespace Countersign.Server.Tests.Hosting;

public sealed class BannerTests
{
    [Fact]
    public void A_shell_hands_odd_credentials_to_curl_as_they_are()
    {
        const string id = "o'clock & co";
        const string secret = "'a+b%20&c\"$d`e\\'";
        using var console = new StringWriter();
        new Banner(console).Print(new SandboxCredentials(id, secret), "http://127.0.0.1:8080");
        var lines = console.ToString().Split('\n').Where(line => line.Contains("--data-urlencode", StringComparison.Ordinal))
            .Select(line => line.TrimEnd('\r', '\\', ' '));

        using var shell = Process.Start(
            new ProcessStartInfo(
                "sh", ["-c", string.Join('\n', lines.Select(line => "printf '%s\\n' " + line))]) { RedirectStandardOutput = true })!;
        var heard = shell.StandardOutput.ReadToEnd();

        Assert.Equal($"--data-urlencode\nclient_id={id}\n--data-urlencode\nclient_secret={secret}\n", heard);
    }
}
