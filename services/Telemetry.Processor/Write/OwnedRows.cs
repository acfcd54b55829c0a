using System.Runtime.InteropServices;
using Telemetry.ClickHouse.NativeFormat;

namespace Telemetry.Processor.Write;

/// <summary>Knows which span each row of a block is of.</summary>
internal sealed class OwnedRows(NativeBlock block)
{
    private readonly List<int> _owners = [];
    private readonly List<int> _rows = [];

    /// <summary>The rows that were added last, up to a number of rows, are of this span.</summary>
    public void Own(int rowCount, int owner)
    {
        for (int row = _owners.Count; row < rowCount; row++)
        {
            _owners.Add(owner);
        }
    }

    /// <summary>Takes the rows of these spans out.</summary>
    public void Remove(IReadOnlySet<int> owners)
    {
        _rows.Clear();
        int kept = 0;
        for (int row = 0; row < _owners.Count; row++)
        {
            if (owners.Contains(_owners[row]))
            {
                _rows.Add(row);
            }
            else
            {
                _owners[kept++] = _owners[row];
            }
        }

        _owners.RemoveRange(kept, _owners.Count - kept);
        block.RemoveRows(CollectionsMarshal.AsSpan(_rows));
    }

    /// <summary>Forgets all rows, of the block too.</summary>
    public void Clear()
    {
        _owners.Clear();
        block.Clear();
    }
}
