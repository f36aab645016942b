using System.Security.Cryptography;
using Countersign.Core.Keys;

namespace Countersign.Storage.Tests;

/// <summary>Secrets of days that every node of a test has without a database.</summary>
internal static class TestDays
{
    public static DayKeys Of(KeyRing ring)
    {
        DayKeys? days = null;
        return days = new DayKeys(ring)
        {
            Read = () =>
            {
                days!.Put(DayKeys.Needed(ring.Day).ToDictionary(
                    name => name, name => SHA256.HashData([name.KeptFor, .. BitConverter.GetBytes(name.Day)])));
                return true;
            },
        };
    }
}
