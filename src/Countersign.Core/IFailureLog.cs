namespace Countersign.Core;

/// <summary>Writes failures down so that an outage does not fill the disk.</summary>
public interface IFailureLog
{
    /// <summary>
    /// Something has failed that goes on without it. The trace is written once for each kind of failure. Returns what it was, in words for
    /// a line of the caller's own: no message, since others write those.
    /// </summary>
    string Record(Exception failure);
}
