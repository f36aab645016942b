using System.Text;
using Countersign.Core.Texts;
using Countersign.Server.Providers.Sms;
using Countersign.Server.Providers.Camara;
using Countersign.Server.Security;
using Countersign.Server.Storage;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Countersign.Server.Hosting;

/// <summary>The configuration, checked as a whole before anything starts: every complaint says what to change.</summary>
/// <param name="Sandbox">Null in Live, where API clients are configured or made by the admin API.</param>
internal sealed record Settings(CountersignOptions Options, MasterKey Key, SandboxCredentials? Sandbox)
{
    public static Settings Read(IConfiguration configuration)
    {
        var options = new CountersignOptions();
        if (!string.Equals(configuration["Countersign:Mode"], nameof(Mode.Live), StringComparison.OrdinalIgnoreCase))
        {
            // In the sandbox a resend is there at once and a code has four digits, unless somebody says otherwise.
            options.Possession.ResendInterval = TimeSpan.Zero;
            options.Possession.CodeLength = 4;
        }
        try
        {
            configuration.GetSection("Countersign").Bind(options);
            // Written as one value a list would be passed over without a word, and everybody let in.
            if (configuration["Countersign:Sandbox:WebOrigins"] is { Length: > 0 } origins)
            {
                options.Sandbox.WebOrigins = origins.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            }
        }
        catch (InvalidOperationException exception)
        {
            throw new ConfigurationException($"Countersign's configuration cannot be read: {exception.Message}", exception);
        }

        CheckUrls(configuration["urls"]);
        options.SetGateways(GatewayTypes.Read(configuration.GetSection("Countersign:Gateways")));
        Check(options);
        // Before the key file is written, which would lie about with nothing to open.
        var isSqlite = StorageServices.IsSqlite(options.Store);
        CheckStore(options.Store, isSqlite);
        if (options.Mode == Mode.Live)
        {
            return new Settings(
                options,
                new MasterKey(ReadKey(options.EncryptionKey
                    ?? throw new ConfigurationException("Countersign:EncryptionKey is required in Live. Set it to base64 of 32 random bytes: openssl rand -base64 32."))),
                Sandbox: null);
        }
        var file = isSqlite && (options.EncryptionKey is null || options.Sandbox.ClientId is null || options.Sandbox.ClientSecret is null)
            ? SandboxKeyFile.LoadOrCreate(options.Store, hasOwnKey: options.EncryptionKey is not null)
            : null;
        return new Settings(
            options,
            new MasterKey(ReadKey(options.EncryptionKey ?? file?.EncryptionKey
                ?? throw new ConfigurationException("Countersign:EncryptionKey is required with PostgreSQL. Set it to base64 of 32 random bytes: openssl rand -base64 32."))),
            new SandboxCredentials(
                options.Sandbox.ClientId ?? file?.ClientId
                    ?? throw new ConfigurationException("Countersign:Sandbox:ClientId is required with PostgreSQL, so that all nodes have the same."),
                options.Sandbox.ClientSecret ?? file?.ClientSecret
                    ?? throw new ConfigurationException("Countersign:Sandbox:ClientSecret is required with PostgreSQL, so that all nodes have the same.")));
    }

    public override string ToString() => Options.Mode.ToString();

    private static void Check(CountersignOptions options)
    {
        CheckWord("Mode", options.Mode);
        CheckWord("Sandbox:ErrorCodes", options.Sandbox.ErrorCodes);
        CheckWord("Sandbox:LinkConfirmation", options.Sandbox.LinkConfirmation);
        CheckWord("Sandbox:Passkeys", options.Sandbox.Passkeys);
        if (options.PublicUrl is { } url && !IsBareOrigin(url))
        {
            throw new ConfigurationException(
                "Countersign:PublicUrl must be a bare origin: http or https, a lower-case host (in its xn-- form if it has other letters than a to z), a port if it is not the scheme's own, and no path or slash at the end (https://id.example.com).");
        }
        if (options.RequestsPerSecond < 1)
        {
            throw new ConfigurationException("Countersign:RequestsPerSecond must be at least 1; leave it out for no limit.");
        }
        if (options.FallbackPoll < TimeSpan.Zero || options.FallbackPoll > TimeSpan.FromMinutes(1))
        {
            throw new ConfigurationException("Countersign:FallbackPoll must be from 00:00:00 (off) to 00:01:00.");
        }
        if (options.Possession.Validate() is { } problem)
        {
            throw new ConfigurationException($"Countersign:Possession is not possible: {problem}");
        }
        if (options.Admin.Problems().FirstOrDefault() is { } bad)
        {
            throw new ConfigurationException(bad);
        }
        TextRouteOptions.Check([.. options.TextRoutes]);
        options.Records.Check();
        CheckIdentitySources(options);
        OperatorSettings.Check(options);
        CheckCredential("ClientId", options.Sandbox.ClientId);
        CheckCredential("ClientSecret", options.Sandbox.ClientSecret);
        if (options.Sandbox.WebOtpHost is { } host && Uri.CheckHostName(host) != UriHostNameType.Dns)
        {
            throw new ConfigurationException("Countersign:Sandbox:WebOtpHost must be a host name without scheme and port (www.example.com).");
        }
        if (Array.Find(options.Sandbox.WebOrigins, origin => !IsBareOrigin(origin)) is not null)
        {
            throw new ConfigurationException("Countersign:Sandbox:WebOrigins must hold bare origins as browsers write them (https://www.example.com, https://xn--mnchen-3ya.example).");
        }
        if (options.HelpText is { } help && (help.Trim().Length == 0 || SmsAlphabet.CountSegments(help) > 1 || help.Any(c => char.IsControl(c) && c != '\n')))
        {
            throw new ConfigurationException("Countersign:HelpText must fit into one text segment: 160 characters of the basic alphabet, or 70 of any other.");
        }
        if ("é".Normalize(NormalizationForm.FormD).Length == 1)
        {
            throw new ConfigurationException(
                "This machine has no Unicode data (ICU), so names could not be compared. Install libicu, or unset DOTNET_SYSTEM_GLOBALIZATION_INVARIANT.");
        }
    }

