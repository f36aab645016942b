using System.Reflection;
using Countersign.Core.Flows;

namespace Countersign.Fuzzing;

/// <summary>A store that is read and not written while it is frozen: a call that would change something finds it away.</summary>
public class FrozenStore : DispatchProxy
{
    private static readonly string[] _reading = ["Find", "List", "Is", "Was", "Has", "Read", "Count", "Of", "Absent", "Scan", "Ping"];

    private object _store = null!;
    private Func<bool> _isFrozen = null!;

    public static object Over(Type port, object store, Func<bool> isFrozen)
    {
        var frozen = (FrozenStore)Create(port, typeof(FrozenStore));
        (frozen._store, frozen._isFrozen) = (store, isFrozen);
        return frozen;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (_isFrozen() && !Array.Exists(_reading, word => targetMethod!.Name.StartsWith(word, StringComparison.Ordinal)))
        {
            throw new StoreUnavailableException("The store is frozen.");
        }
        try
        {
            return targetMethod!.Invoke(_store, args);
        }
        catch (TargetInvocationException exception) when (exception.InnerException is { } inner)
        {
            throw inner;
        }
    }
}
