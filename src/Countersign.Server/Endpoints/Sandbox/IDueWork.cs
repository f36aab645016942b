namespace Countersign.Server.Endpoints.Sandbox;

/// <summary>Work that a clock sets off. When the sandbox's clock is moved it is done at once; registered in the order in which it is to be done.</summary>
internal interface IDueWork
{
    /// <summary>Does everything that is due now.</summary>
    Task CatchUpAsync(CancellationToken cancellationToken);
}
