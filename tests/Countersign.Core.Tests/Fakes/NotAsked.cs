using System.Reflection;

namespace Countersign.Core.Tests.Fakes;

/// <summary>A port that nobody may ask: every call of it fails the test.</summary>
public class NotAsked : DispatchProxy
{
    public static T Port<T>() where T : class => Create<T, NotAsked>();

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        throw new NotSupportedException($"{targetMethod?.DeclaringType?.Name}.{targetMethod?.Name} was asked.");
}
