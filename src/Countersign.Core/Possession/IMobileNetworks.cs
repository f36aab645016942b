namespace Countersign.Core.Possession;

/// <summary>Which numbers a mobile network can be asked for.</summary>
public interface IMobileNetworks
{
    /// <summary>False when no connection could be asked for this number. True promises nothing.</summary>
    bool MayVerify(PhoneNumber number);
}
