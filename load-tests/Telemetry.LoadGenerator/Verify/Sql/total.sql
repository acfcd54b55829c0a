SELECT sum(calls) FROM llm_rollup_1m WHERE startsWith(service, {services:String}) AND ts >= toStartOfMinute(fromUnixTimestamp64Nano({since:Int64})) FORMAT TabSeparated
