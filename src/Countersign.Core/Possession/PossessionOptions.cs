namespace Countersign.Core.Possession;

/// <summary>Lives and limits of flows and challenges (<c>Countersign:Possession</c>).</summary>
public sealed class PossessionOptions
{
    // In the last twenty seconds of its life no text is handed over.
    private static readonly TimeSpan _minTextLifetime = TimeSpan.FromSeconds(30);

    /// <summary>No flow lives longer, whatever is configured.</summary>
    public static readonly TimeSpan MaxFlowLifetime = TimeSpan.FromHours(1);

    /// <summary>Time from the answer that names the flow to the moment nobody knows it any more; also the life of its auth token.</summary>
    /// <value>15 minutes by default (API guide, "Correlation ID"); more than zero, at most one hour.</value>
    public TimeSpan FlowLife { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Time from sending an Instant Link to its last confirmation.</summary>
    /// <value>3 minutes by default (API guide, "Possession Timeouts"); at least 30 seconds, at most the flow's life.</value>
    public TimeSpan LinkLife { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>Time from sending a code to its last acceptance.</summary>
    /// <value>2 minutes by default (API guide, "Possession Timeouts"); at least 30 seconds, at most 10 minutes (NIST SP 800-63B).</value>
    public TimeSpan OtpLife { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a Mobile Auth may take in all before OTP follows: a network that never answers must not hold the person.</summary>
    /// <value>6 seconds by default; more than zero, at most 2 minutes.</value>
    public TimeSpan MobileAuthLife { get; set; } = TimeSpan.FromSeconds(6);

    /// <summary>Time from sending the page to the operator to its being back: two pages have to load on a phone, so it is longer.</summary>
    /// <value>1 minute by default; more than zero, at most 5 minutes.</value>
    public TimeSpan MobileAuthRedirectLife { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Entries of a code when the relying party sets <c>allowOTPRetry</c>, and of the digits of a matched link always.</summary>
    /// <value>3 by default (API guide, "Allow OTP Retry"); 1 to 10.</value>
    public int EntriesWithRetry { get; set; } = 3;

    /// <summary>Times a challenge is sent again in a flow.</summary>
    /// <value>3 by default; 0 to 10.</value>
    public int Resends { get; set; } = 3;

    /// <summary>Times a person may give another number in a flow that permits it.</summary>
    /// <value>3 by default; 0 to 10.</value>
    public int NumberChanges { get; set; } = 3;

    /// <summary>An earlier resend is answered as done and sends nothing.</summary>
    /// <value>30 seconds in Live, none in the sandbox.</value>
    public TimeSpan ResendInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Digits of a code when the relying party's text does not say.</summary>
    /// <value>6 in Live, 4 in the sandbox; 4 to 6.</value>
    public int CodeLength { get; set; } = 6;

    /// <summary>
    /// What is wrong with these options, each in a sentence. What hangs on another option is judged where that one is possible.
    /// </summary>
    /// <param name="isUnread">Tells of an option's name that its value could not be read and is the default here.</param>
    public IEnumerable<string> Problems(Predicate<string> isUnread)
    {
        var hasFlowLifetime = FlowLife > TimeSpan.Zero && FlowLife <= MaxFlowLifetime;
        var hasOtpLifetime = OtpLife >= _minTextLifetime && OtpLife <= TimeSpan.FromMinutes(10);
        var flowCounts = hasFlowLifetime && !isUnread(nameof(FlowLife)) && !isUnread(nameof(LinkLife));
        var otpCounts = hasOtpLifetime && !isUnread(nameof(OtpLife)) && !isUnread(nameof(ResendInterval));
        return from problem in ((bool IsThere, string Sentence)[])
            [
                (!hasFlowLifetime, "FlowLife must be more than zero and at most 01:00:00."),
                (LinkLife < _minTextLifetime || (flowCounts && LinkLife > FlowLife),
                    "LinkLife must be at least 00:00:30, since a text takes its time, and at most FlowLife."),
                (!hasOtpLifetime, "OtpLife must be at least 00:00:30, since a text takes its time, and at most 00:10:00."),
                (MobileAuthLife <= TimeSpan.Zero || MobileAuthLife > TimeSpan.FromMinutes(2),
                    "MobileAuthLife must be more than zero and at most 00:02:00."),
                (MobileAuthRedirectLife <= TimeSpan.Zero || MobileAuthRedirectLife > TimeSpan.FromMinutes(5),
                    "MobileAuthRedirectLife must be more than zero and at most 00:05:00."),
                (EntriesWithRetry is < 1 or > 10, "EntriesWithRetry must be 1 to 10."),
                (Resends is < 0 or > 10, "Resends must be 0 to 10."),
                (NumberChanges is < 0 or > 10, "NumberChanges must be 0 to 10."),
                (ResendInterval < TimeSpan.Zero || (otpCounts && ResendInterval > OtpLife),
                    "ResendInterval must be zero or more and at most OtpLife."),
                (CodeLength is < 4 or > 6, "CodeLength must be 4 to 6."),
            ]
            where problem.IsThere
            select problem.Sentence;
    }
}
