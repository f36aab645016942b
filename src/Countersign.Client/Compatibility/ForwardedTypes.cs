using System.Runtime.CompilerServices;

// The type is a part of every init setter's signature. A library for netstandard2.0 was compiled against the one in that assembly of ours,
// and in an application of .NET 8 or later it meets this one: so the name must lead to the framework's type here, or no setter is found
// (MissingMethodException).
#pragma warning disable RS0016 // No part of our API: it is not there for netstandard2.0
[assembly: TypeForwardedTo(typeof(IsExternalInit))]
#pragma warning restore RS0016
