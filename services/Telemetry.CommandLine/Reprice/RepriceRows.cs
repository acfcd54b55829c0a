using System.Text;
using Telemetry.ClickHouse.NativeFormat;
using Telemetry.Contracts.Prices;

namespace Telemetry.CommandLine.Reprice;

/// <summary>Rows for <c>llm_reprices</c>.</summary>
internal sealed class RepriceRows
{
    private const int Precision = 18;
    private const int Scale = 12;

    private readonly StringColumn _run = new("run");
    private readonly LowCardinalityStringColumn _tenant = new("tenant");
    private readonly StringColumn _trace = new("trace_id");
    private readonly StringColumn _span = new("span_id");
    private readonly NumberColumn<ushort> _revision = new("revision");
    private readonly NullableDecimal64Column _previousCost = new("previous_cost_usd", Precision, Scale);
    private readonly LowCardinalityStringColumn _previousPriceId = new("previous_price_id");
    private readonly NullableDecimal64Column _cost = new("cost_usd", Precision, Scale);
    private readonly NullableDecimal64Column _input = new("cost_input_usd", Precision, Scale);
    private readonly NullableDecimal64Column _cached = new("cost_cached_usd", Precision, Scale);
    private readonly NullableDecimal64Column _cacheWrite = new("cost_cache_write_usd", Precision, Scale);
    private readonly NullableDecimal64Column _output = new("cost_output_usd", Precision, Scale);
    private readonly NullableDecimal64Column _other = new("cost_other_usd", Precision, Scale);
    private readonly LowCardinalityStringColumn _reason = new("cost_reason");
    private readonly LowCardinalityStringColumn _basis = new("cost_basis");
    private readonly LowCardinalityStringColumn _priceId = new("price_id");
    private readonly LowCardinalityStringColumn _version = new("price_version");

    public RepriceRows(string run)
    {
        Run = run;
        Block = new NativeBlock([_run, _tenant, _trace, _span, _revision, _previousCost, _previousPriceId, _cost, _input, _cached, _cacheWrite, _output, _other, _reason, _basis, _priceId, _version]);
    }

    /// <summary>Names these rows.</summary>
    public string Run { get; }

    /// <summary>The rows so far.</summary>
    public NativeBlock Block { get; }

    /// <summary>Appends one call's new price.</summary>
    public void Append(PricedRow call, PricedCall price, string version)
    {
        bool known = price.CostUsd is not null;
        _run.Append(Encoding.UTF8.GetBytes(Run));
        Append(_tenant, call.Tenant);
        _trace.Append(Encoding.UTF8.GetBytes(call.Trace));
        _span.Append(Encoding.UTF8.GetBytes(call.Span));
        _revision.Append(call.Revision);
        Append(_previousCost, call.CostUsd);
        Append(_previousPriceId, call.PriceId);
        Append(_cost, price.CostUsd);
        Append(_input, known ? price.InputCostUsd : null);
        Append(_cached, known ? price.CacheReadCostUsd : null);
        Append(_cacheWrite, known ? price.CacheWriteCostUsd : null);
        Append(_output, known ? price.OutputCostUsd : null);
        Append(_other, known ? price.OtherCostUsd : null);
        Append(_reason, price.CostReason);
        Append(_basis, price.Basis);
        Append(_priceId, price.PriceId);
        Append(_version, version);
    }

    private static void Append(LowCardinalityStringColumn column, string text) => column.Append(Encoding.UTF8.GetBytes(text));

    private static void Append(NullableDecimal64Column column, decimal? value)
    {
        if (value is { } money)
        {
            column.Append(money);
        }
        else
        {
            column.AppendNull();
        }
    }
}
