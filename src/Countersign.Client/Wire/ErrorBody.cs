namespace Countersign.Client.Wire;

internal sealed class ErrorBody
{
    public int? Code { get; init; }

    public string? Message { get; init; }
}
