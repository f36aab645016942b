namespace Countersign.Core;

/// <summary>Which adapters stand behind the ports, and whose a store is. Stored numbers are for ever.</summary>
public enum Mode
{
    Sandbox = 0,
    Live = 1,
}
