SELECT sum(calls) FROM llm_rollup_1m WHERE service LIKE 'demo-%' AND ts >= toStartOfMinute(fromUnixTimestamp64Nano({start:Int64})) FORMAT TabSeparated
