namespace Countersign.Providers.Scenarios;

/// <summary>
/// The calls that a scenario has made and that have not ended: each runs until it ends or waits for an answer that is a later step.
/// </summary>
internal sealed class ScenarioCalls(TimeProvider machine)
{
    // Of the machine's time: a call that neither ends nor asks anybody hangs.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly AsyncLocal<Call?> _current = new();
    private readonly Lock _lock = new();
    private readonly List<Call> _running = [];
    private readonly List<Question> _questions = [];
    private TaskCompletionSource _changed = NewSignal();

    /// <summary>Who is asked and has not answered, the last at the end.</summary>
    public IReadOnlyList<string> Asked
    {
        get
        {
            lock (_lock)
            {
                return [.. _questions.Select(question => question.Whom)];
            }
        }
    }

    /// <summary>Begins a call and waits until all rest.</summary>
    public async Task BeginAsync(Func<Task> make, CancellationToken cancellationToken)
    {
        var call = new Call();
        lock (_lock)
        {
            _running.Add(call);
        }
        _current.Value = call;
        call.Task = make();
        _current.Value = null;
        await RestAsync(cancellationToken);
    }

    /// <summary>Called by an adapter: waits for the answer to its question.</summary>
    /// <param name="whom">Who is asked.</param>
    public Task<object> AskAsync(string whom)
    {
        lock (_lock)
        {
            var question = new Question(whom, _current.Value);
            _questions.Add(question);
            _changed.TrySetResult();
            return question.Answer.Task;
        }
    }

    /// <summary>Answers the last that asked this, and waits until all rest. False when nobody has.</summary>
    public async Task<bool> AnswerAsync(string whom, object answer, CancellationToken cancellationToken)
    {
        Question? question;
        lock (_lock)
        {
            question = _questions.FindLast(one => one.Whom == whom);
            if (question is null)
            {
                return false;
            }
            _questions.Remove(question);
        }
        question.Answer.SetResult(answer);
        await RestAsync(cancellationToken);
        return true;
    }

    /// <summary>Called by whoever waits for another call: it rests meanwhile.</summary>
    public async Task RestWhileAsync(Task waiting)
    {
        var call = _current.Value;
        lock (_lock)
        {
            // What is over has been signalled.
            if (call is not null && !waiting.IsCompleted)
            {
                call.IsResting = true;
                _changed.TrySetResult();
            }
        }
        try
        {
            await waiting;
        }
        finally
        {
            lock (_lock)
            {
                if (call is not null)
                {
                    call.IsResting = false;
                }
            }
        }
    }

    /// <summary>Whoever rests is about to go on.</summary>
    public void Rouse()
    {
        lock (_lock)
        {
            _running.ForEach(call => call.IsResting = false);
        }
    }

    private async Task RestAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            List<Call> busy;
            lock (_lock)
            {
                _changed = NewSignal();
                changed = _changed.Task;
                busy =
                [
                    .. _running.Where(call =>
                        !call.Task.IsCompleted && !call.IsResting && _questions.TrueForAll(one => one.Of != call)),
                ];
            }
            if (busy.Count == 0)
            {
                break;
            }
            await Task.WhenAny([changed, .. busy.Select(call => call.Task)]).WaitAsync(_patience, machine, cancellationToken);
        }
        List<Call> ended;
        lock (_lock)
        {
            ended = [.. _running.Where(call => call.Task.IsCompleted)];
            _running.RemoveAll(ended.Contains);
        }
        foreach (var call in ended)
        {
            await call.Task;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Call
    {
        public Task Task { get; set; } = Task.CompletedTask;

        public bool IsResting { get; set; }
    }

    private sealed record Question(string Whom, Call? Of)
    {
        public override string ToString() => nameof(Question);

        public TaskCompletionSource<object> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
