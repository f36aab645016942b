using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using SharpFuzz;
using SharpFuzz.Common;

namespace Countersign.Fuzzing;

/// <summary>The process that afl-fuzz starts once and then hands one input after the other (persistent mode).</summary>
internal static unsafe class AflProcess
{
    private const int MapBytes = 64 * 1024;

    /// <summary>
    /// To be called first of all: instrumented code counts its branches from its first line on, and afl-fuzz lends its map only later.
    /// </summary>
    public static void PrepareMap() => Trace.SharedMem = (byte*)NativeMemory.AllocZeroed(MapBytes);

    public static void Run(Target target)
    {
        // What is made once, and compiled once, is no input's way.
        foreach (var input in Corpus.Of(target.Name))
        {
            Execution.Run(target, input.Bytes);
        }
        // Read from its beginning, wherever the stream stands: SharpFuzz reads once by itself while afl-fuzz is writing the first input.
        using var file = new SafeFileHandle(0, ownsHandle: false);
        var buffer = new byte[Execution.MaxBytes + 1];
        Fuzzer.Run(_ =>
        {
            // afl-fuzz ends at an input that reaches nothing of the product, as one that is no input of the target.
            Trace.SharedMem[0] = 1;
            Execution.Run(target, buffer[..RandomAccess.Read(file, buffer, fileOffset: 0)]);
        });
    }
}
