using System.Reflection;
using System.Runtime.Versioning;
using Countersign.Client;
using Countersign.Compatibility.Library;

// On which runtime, whose assembly of the SDK was taken, and what the library found in it.
Console.WriteLine(Environment.Version.Major);
Console.WriteLine(typeof(CountersignClient).Assembly.GetCustomAttribute<TargetFrameworkAttribute>()?.FrameworkName);
Console.WriteLine(await Onboarding.RunAsync());
Console.WriteLine(await WireCheck.RunAsync());
