using System.Reflection;
using Countersign.Providers;
using Countersign.Storage;

namespace Countersign.Server.Tests.Conventions;

/// <summary>The projects that are the server, beside the core.</summary>
internal static class Product
{
    public static Assembly[] Assemblies { get; } = [typeof(ServerOptions).Assembly, typeof(ProviderServices).Assembly,
        typeof(StorageServices).Assembly];

    /// <summary>Their folders below <c>src</c>.</summary>
    public static IEnumerable<string> Projects => Assemblies.Select(assembly => assembly.GetName().Name!);
}
