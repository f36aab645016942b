using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Projects;
using Countersign.Server.Hosting;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Whole;

/// <summary>With load users, of whom every product knows everything.</summary>
public sealed class SandboxSdkAnswers : SdkAnswers
{
    private protected override Setting Its { get; } = new(
        Person: "2002930001", Stranger: "2001004012", Bare: "5555555555", Jones: "2002930003", Family: "2001009441", Firm: "2001009431",
        Nobody: "2002930002", Unlike: ["2001009105", "2001009106"], BirthDate: "1980-01-01");

    public override IReadOnlyList<string> NeverEmpty => ["Individual addresses"];

    protected override Task<TestServer> StartAsync() => TestServer.StartAsync();

    protected override string CodeOf(TestServer server) => "1234";
}
