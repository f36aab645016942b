namespace Countersign.Client.Http;

/// <summary>One operation of the contract: its name in telemetry and its path on the server.</summary>
internal sealed record Operation(string Name, string Path)
{
    public static Operation Token { get; } = new("token", "/token");

    public static Operation Verify { get; } = new("verify", "/v3/verify");

    public static Operation VerifyStatus { get; } = new("verify_status", "/v3/verify-status");
}
