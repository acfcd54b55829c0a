using System.Text;
using Telemetry.ClickHouse.NativeFormat;

namespace Telemetry.Judge.Sample;

/// <summary>Rows for <c>llm_judge_strata</c>.</summary>
internal sealed class StratumRows
{
    private readonly DateTime64Column _start = new("window_start", 0);
    private readonly DateTime64Column _end = new("window_end", 0);
    private readonly LowCardinalityStringColumn _tenant = new("tenant");
    private readonly LowCardinalityStringColumn _service = new("service");
    private readonly LowCardinalityStringColumn _prompt = new("prompt_name");
    private readonly LowCardinalityStringColumn _version = new("prompt_version");
    private readonly LowCardinalityStringColumn _model = new("model");
    private readonly LowCardinalityStringColumn _rule = new("rule");
    private readonly NumberColumn<ulong> _calls = new("calls");
    private readonly NumberColumn<ulong> _answered = new("answered");
    private readonly NumberColumn<double> _share = new("share");
    private readonly NumberColumn<double> _probability = new("probability");
    private readonly LowCardinalityStringArrayColumn _rubrics = new("rubrics");
    private readonly LowCardinalityStringColumn _by = new("planned_by");

    public StratumRows() => Block = new NativeBlock([_start, _end, _tenant, _service, _prompt, _version, _model, _rule, _calls, _answered, _share, _probability, _rubrics, _by]);

    /// <summary>The rows so far.</summary>
    public NativeBlock Block { get; }

    /// <summary>Appends one.</summary>
    public void Append(DateTimeOffset start, DateTimeOffset end, PlannedStratum planned, string instance)
    {
        StratumKey key = planned.Stratum.Key;
        _start.Append(start.ToUnixTimeSeconds());
        _end.Append(end.ToUnixTimeSeconds());
        _tenant.Append(Encoding.UTF8.GetBytes(key.Tenant));
        _service.Append(Encoding.UTF8.GetBytes(key.Service));
        _prompt.Append(Encoding.UTF8.GetBytes(key.PromptName));
        _version.Append(Encoding.UTF8.GetBytes(key.PromptVersion));
        _model.Append(Encoding.UTF8.GetBytes(key.Model));
        _rule.Append(Encoding.UTF8.GetBytes(planned.Stratum.Rule.Name));
        _calls.Append((ulong)planned.Stratum.Calls);
        _answered.Append((ulong)planned.Stratum.Answered);
        _share.Append(planned.Share);
        _probability.Append(planned.Probability);
        foreach (string rubric in planned.Stratum.Rule.Rubrics)
        {
            _rubrics.Append(Encoding.UTF8.GetBytes(rubric));
        }

        _rubrics.EndRow();
        _by.Append(Encoding.UTF8.GetBytes(instance));
    }
}
