using System.Runtime.InteropServices;
using SharpFuzz;
using SharpFuzz.Common;

namespace Countersign.Fuzzing;

/// <summary>The process that afl-fuzz starts once and then hands one input after the other (persistent mode).</summary>
internal static unsafe class AflProcess
{
    private const int MapBytes = 64 * 1024;

    public static void Run(Target target)
    {
        // The instrumented code counts its branches from its first line on, and afl-fuzz lends its map only when it is asked for.
        Trace.SharedMem = (byte*)NativeMemory.AllocZeroed(MapBytes);
        Execution.Run(target, []);
        var buffer = new byte[Execution.MaxBytes + 1];
        Fuzzer.Run(stream =>
        {
            var length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            Execution.Run(target, buffer[..length]);
        });
    }
}
