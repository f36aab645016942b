namespace Countersign.Core.Sandbox;

/// <summary>The simulated operator beside this sandbox, whose SIM cards the handset page changes.</summary>
/// <param name="Origin">Where its control API is: scheme, host and port.</param>
public sealed record SimulatedOperator(string Origin);
