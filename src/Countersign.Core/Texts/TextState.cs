namespace Countersign.Core.Texts;

/// <summary>Where a text stands. Stored numbers and names are for ever.</summary>
public enum TextState
{
    /// <summary>No gateway has it.</summary>
    Queued = 0,

    /// <summary>A gateway has taken it.</summary>
    Sent = 1,

    /// <summary>No gateway takes it.</summary>
    Refused = 2,

    Delivered = 3,

    /// <summary>A gateway had it and could not deliver it.</summary>
    Undelivered = 4,

    /// <summary>Nobody sent it in time.</summary>
    Expired = 5,

    /// <summary>It is being handed to a gateway.</summary>
    Sending = 6,

    /// <summary>It was handed to a gateway that did not answer: nobody knows whether it is on its way.</summary>
    Unknown = 7,
}
