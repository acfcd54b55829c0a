using System.Text;
using System.Text.Json;
using Telemetry.ClickHouse.NativeFormat;

namespace Telemetry.Quality.Evaluate;

/// <summary>Rows for <c>llm_eval_results</c>.</summary>
internal static class EvalRows
{
    /// <summary>The results of a run as a block.</summary>
    public static NativeBlock Of(string runId, IEnumerable<EvalResult> results)
    {
        var run = new StringColumn("run_id");
        var caseId = new StringColumn("case_id");
        var repeat = new NumberColumn<uint>("repeat");
        var passed = new BoolColumn("passed");
        var mustPass = new BoolColumn("must_pass");
        var failures = new LowCardinalityStringArrayColumn("failures");
        var scores = new StringColumn("scores");
        var error = new StringColumn("error_type");
        var answer = new StringColumn("answer");
        var latency = new NumberColumn<double>("latency_ms");
        var input = new NullableNumberColumn<long>("input_tokens");
        var output = new NullableNumberColumn<long>("output_tokens");
        foreach (EvalResult result in results)
        {
            run.Append(Encoding.UTF8.GetBytes(runId));
            caseId.Append(Encoding.UTF8.GetBytes(result.CaseId));
            repeat.Append((uint)result.Repeat);
            passed.Append(result.Passed);
            mustPass.Append(result.MustPass);
            foreach (string failure in result.Failures)
            {
                failures.Append(Encoding.UTF8.GetBytes(failure));
            }

            failures.EndRow();
            scores.Append(JsonSerializer.SerializeToUtf8Bytes(result.Scores));
            error.Append(Encoding.UTF8.GetBytes(result.Error));
            answer.Append(Encoding.UTF8.GetBytes(result.Answer));
            latency.Append(result.LatencyMilliseconds);
            input.Append(result.InputTokens);
            output.Append(result.OutputTokens);
        }

        return new NativeBlock([run, caseId, repeat, passed, mustPass, failures, scores, error, answer, latency, input, output]);
    }
}
