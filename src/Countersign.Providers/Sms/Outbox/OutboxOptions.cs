namespace Countersign.Providers.Sms.Outbox;

/// <summary>Options of a gateway of type <c>outbox</c>.</summary>
internal sealed class OutboxOptions : GatewayOptions, IHasSender
{
    /// <summary>File that a line is added to for each text.</summary>
    /// <value>None by default: lines go to the console.</value>
    public string? File { get; set; }

    public string? Sender { get; set; }

    internal override IReadOnlyCollection<string> Names { get; } = NamesOf<OutboxOptions>();

    internal override void Check(OptionFaults faults)
    {
        faults.CheckSender(nameof(Sender), Sender);
        if (File is null)
        {
            return;
        }
        try
        {
            OutboxFile.Append(File, ReadOnlySpan<byte>.Empty);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException
            or NotSupportedException)
        {
            faults.Add(nameof(File), "cannot be written to: its folder must exist, and the server's user may write there.");
        }
    }
}
