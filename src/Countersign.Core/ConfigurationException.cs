namespace Countersign.Core;

/// <summary>The configuration cannot work; the message says what to change. It ends the start.</summary>
public sealed class ConfigurationException : Exception
{
    public ConfigurationException() { }
    public ConfigurationException(string message) : base(message) { }
    public ConfigurationException(string message, Exception innerException) : base(message, innerException) { }
}
