using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Countersign.Testing;

/// <summary>
/// Writes small tables of addresses in MaxMind's MMDB format (version 2.0): a tree of one bit after the other, the data its leaves lead to,
/// and what the file says of itself.
/// </summary>
internal static class MmdbFile
{
    private const int NodeBytes = 6;
    private const int Separator = 16;

    /// <param name="networks">IPv4 networks, each with what it leads to: texts, and maps of them.</param>
    public static void Write(string path, params (string Network, object Entry)[] networks)
    {
        var nodes = new List<(object? Left, object? Right)> { (null, null) };
        using var data = new MemoryStream();
        foreach (var (text, entry) in networks)
        {
            var network = IPNetwork.Parse(text);
            Add(nodes, network.BaseAddress.GetAddressBytes(), network.PrefixLength, data.Position);
            WriteValue(data, entry);
        }

        using var file = new MemoryStream();
        foreach (var (left, right) in nodes)
        {
            file.Write(Record(left, nodes.Count).AsSpan(1));
            file.Write(Record(right, nodes.Count).AsSpan(1));
        }
        file.Write(new byte[Separator]);
        data.WriteTo(file);
        file.Write([0xAB, 0xCD, 0xEF, .. "MaxMind.com"u8]);
        WriteValue(file, new Dictionary<string, object>
        {
            ["binary_format_major_version"] = (ushort)2,
            ["binary_format_minor_version"] = (ushort)0,
            ["build_epoch"] = 1UL,
            ["database_type"] = "Test-Country",
            ["description"] = new Dictionary<string, object> { ["en"] = "A table for tests" },
            ["ip_version"] = (ushort)4,
            ["languages"] = Array.Empty<object>(),
            ["node_count"] = (uint)nodes.Count,
            ["record_size"] = (ushort)(NodeBytes * 8 / 2),
        });
        File.WriteAllBytes(path, file.ToArray());
    }

    private static void Add(List<(object? Left, object? Right)> nodes, byte[] address, int length, long place)
    {
        var node = 0;
        for (var bit = 0; bit < length; bit++)
        {
            var isRight = (address[bit / 8] & (0x80 >> (bit % 8))) != 0;
            var (left, right) = nodes[node];
            object? next = bit == length - 1 ? place : (isRight ? right : left) ?? nodes.Count;
            nodes[node] = isRight ? (left, next) : (next, right);
            if (next is int child)
            {
                if (child == nodes.Count)
                {
                    nodes.Add((null, null));
                }
                node = child;
            }
        }
    }

    /// <summary>A node's number, the data's place behind all nodes, or the count of nodes for nothing; 24 bits behind a zero.</summary>
    private static byte[] Record(object? target, int nodes)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, target switch
        {
            int node => node,
            long place => nodes + Separator + (int)place,
            _ => nodes,
        });
        return bytes;
    }

    private static void WriteValue(Stream to, object value)
    {
        switch (value)
        {
            case string text:
                var bytes = Encoding.UTF8.GetBytes(text);
                WriteControl(to, 2, bytes.Length);
                to.Write(bytes);
                break;
            case ushort number:
                WriteControl(to, 5, 2);
                to.Write([(byte)(number >> 8), (byte)number]);
                break;
            case uint number:
                WriteControl(to, 6, 4);
                var four = new byte[4];
                BinaryPrimitives.WriteUInt32BigEndian(four, number);
                to.Write(four);
                break;
            case ulong number:
                // An extended type: seven more than the next byte says.
                WriteControl(to, 0, 8);
                to.WriteByte(9 - 7);
                var eight = new byte[8];
                BinaryPrimitives.WriteUInt64BigEndian(eight, number);
                to.Write(eight);
                break;
            case Dictionary<string, object> map:
                WriteControl(to, 7, map.Count);
                foreach (var (key, entry) in map)
                {
                    WriteValue(to, key);
                    WriteValue(to, entry);
                }
                break;
            default:
                WriteControl(to, 0, ((object[])value).Length);
                to.WriteByte(11 - 7);
                break;
        }
    }

    private static void WriteControl(Stream to, int type, int size)
    {
        if (size >= 29)
        {
            throw new ArgumentOutOfRangeException(nameof(size), size, "Larger values are not needed.");
        }
        to.WriteByte((byte)((type << 5) | size));
    }
}
