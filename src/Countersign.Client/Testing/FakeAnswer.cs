namespace Countersign.Client.Testing;

/// <summary>Turns what a fake decides at once into what a caller awaits.</summary>
internal static class FakeAnswer
{
    public static Task<T> From<T>(Func<T> answer, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return Task.FromResult(answer());
        }
        catch (CountersignException failure)
        {
            return Task.FromException<T>(failure);
        }
    }
}
