-- What estimates of quality are made of: one term a trace, since scores of one trace are alike. All columns but the dimensions add up over days and dimensions, so
-- that any period and any grouping can be estimated by the formula of llm_quality. Weights are the inverse of the probability with which each call was judged.
CREATE OR REPLACE VIEW llm_quality_sums AS
SELECT
    day,
    tenant,
    service,
    prompt_name,
    prompt_version,
    model,
    name,
    rubric_version,
    judge_model,
    toInt64(sum(of_trace.scores)) AS scores,
    toInt64(sum(of_trace.failed)) AS failed,
    toInt64(countIf(of_trace.weight > 0)) AS traces,
    sum(of_trace.score) AS score_sum,
    sum(of_trace.weight) AS weight_sum,
    sum(of_trace.score * of_trace.score) AS score_squared,
    sum(of_trace.score * of_trace.weight) AS score_weight,
    sum(of_trace.weight * of_trace.weight) AS weight_squared
FROM
(
    SELECT
        toDate(request.call_at) AS day,
        request.tenant AS tenant,
        request.service AS service,
        request.prompt_name AS prompt_name,
        request.prompt_version AS prompt_version,
        request.model AS model,
        judged.name AS name,
        judged.rubric_version AS rubric_version,
        judged.judge_model AS judge_model,
        request.trace_id AS trace_id,
        countIf(isNotNull(judged.value)) AS scores,
        countIf(judged.error_type != '') AS failed,
        sum(ifNull(judged.value, 0) / judged.probability) AS score,
        sumIf(1 / judged.probability, isNotNull(judged.value)) AS weight
    FROM llm_judge_requests AS request
    INNER JOIN (SELECT trace_id, span_id, name, rubric_version, judge_model, value, error_type, probability FROM llm_scores WHERE source = 'judge') AS judged
        ON judged.trace_id = request.trace_id AND judged.span_id = request.span_id AND judged.name = request.rubric
    GROUP BY day, tenant, service, prompt_name, prompt_version, model, name, rubric_version, judge_model, trace_id
) AS of_trace
GROUP BY day, tenant, service, prompt_name, prompt_version, model, name, rubric_version, judge_model;

-- The mean score of all answers, as estimated from those that were judged, with an interval that holds it in 95 of 100 cases (docs/quality.md shows how often it does).
-- mean is weighted, so that judging all errors does not bend it; scores lie between 0 and 1. effective is the number of traces of equal weight that would tell as much.
-- The interval: variance by linearisation, shrunk towards the widest possible one by two traces, in Wilson's form with Student's quantile.
CREATE OR REPLACE VIEW llm_quality AS
SELECT
    day,
    tenant,
    service,
    prompt_name,
    prompt_version,
    model,
    name,
    rubric_version,
    judge_model,
    scores,
    failed,
    traces,
    weight_sum AS answers,
    effective,
    mean,
    greatest(0, middle - half) AS low,
    least(1, middle + half) AS high
FROM
(
    SELECT
        *,
        score_sum / weight_sum AS mean,
        weight_sum * weight_sum / weight_squared AS effective,
        (mean * effective + 1) / (effective + 2) AS shrunk,
        (greatest(0, score_squared - 2 * mean * score_weight + mean * mean * weight_squared) * effective * effective / (weight_sum * weight_sum) + 2 * shrunk * (1 - shrunk)) / (effective + 1) AS variance,
        greatest(effective, 1) AS freedom,
        1.959964 + 2.372273 / freedom + 2.822456 / pow(freedom, 2) + 2.555850 / pow(freedom, 3) AS t,
        (mean + t * t / (2 * effective)) / (1 + t * t / effective) AS middle,
        t / (1 + t * t / effective) * sqrt(variance / effective + t * t / (4 * effective * effective)) AS half
    FROM llm_quality_sums
    WHERE traces > 0
);
