using System.Buffers;

namespace Telemetry.SpanLog.Local;

/// <summary>Buffers that a lane has handed out with its records, all given back at once.</summary>
internal sealed class RentedMemory : MemoryPool<byte>
{
    private readonly List<IMemoryOwner<byte>> _kept = [];

    /// <inheritdoc />
    public override int MaxBufferSize => Shared.MaxBufferSize;

    /// <inheritdoc />
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => Shared.Rent(minBufferSize);

    /// <summary>Keeps a buffer until <see cref="ReturnAll"/>.</summary>
    public void Keep(IMemoryOwner<byte> owner) => _kept.Add(owner);

    /// <summary>Gives every kept buffer back.</summary>
    public void ReturnAll()
    {
        foreach (IMemoryOwner<byte> owner in _kept)
        {
            owner.Dispose();
        }

        _kept.Clear();
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing) => ReturnAll();
}
