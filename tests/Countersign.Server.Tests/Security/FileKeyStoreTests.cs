using System.Text.Json.Nodes;
using Countersign.Core.Keys;
using Countersign.Server.Security;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Security;

public sealed class FileKeyStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MasterKey _configured = MasterKey.New();

    private string Path => _folder.File("keys.json");

    private FileKeyStore Store => new(Path, _configured);

    [Fact]
    public void While_there_is_no_file_the_configured_key_is_the_only_one()
    {
        var keys = Store.Read();

        Assert.Equal(_configured.Id, Assert.Single(keys.Keys).Key.Id);
        Assert.Equal(_configured.Id, keys.First);
        Assert.Equal(_configured.DeriveHashKey(), keys.HashKey);
        var problem = Assert.Throws<KeyStoreException>(() => new FileKeyStore(Path, null).Read());
        Assert.Contains("is not set", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_written_is_read_and_needs_no_configured_key()
    {
        var next = new KeptKey(MasterKey.New(), new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

        Store.Write(Store.Read().With(next));

        var keys = new FileKeyStore(Path, null).Read();
        Assert.Equal([_configured.Id, next.Key.Id], keys.Keys.Select(kept => kept.Key.Id));
        Assert.Equal((next.SealsFrom, _configured.Id), (keys.Keys[1].SealsFrom, keys.First));
        Assert.Equal(_configured.DeriveHashKey(), keys.HashKey);
        Store.Write(keys.Without(_configured.Id));
        Assert.Null(Store.Read().First);
        Assert.Single(Directory.GetFiles(System.IO.Path.GetDirectoryName(Path)!));
    }

    [Fact]
    public void When_the_file_is_gone_the_configured_key_does_not_take_its_place()
    {
        var store = Store;
        store.Write(store.Read().With(new KeptKey(MasterKey.New(), DateTimeOffset.UnixEpoch)));
        File.Delete(Path);

        Assert.Contains("is not there any more", Assert.Throws<KeyStoreException>(store.Read).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hashKey")]
    [InlineData("keys")]
    [InlineData("first")]
    [InlineData("id")]
    [InlineData("key")]
    public void What_is_not_whole_is_not_taken(string spoiled)
    {
        Store.Write(Store.Read().With(new KeptKey(MasterKey.New(), DateTimeOffset.UnixEpoch)));
        var file = JsonNode.Parse(File.ReadAllText(Path))!;
        var of = spoiled is "id" or "key" ? file["keys"]![0]! : file;
        of[spoiled] = spoiled == "keys" ? new JsonArray() : "00000000";
        File.WriteAllText(Path, file.ToJsonString());

        Assert.Contains("is damaged", Assert.Throws<KeyStoreException>(Store.Read).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
