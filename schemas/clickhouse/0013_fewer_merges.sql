-- Rows of these tables are never replaced, so a merge only tidies up, and with so many columns it costs more than the insert did. A higher base lets parts wait
-- until more of them are there: a row is merged about half as often in its life.
ALTER TABLE llm_calls MODIFY SETTING merge_selector_base = 16;

ALTER TABLE llm_spans MODIFY SETTING merge_selector_base = 16;

ALTER TABLE llm_content MODIFY SETTING merge_selector_base = 16;
