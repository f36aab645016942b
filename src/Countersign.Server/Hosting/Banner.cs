namespace Countersign.Server.Hosting;

/// <summary>
/// What somebody who starts the sandbox wants to know next, on the console: it holds the credentials, so it is no log line.
/// </summary>
/// <param name="output">The console.</param>
internal sealed class Banner(TextWriter output)
{
    public void Print(SandboxCredentials credentials, string origin)
    {
        output.WriteLine($$"""

            Countersign sandbox is ready: no text leaves this machine, only test users exist.

              Try it in the browser   {{origin}}/sandbox
              API reference           {{origin}}/reference
              Client id               {{credentials.ClientId}}
              Client secret           {{credentials.ClientSecret}}

            A first verification:

              TOKEN=$(curl -s {{origin}}/token -d grant_type=client_credentials \
                --data-urlencode {{Quote("client_id=" + credentials.ClientId)}} \
                --data-urlencode {{Quote("client_secret=" + credentials.ClientSecret)}} \
                | sed 's/.*"access_token":"\([^"]*\)".*/\1/')
              curl -s {{origin}}/v3/verify -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \
                -d '{"flowType":"mobile","phoneNumber":"2001004011","firstName":"Sheilakathryn","lastName":"Butrimovich"}'

              # then, with the correlationId of the answer:
              curl -s {{origin}}/v3/verify-status -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \
                -d '{"correlationId":"..."}'

            """);
    }

    // For a shell: between single quotes everything but a single quote means itself.
    private static string Quote(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
