using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Telemetry.Hosting.Health;

/// <summary>What a part of the process puts on the port of <see cref="OperationsServer"/>, beside the health checks. It answers from the start on, before other parts are ready.</summary>
public interface IWebPart
{
    /// <summary>Registers what its pages need.</summary>
    void AddServices(IServiceCollection services);

    /// <summary>Adds its middleware and its endpoints.</summary>
    void Map(WebApplication app);
}
