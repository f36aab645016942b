namespace Countersign.Core.Possession.DeviceKey;

/// <summary>Hears of passkeys that are refused, for those who operate this.</summary>
public interface IPasskeyJournal
{
    void Refused(CorrelationId flow, PasskeyRefusal why);
}
