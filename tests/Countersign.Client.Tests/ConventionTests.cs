using System.Reflection;
using System.Text.Json.Serialization;
using Countersign.Client.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Client.Tests;

/// <summary>Rules that hold for the code as a whole.</summary>
public sealed class ConventionTests
{
    private static readonly Assembly[] _packages =
        [typeof(CountersignClient).Assembly, typeof(CountersignServiceCollectionExtensions).Assembly];

    private static IEnumerable<MethodInfo> PublicMethods =>
        from type in _packages.SelectMany(assembly => assembly.GetExportedTypes())
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        where !method.IsSpecialName
        select method;

    [Fact]
    public void Async_methods_end_in_Async_and_take_an_optional_token_last()
    {
        var methods = PublicMethods.Where(method => IsAwaited(method.ReturnType)).ToArray();

        Assert.NotEmpty(methods);
        Assert.All(methods, method =>
        {
            Assert.EndsWith("Async", method.Name, StringComparison.Ordinal);
            var last = method.GetParameters()[^1];
            Assert.Equal(typeof(CancellationToken), last.ParameterType);
            Assert.Equal("cancellationToken", last.Name);
            Assert.True(last.IsOptional);
        });
    }

    [Fact]
    public void Methods_that_end_in_Async_return_tasks_or_sequences_of_them() =>
        Assert.All(
            PublicMethods.Where(method => method.Name.EndsWith("Async", StringComparison.Ordinal)),
            method => Assert.True(IsAwaited(method.ReturnType), method.Name));

    [Fact]
    public void Public_classes_are_sealed_or_static() =>
        Assert.All(
            _packages.SelectMany(assembly => assembly.GetExportedTypes()).Where(type => type.IsClass),
            type => Assert.True(type.IsSealed, type.FullName));

    [Fact]
    public void Public_interfaces_cannot_be_implemented_by_others_and_so_may_grow() =>
        Assert.All(
            _packages.SelectMany(assembly => assembly.GetExportedTypes()).Where(type => type.IsInterface),
            type => Assert.Contains(type.GetMethods(BindingFlags.NonPublic | BindingFlags.Instance), method => method.IsAssembly));

    [Fact]
    public void What_is_public_prints_itself_on_purpose() =>
        Assert.All(
            typeof(CountersignClient).Assembly.GetExportedTypes().Where(type => type.GetMethod("<Clone>$") is not null),
            type => Assert.True(
                type.GetMethod(nameof(ToString), BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly, []) is { } print
                && !print.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute)) || HoldsNothingPersonal(type),
                $"{type.Name} is a record that prints all it holds."));

    [Fact]
    public void What_goes_over_the_wire_is_public_and_prints_itself_on_purpose_or_cannot_print_itself() =>
        Assert.All(
            typeof(WireTypes).GetCustomAttributesData()
                .Where(attribute => attribute.AttributeType == typeof(JsonSerializableAttribute))
                .Select(attribute => (Type)attribute.ConstructorArguments[0].Value!),
            type => Assert.True(type.IsPublic || type.GetMethod("<Clone>$") is null, type.Name));

    private static bool IsAwaited(Type type) =>
        typeof(Task).IsAssignableFrom(type) || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>));

    // Times alone.
    private static bool HoldsNothingPersonal(Type type) => type == typeof(WaitForResultOptions);
}
