using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Countersign.Cli;
using Countersign.Cli.Attacks;
using Countersign.Cli.Receipts;
using Countersign.Core.Projects;
using Microsoft.IdentityModel.Tokens;

namespace Countersign.Fuzzing;

/// <summary>
/// What third parties check by the command: receipts, proofs of erasures, reports of attacks, exports of the audit. The first line says
/// which. Of all but the last, parts stand between lines of "%%": the file, the keys, and header and payload of what the server signs, that
/// takes the place of "SIGNED" in the file; empty keys are the server's. A report of <c>countersign attack</c> has its key in the header:
/// "JWK".
/// </summary>
internal static class StatementTarget
{
    private const int Good = 0;

    private static readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private static readonly string _jwk = JwkOf();
    private static readonly string _keys = $$"""{"keys":[{{KeyOf("k")}}]}""";
    private static readonly SignedParts _statement = new(_key);
    private static readonly Lazy<TemporaryFolder> _folder = new(() =>
    {
        var folder = new TemporaryFolder();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        return folder;
    });

    private static readonly RootCommand _command = Countersign.Cli.Program.Commands(
        new CliEnvironment(_ => null, () => throw new InvalidOperationException("A check asks nobody.")));

    public static Target Target { get; } = new("statements", Read);

    private static string Read(byte[] input)
    {
        var text = Encoding.Latin1.GetString(input);
        return text.Split('\n', 2) switch
        {
            ["receipt", var parts] => Check(SignedKind.Receipt, ["receipt", "verify"], parts),
            ["erasure", var parts] => Check(SignedKind.Erasure, ["erase", "verify"], parts),
            ["report", var parts] => Check(SignedReport.Kind, ["attack", "verify"], parts),
            ["audit", var export] => Audit(export),
            _ => Target.NoInput,
        };
    }

    private static string Check(SignedKind kind, string[] command, string text)
    {
        if (text.Split("\n%%\n") is not [var file, var keys, var header, var payload])
        {
            return Target.NoInput;
        }
        var statement = Write("statement", WithSigned(file, header.Replace("JWK", _jwk, StringComparison.Ordinal), payload));
        // A report brings its key.
        string[] jwks = kind == SignedReport.Kind ? [] : ["--jwks", Write("keys", keys.Length == 0 ? _keys : keys)];
        var (code, said) = Run([.. command, statement, .. jwks]);
        BrokenPromise.Unless(
            code != Good || (file.Contains("SIGNED", StringComparison.Ordinal) && IsOf(kind.Audience, payload)),
            "what the server has not signed as this was found good");
        return said;
    }

    /// <summary>Read by another reader than the product's.</summary>
    private static bool IsOf(string audience, string payload)
    {
        using var claims = JsonDocument.Parse(Encoding.Latin1.GetBytes(payload));
        return claims.RootElement.GetProperty("aud").ValueEquals(audience);
    }

    private static string Audit(string export) => Run(["audit", "verify", "--file", Write("audit", export)]).Said;

    private static string Write(string name, string text)
    {
        var path = _folder.Value.File(name);
        File.WriteAllBytes(path, Encoding.Latin1.GetBytes(text));
        return path;
    }

    /// <summary>Without the handler that would make a line of an exception.</summary>
    private static (int Code, string Said) Run(string[] arguments)
    {
        using var output = new StringWriter();
        var configuration = new InvocationConfiguration
        {
            Output = output, Error = output, EnableDefaultExceptionHandler = false,
            // Else each would ask the system to be told of its end.
            ProcessTerminationTimeout = null,
        };
        var code = OneThread.Wait(() => _command.Parse(arguments).InvokeAsync(configuration));
        return (code, $"{code} {output}");
    }

    private static string WithSigned(string file, string header, string payload) =>
        !file.Contains("SIGNED", StringComparison.Ordinal) ? file
            : file.Replace(
                "SIGNED", _statement.Of(Encoding.Latin1.GetBytes(header), Encoding.Latin1.GetBytes(payload)), StringComparison.Ordinal);

    /// <summary>With the name that a report's key has: its thumbprint.</summary>
    private static string JwkOf()
    {
        using var unnamed = JsonDocument.Parse(KeyOf("k"));
        var name = ClientKey.Parse(unnamed.RootElement).Key!.Thumbprint;
        return $"\"kid\":\"{name}\",\"jwk\":{KeyOf(name)}";
    }

    private static string KeyOf(string name)
    {
        var published = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(_key));
        return $$"""{"kty":"EC","crv":"P-256","kid":"{{name}}","x":"{{published.X}}","y":"{{published.Y}}"}""";
    }
}
