using Countersign.Core.Flows;
using Countersign.Core.Possession;

namespace Countersign.Server.Security;

/// <summary>The step names of the browser protocol. An auth token names the first one.</summary>
internal static class Steps
{
    public const string MobileAuth = "mobile/instant";
    public const string Otp = "mobile/otp";
    public const string InstantLink = "mobile/instantlink";
    public const string DeviceKey = "device/passive";
    public const string DeviceKeyWithoutPasskey = "device/passive/silent";
    public const string MakePasskey = "device/passive/register";
    public const string UsePasskey = "device/passive/verify";

    /// <summary>The flow is over; the page's finish callback runs, whatever the result.</summary>
    public const string Done = "done";

    /// <summary>Stay: the answer itself says what to do.</summary>
    public const string Stay = "";

    /// <summary>The step a browser is to take in this flow now.</summary>
    public static string NameOf(Flow flow) => flow.CurrentMethod switch
    {
        null => Done,
        { } m when m == PossessionMethod.MobileAuth => MobileAuth,
        { } m when m == PossessionMethod.Otp => Otp,
        { } m when m == PossessionMethod.DeviceKey => DeviceKey,
        _ => InstantLink,
    };

    /// <summary>The same for a browser that has just failed to show a passkey: published SDKs would ask for one again, and again.</summary>
    public static string NameWithoutPasskey(Flow flow) => NameOf(flow) is var name && name == DeviceKey ? DeviceKeyWithoutPasskey : name;
}
