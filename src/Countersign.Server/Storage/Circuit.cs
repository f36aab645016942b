namespace Countersign.Server.Storage;

/// <summary>
/// Keeps calls away from something that does not answer. After three failures in a row it lets no one through for a second, then one alone:
/// if that one is answered, everybody again.
/// </summary>
internal sealed class Circuit(TimeProvider time)
{
    /// <summary>How many failures in a row open it. One may be chance.</summary>
    public const int MostFailures = 3;

    /// <summary>How long it stays open before it is tried again.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private int _failures;
    private long _restsSince;
    private bool _isTried;

    /// <summary>False for a call that is not to be made. One that is made must be reported by one of the three below.</summary>
    public bool TryEnter()
    {
        lock (_gate)
        {
            if (_failures < MostFailures)
            {
                return true;
            }
            if (_isTried || time.GetElapsedTime(_restsSince) < Rest)
            {
                return false;
            }
            return _isTried = true;
        }
    }

    /// <summary>A call was answered. Returns true when calls were kept away until now.</summary>
    public bool Answered()
    {
        lock (_gate)
        {
            var wasOpen = _failures >= MostFailures;
            (_failures, _isTried) = (0, false);
            return wasOpen;
        }
    }

    /// <summary>A call was not answered. Returns true when calls are kept away from now on.</summary>
    public bool Failed()
    {
        lock (_gate)
        {
            (_failures, _isTried, _restsSince) = (_failures + 1, false, time.GetTimestamp());
            return _failures == MostFailures;
        }
    }

    /// <summary>The caller did not wait for the end of a call.</summary>
    public void Left()
    {
        lock (_gate)
        {
            _isTried = false;
        }
    }
}
