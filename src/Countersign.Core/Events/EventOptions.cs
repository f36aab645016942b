namespace Countersign.Core.Events;

/// <summary>What relying parties are told (<c>Countersign:Events</c>).</summary>
public sealed class EventOptions
{
    /// <summary>Below <c>Countersign</c>.</summary>
    public const string Section = "Events";

    /// <summary>How long events are kept, and so may be listed and sent again.</summary>
    /// <value>30 days by default; one day to ten years. In days alone: <c>90</c> or <c>90.00:00:00</c>.</value>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Where webhooks may be sent to.</summary>
    /// <value>Absent: <c>Loopback</c> in the sandbox, <c>Public</c> in Live, which takes nothing else.</value>
    public ReceiverAddresses? Receivers { get; set; }

    /// <summary>Networks of yours whose machines webhooks may be sent to as well, by https.</summary>
    /// <value>None by default. Addresses or networks: <c>10.20.0.0/16</c>.</value>
    public string[] Networks { get; set; } = [];

    public ReceiverAddresses ReceiversIn(Mode mode) =>
        Receivers ?? (mode == Mode.Sandbox ? ReceiverAddresses.Loopback : ReceiverAddresses.Public);
}

public enum ReceiverAddresses
{
    /// <summary>https, to addresses of the public internet.</summary>
    Public,

    /// <summary>This machine too, there also by http.</summary>
    Loopback,
}
