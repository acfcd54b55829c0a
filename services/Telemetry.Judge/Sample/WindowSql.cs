using System.Globalization;
using System.Text;

namespace Telemetry.Judge.Sample;

/// <summary>The calls of one window with the rule that fits each, as SQL. Every value is bound.</summary>
internal sealed class WindowSql
{
    /// <summary>Our own judge's calls are never judged.</summary>
    public const string OwnService = "telemetry-judge";

    // Messages that came as log events may be written before or after their span.
    private const int MinutesAround = 15;

    private readonly Dictionary<string, object?> _parameters = [];

    /// <summary>Creates it.</summary>
    /// <param name="rules">Rules in their order.</param>
    /// <param name="from">Start of the window.</param>
    /// <param name="to">Its end.</param>
    /// <param name="key">Of the hash.</param>
    public WindowSql(IReadOnlyList<SamplingRule> rules, DateTimeOffset from, DateTimeOffset to, SamplingKey key)
    {
        _parameters["from"] = from;
        _parameters["to"] = to;
        _parameters["own"] = OwnService;
        _parameters["key_first"] = key.First;
        _parameters["key_second"] = key.Second;
        string rule = Rule(rules, from);
        Calls =
            $$"""
            SELECT call.trace_id AS trace_id, call.span_id AS span_id, call.call_at AS call_at, call.tenant AS tenant, call.service AS service, call.prompt_name AS prompt_name,
                call.prompt_version AS prompt_version, call.model AS model, call.response_id AS response_id, call.rule AS rule, content.kept AS kept, content.answered AS answered
            FROM
            (
                SELECT trace_id, span_id, ts AS call_at, tenant, service, prompt_name, prompt_version, model_requested AS model, response_id, {{rule}} AS rule
                FROM llm_calls AS source
                WHERE ingested_at >= {from:DateTime64(3, 'UTC')} AND ingested_at < {to:DateTime64(3, 'UTC')} AND sign > 0 AND revision = 0 AND service != {own:String}
                    AND (trace_id, span_id) NOT IN (SELECT trace_id, span_id FROM llm_calls WHERE sign < 0 AND revision = 0 AND ingested_at >= {from:DateTime64(3, 'UTC')})
                ORDER BY trace_id, span_id LIMIT 1 BY trace_id, span_id
            ) AS call
            LEFT JOIN
            (
                SELECT trace_id, span_id, max(probability) AS kept, max(notEmpty(output_messages)) AS answered
                FROM llm_content
                WHERE ingested_at >= {from:DateTime64(3, 'UTC')} - INTERVAL {{MinutesAround}} MINUTE AND ingested_at < {to:DateTime64(3, 'UTC')} + INTERVAL {{MinutesAround}} MINUTE AND context = ''
                GROUP BY trace_id, span_id
            ) AS content ON content.trace_id = call.trace_id AND content.span_id = call.span_id
            WHERE call.rule != ''
            """;
    }

    /// <summary>The calls.</summary>
    public string Calls { get; }

    /// <summary>What its parameters are bound to.</summary>
    public IReadOnlyDictionary<string, object?> Parameters => _parameters;

    private string Rule(IReadOnlyList<SamplingRule> rules, DateTimeOffset from)
    {
        var cases = new StringBuilder("multiIf(");
        for (int i = 0; i < rules.Count; i++)
        {
            cases.Append(CultureInfo.InvariantCulture, $"{Condition(rules[i], i, from)}, {Bind($"rule_{i}", rules[i].Name, "String")}, ");
        }

        return cases.Append("'')").ToString();
    }

    private string Condition(SamplingRule rule, int index, DateTimeOffset from)
    {
        var conditions = new List<string>();
        if (rule.Status is { } status)
        {
            conditions.Add($"status = {Bind($"status_{index}", status, "String")}");
        }

        if (rule.IsFlagged)
        {
            conditions.Add("arrayExists(f -> NOT startsWith(f, 'pii_'), flags)");
        }

        if (rule.Flags.Count > 0)
        {
            conditions.Add($"hasAny(flags, {Bind($"flags_{index}", rule.Flags, "Array(String)")})");
        }

        if (rule.VersionYoungerThan is { } age)
        {
            // Versions that were there before; without a version there is none that could be new.
            string since = Bind($"since_{index}", from - age, "DateTime('UTC')");
            conditions.Add($"prompt_version != '' AND (tenant, service, prompt_name, prompt_version) NOT IN (SELECT tenant, service, prompt_name, prompt_version FROM llm_rollup_1d AS r WHERE r.ts < {since} GROUP BY tenant, service, prompt_name, prompt_version)");
        }

        conditions.AddRange(rule.Filters.Select((f, k) => $"{f.Column} IN {Bind($"filter_{index}_{k}", f.Values, "Array(String)")}"));
        return conditions.Count == 0 ? "true" : string.Join(" AND ", conditions);
    }

    private string Bind(string name, object value, string type)
    {
        _parameters[name] = value;
        return $"{{{name}:{type}}}";
    }
}
