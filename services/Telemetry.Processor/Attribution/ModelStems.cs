using System.Runtime.CompilerServices;
using Telemetry.Processor.Normalize;

namespace Telemetry.Processor.Attribution;

/// <summary>The hashes of model ids that came lately. The same name is nearly always the same string object, so that knowing one costs no look at its letters.</summary>
internal sealed class ModelStems
{
    private const int Places = 256;

    private readonly (string? Model, ulong Hash)[] _recent = new (string?, ulong)[Places];

    /// <summary>A hash of the model's stem; 0 for an empty id.</summary>
    public ulong Hash(string model)
    {
        ref (string? Model, ulong Hash) place = ref _recent[RuntimeHelpers.GetHashCode(model) % Places];
        if (!ReferenceEquals(place.Model, model))
        {
            place = (model, ModelStem.Hash(model));
        }

        return place.Hash;
    }
}
