SELECT DISTINCT toInt64(substring(model_requested, -10)) FROM llm_rollup_1m
WHERE service = {service:String} AND ts >= toStartOfMinute(fromUnixTimestamp64Nano({since:Int64}))
FORMAT TabSeparated
