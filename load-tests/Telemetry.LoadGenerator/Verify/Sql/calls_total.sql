SELECT sum(sign) FROM llm_calls WHERE startsWith(service, {services:String}) FORMAT TabSeparated
