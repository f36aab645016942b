using System.Runtime.InteropServices;

namespace Countersign.Core.Devices;

/// <summary>
/// How long device keys prove something, and what ties them (<c>Countersign:DeviceKeys</c>). Passkeys count as device keys.
/// </summary>
public sealed class DeviceKeyOptions
{
    /// <summary>Below <c>Countersign</c>.</summary>
    public const string Section = "DeviceKeys";

    public static readonly TimeSpan MinLifetime = TimeSpan.FromDays(1);

    public static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(3650);

    /// <summary>
    /// How long a key proves its person, however often it is used. Of a key that a passkey brought in, the passkey's age counts.
    /// </summary>
    /// <value>400 days by default; 1 to 3650 days.</value>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromDays(400);

    /// <summary>How long a key may go unused and still prove its person: at least so long, and up to a day more.</summary>
    /// <value>180 days by default; 1 to 3650 days.</value>
    public TimeSpan MaxIdle { get; set; } = TimeSpan.FromDays(180);

    /// <summary>
    /// Whether a number that a script's silent check at the mobile network proves (Mobile Auth by <c>fetch</c>) ties the browser's key.
    /// </summary>
    /// <value>False by default in Live, true in the sandbox.</value>
    public bool TieOnFetch { get; set; } = true;

    /// <summary>
    /// Whether a person is told by a text that a code has tied a browser's key, in projects that say nothing of their own.
    /// </summary>
    /// <value>True by default in Live, false in the sandbox.</value>
    public bool Notice { get; set; }

    /// <summary>The person is told, in a project with this setting.</summary>
    public bool IsTold(DeviceNotice project) => project == DeviceNotice.On || (project == DeviceNotice.Server && Notice);

    // Uses are kept to a day, so the last one may be that much later than the one on file.
    public KeyHorizon HorizonAt(DateTimeOffset now) => new(now - MaxAge, now - MaxIdle - Device.UseIsKnownFor);
}

/// <summary>Server: as the server is set. On: persons are told of a browser that is remembered. Off: they are not.</summary>
public enum DeviceNotice
{
    Server,
    On,
    Off,
}

/// <summary>The moments behind which a key is too old, or has been unused for too long.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct KeyHorizon(DateTimeOffset MadeAfter, DateTimeOffset UsedAfter);
