namespace Countersign.Storage;

/// <summary>
/// Keeps calls away from something that does not answer. After three failures in a row it lets no one through for a second, then one alone:
/// if that one is answered, everybody again.
/// </summary>
/// <remarks>Calls that were under way together fail together, for one reason: of those, one a second counts.</remarks>
internal sealed class Circuit(TimeProvider time)
{
    /// <summary>How many failures in a row open it. One may be chance.</summary>
    public const int MaxFailures = 3;

    /// <summary>How long it stays open before it is tried again.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private int _failures;
    private long _failedAt;
    private bool _isTried;

    /// <summary>A call that was let through.</summary>
    /// <param name="BegunAt">A timestamp of the circuit's clock.</param>
    /// <param name="IsTrial">True for the one that is let through alone.</param>
    public readonly record struct Passage(long BegunAt, bool IsTrial);

    /// <summary>Null for a call that is not to be made. One that is made must be reported by one of the three below.</summary>
    /// <param name="mayTry">False for a call that takes so long that all others would wait for what it finds out.</param>
    public Passage? TryEnter(bool mayTry = true)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (_failures < MaxFailures)
            {
                return new Passage(now, IsTrial: false);
            }
            if (!mayTry || _isTried || time.GetElapsedTime(_failedAt, now) < Rest)
            {
                return null;
            }
            _isTried = true;
            return new Passage(now, IsTrial: true);
        }
    }

    /// <summary>A call was answered. Returns true when calls were kept away until now.</summary>
    public bool Answered()
    {
        lock (_gate)
        {
            var wasOpen = _failures >= MaxFailures;
            (_failures, _isTried) = (0, false);
            return wasOpen;
        }
    }

    /// <summary>A call was not answered. Returns true when calls are kept away from now on.</summary>
    public bool Failed(Passage call)
    {
        lock (_gate)
        {
            var isOpen = _failures >= MaxFailures;
            // While it is open only the trial says how things are; the others began before.
            if (isOpen ? !call.IsTrial : _failures > 0 && call.BegunAt < _failedAt && time.GetElapsedTime(_failedAt) < Rest)
            {
                return false;
            }
            _failedAt = time.GetTimestamp();
            if (isOpen)
            {
                _isTried = false;
                return false;
            }
            return ++_failures == MaxFailures;
        }
    }

    /// <summary>A call ended without saying anything about what it was made to.</summary>
    public void Left(Passage call)
    {
        lock (_gate)
        {
            if (call.IsTrial)
            {
                _isTried = false;
            }
        }
    }
}
