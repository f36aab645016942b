using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using Countersign.Cli;
using Countersign.Core.Audit;
using Microsoft.IdentityModel.Tokens;

namespace Countersign.Fuzzing;

/// <summary>
/// What third parties check by the command: receipts, proofs of erasures, exports of the audit. The first line says which. Of a receipt and
/// a proof, parts stand between lines of "%%": the file, the keys, and header and payload of what the server signs, which takes the place
/// of "SIGNED" in the file; empty keys are the server's.
/// </summary>
internal static class StatementTarget
{
    private const int Good = 0;

    private static readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
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
            ["receipt", var parts] => Check(["receipt", "verify"], parts),
            ["erasure", var parts] => Check(["erase", "verify"], parts),
            ["audit", var export] => Audit(export),
            _ => Target.NoInput,
        };
    }

    private static string Check(string[] command, string text)
    {
        if (text.Split("\n%%\n") is not [var file, var keys, var header, var payload])
        {
            return Target.NoInput;
        }
        var statement = Write("statement", file.Replace("SIGNED", Signed(header, payload), StringComparison.Ordinal));
        var (code, said) = Run([.. command, statement, "--jwks", Write("keys", keys.Length == 0 ? Keys : keys)]);
        BrokenPromise.Unless(
            code != Good || file.Contains("SIGNED", StringComparison.Ordinal), "what nobody has signed was found good");
        return said;
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
        var configuration = new InvocationConfiguration { Output = output, Error = output, EnableDefaultExceptionHandler = false };
        var code = _command.Parse(arguments).InvokeAsync(configuration).GetAwaiter().GetResult();
        return (code, $"{code} {output}");
    }

    private static string Signed(string header, string payload)
    {
        var signed = $"{Encode(header)}.{Encode(payload)}";
        return signed + "." + Base64UrlEncoder.Encode(_key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256));
    }

    private static string Encode(string json) => Base64UrlEncoder.Encode(Encoding.Latin1.GetBytes(json));

    private static string Keys { get; } = KeysOf();

    private static string KeysOf()
    {
        var published = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(_key));
        return $$"""{"keys":[{"kty":"EC","crv":"P-256","kid":"k","x":"{{published.X}}","y":"{{published.Y}}"}]}""";
    }
}
