using System.Collections.Concurrent;
using Countersign.Core;
using Countersign.Core.Texts;

namespace Countersign.Testing;

/// <summary>
/// A gateway that answers as the test says, and remembers what it was handed. Without a word of the test it takes everything.
/// </summary>
/// <param name="name">In lower case.</param>
public sealed class TestGateway(string name, bool reportsHandover = false) : ISmsGateway
{
    private readonly ConcurrentQueue<SmsSubmission> _submissions = [];

    public GatewayName Name { get; } = GatewayName.Parse(name);

    public bool ReportsHandover => reportsHandover;

    public string? Sender { get; set; }

    /// <summary>Everything it was handed, oldest first.</summary>
    public IReadOnlyList<SmsSubmission> Submissions => [.. _submissions];

    /// <summary>What it answers; it may take its time.</summary>
    public Func<SmsSubmission, CancellationToken, Task<SmsResult>> Answer { get; set; } = (_, _) =>
        Task.FromResult<SmsResult>(new SmsResult.Accepted());

    /// <summary>It answers this from now on.</summary>
    public void Answers(SmsResult result) => Answer = (_, _) => Task.FromResult(result);

    /// <summary>It never answers; its caller's timeout ends it.</summary>
    public void KeepsSilent() => Answer = async (_, cancellationToken) =>
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        throw new InvalidOperationException("Not reached.");
    };

    public Task<SmsResult> SubmitAsync(SmsSubmission submission, CancellationToken cancellationToken)
    {
        _submissions.Enqueue(submission);
        return Answer(submission, cancellationToken);
    }
}