    private static void CheckIdentitySources(CountersignOptions options)
    {
        if (options.Mode == Mode.Sandbox && options.IdentitySources.Count + options.RiskSources.Count > 0)
        {
            throw new ConfigurationException("Countersign:IdentitySources and Countersign:RiskSources are for Live: in the sandbox the test users answer. Leave them out.");
        }
        foreach (var (index, source) in options.IdentitySources.Index())
        {
            source.Check(FormattableString.Invariant($"Countersign:IdentitySources:{index}"), options.Operators.Keys);
            CheckWord($"IdentitySources:{index}:StopOn", source.StopOn);
        }
        foreach (var (index, source) in options.RiskSources.Index())
        {
            source.Check(FormattableString.Invariant($"Countersign:RiskSources:{index}"), options.Operators.Keys);
        }
    }

    private static void CheckStore(string store, bool isSqlite)
    {
        try
        {
            if (!isSqlite)
            {
                _ = new NpgsqlConnectionStringBuilder(store);
                return;
            }
            var file = new SqliteConnectionStringBuilder(store);
            if (file.Mode == SqliteOpenMode.Memory || file.DataSource.Contains(":memory:", StringComparison.OrdinalIgnoreCase))
            {
                throw new ConfigurationException(
                    "Countersign:Store is a database in memory, which would forget every flow at a restart. Write Data Source= and the path of a file.");
            }
            if (file.DataSource.Length == 0 || file.DataSource.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
            {
                throw new ConfigurationException(
                    "Countersign:Store names no file. Write Data Source= and its path (Data Source=/var/lib/countersign/countersign.db).");
            }
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidCastException or OverflowException or KeyNotFoundException)
        {
            // What is not understood may be half of a password: the message does not repeat it.
            throw new ConfigurationException(
                $"Countersign:Store has a keyword or a value that {(isSqlite ? "SQLite" : "PostgreSQL")}'s driver does not know. "
                    + "Look for a typing error, and put values that hold a semicolon in quotation marks.",
                exception);
        }
    }

    // The binder also takes numbers, whether there is a name for them or not.
    private static void CheckWord<T>(string name, T value) where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            throw new ConfigurationException($"Countersign:{name} must be one of {string.Join(", ", Enum.GetNames<T>())}.");
        }
    }

    private static void CheckUrls(string? urls)
    {
        foreach (var url in (urls ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            try
            {
                var address = BindingAddress.Parse(url);
                if (address.PathBase.Length > 0 || address.Port is < 0 or > 65535)
                {
                    throw new FormatException();
                }
            }
            catch (FormatException exception)
            {
                throw new ConfigurationException(
                    "--urls must hold addresses to listen on, without a path, joined by semicolons: http://127.0.0.1:9000.", exception);
            }
        }
    }

    private static void CheckCredential(string name, string? value)
    {
        if (value is not null && (value.Length is < 1 or > 256 || value.Any(char.IsControl)))
        {
            throw new ConfigurationException($"Countersign:Sandbox:{name} must be 1 to 256 characters without control characters.");
        }
    }

    // Published browser SDKs compare this text with the origin of the status socket, character by character; browsers write hosts in ASCII.
    private static bool IsBareOrigin(string text) =>
        Ascii.IsValid(text)
        && Uri.TryCreate(text, UriKind.Absolute, out var url)
        && (url.Scheme is "http" or "https")
        && string.Equals(url.GetLeftPart(UriPartial.Authority), text, StringComparison.Ordinal)
        && url.UserInfo.Length == 0;

    private static byte[] ReadKey(string text)
    {
        var key = new byte[MasterKey.Size + 16];
        return Convert.TryFromBase64String(text, key, out var length) && length == MasterKey.Size
            ? key[..length]
            : throw new ConfigurationException("Countersign:EncryptionKey must be base64 of exactly 32 bytes: openssl rand -base64 32.");
    }
}

/// <summary>The sandbox's one API client.</summary>
internal sealed record SandboxCredentials(string ClientId, string ClientSecret)
{
    public override string ToString() => "***";
}
