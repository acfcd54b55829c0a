-- What the Processor decided about a span: its part in the bill, how its counts were read, and what a batch decided beyond its own spans.
ALTER TABLE llm_calls
    ADD COLUMN IF NOT EXISTS role LowCardinality(String) DEFAULT 'call' COMMENT 'call, server_call (seen by the server alone), wrapper (billed for want of the calls below it)' AFTER instrumentation,
    ADD COLUMN IF NOT EXISTS tool_name LowCardinality(String) AFTER workflow_name,
    ADD COLUMN IF NOT EXISTS cache_write_1h_tokens Nullable(UInt64) COMMENT 'Part of cache_write_tokens' AFTER cache_write_tokens,
    ADD COLUMN IF NOT EXISTS image_input_tokens Nullable(UInt64) COMMENT 'Part of input_tokens' AFTER audio_output_tokens,
    ADD COLUMN IF NOT EXISTS image_output_tokens Nullable(UInt64) COMMENT 'Part of output_tokens' AFTER image_input_tokens,
    ADD COLUMN IF NOT EXISTS usage_reading LowCardinality(String) COMMENT 'as_reported, cache_added, reasoning_added, cache_and_reasoning_added: what was added to bring the counts to one meaning' AFTER tokens_source,
    ADD COLUMN IF NOT EXISTS web_searches Nullable(UInt32) COMMENT 'Web searches that the provider charges for; NULL when not reported' AFTER usage_reading,
    ADD COLUMN IF NOT EXISTS cost_difference_usd Nullable(Decimal(18, 12)) ALIAS cost_usd - cost_reported_usd COMMENT 'Ours less what the app reported' AFTER cost_reported_usd,
    ADD COLUMN IF NOT EXISTS labels Array(LowCardinality(String)) COMMENT 'Tags that the app put on the call' AFTER flags,
    ADD COLUMN IF NOT EXISTS metadata String COMMENT 'JSON object that the app put on the call; empty when none' CODEC(ZSTD(3)) AFTER tags;

ALTER TABLE llm_spans
    ADD COLUMN IF NOT EXISTS role LowCardinality(String) DEFAULT 'other' COMMENT 'What the span says by itself: other, call, server_call, wrapper' AFTER instrumentation,
    ADD COLUMN IF NOT EXISTS tool_call_id String COMMENT 'Id of the tool call that the span carries out' CODEC(ZSTD(1)) AFTER tool_name,
    ADD COLUMN IF NOT EXISTS labels Array(LowCardinality(String)) AFTER flags,
    ADD COLUMN IF NOT EXISTS metadata String CODEC(ZSTD(3)) AFTER tags;

ALTER TABLE span_log_batches
    ADD COLUMN IF NOT EXISTS decisions String COMMENT 'What the batch decided beyond what its spans say by themselves; a replay decides the same' AFTER spans;
