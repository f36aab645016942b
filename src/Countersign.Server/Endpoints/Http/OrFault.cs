using System.Diagnostics.CodeAnalysis;

namespace Countersign.Server.Endpoints.Http;

/// <summary>What was read of a call, or what the call is refused with: one of the two.</summary>
internal abstract record OrFault<T> where T : class
{
    private OrFault() { }

    // What was read is a caller's.
    public sealed override string ToString() => GetType().Name;

    public static implicit operator OrFault<T>(T value) => new Read(value);

    public static implicit operator OrFault<T>(Fault fault) => new Refused(fault);

    /// <summary>True with what was read, false with the refusal.</summary>
    public bool Is([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out Fault? fault)
    {
        if (this is Read read)
        {
            (value, fault) = (read.Value, null);
            return true;
        }
        (value, fault) = (null, ((Refused)this).Fault);
        return false;
    }

    private sealed record Read(T Value) : OrFault<T>;

    private sealed record Refused(Fault Fault) : OrFault<T>;
}
