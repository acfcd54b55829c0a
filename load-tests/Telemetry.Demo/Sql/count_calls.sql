SELECT count() FROM llm_calls WHERE service LIKE 'demo-%' AND ts >= fromUnixTimestamp64Nano({start:Int64}) FORMAT TabSeparated
