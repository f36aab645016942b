namespace Countersign.Providers.Records;

/// <summary>Every line about own records. None takes a number, a name, an address, a code, a token or a body.</summary>
internal static partial class Log
{
    [LoggerMessage(1570, LogLevel.Error, "The identity records cannot be read, nobody is matched: {Failure}")]
    public static partial void RecordsNotRead(ILogger logger, string failure);
}
