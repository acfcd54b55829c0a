-- For each request how many of its calls are billed, and how often more than once.
SELECT request, countIf(billed > 0) AS present, sumIf(billed - 1, billed > 1) AS again
FROM
(
    SELECT toInt64(substring(session_id, {prefix:Int64} + 1)) AS request, trace_id, span_id, toInt64(sum(sign)) AS billed
    FROM llm_calls
    WHERE startsWith(service, {services:String}) AND session_id >= {from:String} AND session_id < {to:String}
    GROUP BY request, trace_id, span_id
)
GROUP BY request
FORMAT TabSeparated
