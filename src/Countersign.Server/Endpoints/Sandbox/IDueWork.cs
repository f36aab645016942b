namespace Countersign.Server.Endpoints.Sandbox;

/// <summary>Work that a clock sets off: done at once when the sandbox's clock is moved, in the order in which it is registered.</summary>
internal interface IDueWork
{
    /// <summary>Does everything that is due now.</summary>
    Task CatchUpAsync(CancellationToken cancellationToken);
}
