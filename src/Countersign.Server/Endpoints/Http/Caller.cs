using Countersign.Core;
using Countersign.Core.Projects;

namespace Countersign.Server.Endpoints.Http;

/// <summary>Who calls for a relying party: an API client with a living access token, and its project.</summary>
internal sealed record Caller(ClientId ClientId, Project Project);
