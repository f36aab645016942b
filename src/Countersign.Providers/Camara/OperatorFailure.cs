namespace Countersign.Providers.Camara;

/// <summary>
/// An operator could not be asked, or its answer cannot be used. Never leaves this folder: the verifier makes a reason of it.
/// </summary>
/// <param name="reason">One of <see cref="Reasons"/>: nothing that the operator wrote.</param>
internal sealed class OperatorFailure(string reason, Exception? innerException = null) : Exception(reason, innerException)
{
    /// <summary>One of <see cref="Reasons"/>.</summary>
    public string Reason => Message;

    /// <summary>Whether it speaks of the operator's health; a refusal does not.</summary>
    public bool IsOutage { get; init; }

    /// <summary>Nothing was sent, so that it may be tried again.</summary>
    public bool NothingSent { get; init; }
}
