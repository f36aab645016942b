namespace Countersign.Core.Texts;

/// <summary>How long is waited for what on a text's way.</summary>
public static class TextTimes
{
    /// <summary>A gateway has this long to answer; its adapter spends at most 3 s of it on connecting and 5 s on the rest.</summary>
    public static readonly TimeSpan Answer = TimeSpan.FromSeconds(8);

    /// <summary>
    /// Counted from the submission, or from the moment a dead process' submission was found: without an answer and without a receipt by
    /// then the next gateway is asked.
    /// </summary>
    public static readonly TimeSpan WithoutAnswer = TimeSpan.FromSeconds(10);

    /// <summary>Counted from the answer: a gateway that reports handover and has not by then is passed over.</summary>
    public static readonly TimeSpan Handover = TimeSpan.FromSeconds(8);

    /// <summary>A text that no process is at is taken up by another one.</summary>
    public static readonly TimeSpan TakeUp = TimeSpan.FromSeconds(5);

    /// <summary>With less of its life left no text is handed over: it would arrive as a riddle.</summary>
    public static readonly TimeSpan MinLifetime = TimeSpan.FromSeconds(20);

    /// <summary>Between two tries at one gateway, by chance.</summary>
    public static readonly TimeSpan MinPause = TimeSpan.FromSeconds(0.5);

    public static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(5);

    public const int TriesAtOneGateway = 3;
}
