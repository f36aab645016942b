using System.Data.Common;

namespace Countersign.Core.Flows;

/// <summary>
/// The store is away, does not answer in time, is full, takes no writes or has too much to do. The same call may succeed in a moment;
/// whether a write that ended like this was stored is not known.
/// </summary>
public sealed class StoreUnavailableException : DbException
{
    public StoreUnavailableException() { }
    public StoreUnavailableException(string message) : base(message) { }
    public StoreUnavailableException(string message, Exception innerException) : base(message, innerException) { }
}
