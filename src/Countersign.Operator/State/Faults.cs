namespace Countersign.Operator.State;

/// <summary>The faults in force.</summary>
internal sealed class Faults
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Msisdn, FaultSet> _byNumber = [];
    private FaultSet _forAll = FaultSet.None;

    /// <summary>Those for all, then those for each number.</summary>
    public IReadOnlyList<(Msisdn? Number, FaultSet Set)> All
    {
        get
        {
            lock (_gate)
            {
                return [(null, _forAll), .. _byNumber.Select(pair => ((Msisdn?)pair.Key, pair.Value))];
            }
        }
    }

    /// <summary>What applies to a call about this number; null: the call knows none, and only what applies to all counts.</summary>
    public FaultSet For(Msisdn? number)
    {
        lock (_gate)
        {
            return number is not null && _byNumber.TryGetValue(number, out var own) ? _forAll.With(own) : _forAll;
        }
    }

    /// <summary>Replaces what was set for this number, or for all.</summary>
    public void Set(Msisdn? number, FaultSet set)
    {
        lock (_gate)
        {
            if (number is null)
            {
                _forAll = set;
            }
            else
            {
                _byNumber[number] = set;
            }
        }
    }

    public void Clear(Msisdn number)
    {
        lock (_gate)
        {
            _byNumber.Remove(number);
        }
    }

    public void ClearAll()
    {
        lock (_gate)
        {
            _byNumber.Clear();
            _forAll = FaultSet.None;
        }
    }
}
