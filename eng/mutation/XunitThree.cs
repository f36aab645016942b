using System.Collections;

// What the core's tests take of xunit 3, for xunit 2.
namespace Countersign.Core.Tests;

internal sealed class TestContext
{
    public static TestContext Current { get; } = new();

    public CancellationToken CancellationToken => CancellationToken.None;
}

// Not an IEnumerable<T>: of a T that is a reference, xunit 2 would take that one, and miss the array of arguments.
public sealed class TheoryData<T> : IEnumerable
{
    private readonly List<object?[]> _rows = [];

    public void Add(T item) => _rows.Add([item]);

    public IEnumerator GetEnumerator() => _rows.GetEnumerator();
}

public sealed record TheoryDataRow<T1, T2, T3, T4, T5, T6>(T1 First, T2 Second, T3 Third, T4 Fourth, T5 Fifth, T6 Sixth);

public sealed class TheoryData<T1, T2, T3, T4, T5, T6> : IEnumerable
{
    private readonly List<object?[]> _rows = [];

    public void Add(T1 first, T2 second, T3 third, T4 fourth, T5 fifth, T6 sixth) =>
        _rows.Add([first, second, third, fourth, fifth, sixth]);

    public void Add(TheoryDataRow<T1, T2, T3, T4, T5, T6> row) => Add(row.First, row.Second, row.Third, row.Fourth, row.Fifth, row.Sixth);

    public IEnumerator GetEnumerator() => _rows.GetEnumerator();
}
