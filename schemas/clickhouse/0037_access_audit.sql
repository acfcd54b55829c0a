-- Who read what people said, who asked what in SQL, who changed what, and who signed in or tried to.
CREATE TABLE IF NOT EXISTS access_audit
(
    ts                   DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC'),
    actor                String COMMENT 'Name of the account or token; of a failed sign-in the name that was tried; local in local mode',
    actor_kind           LowCardinality(String) COMMENT 'account, token, local or nobody',
    role                 LowCardinality(String) COMMENT 'viewer, responder or admin; empty for nobody',
    address              String COMMENT 'IP address of the far side, which may be a proxy',
    action               LowCardinality(String) COMMENT 'content.read, sql.run, incident.acknowledge, incident.silence, sign_in, sign_in.failed, sign_in.throttled, sign_out and so on',
    subject              String COMMENT 'What it was about: a trace, an incident, a path',
    detail               String COMMENT 'The statement or what was said, shortened',
    tenants              Array(LowCardinality(String)) COMMENT 'Tenants that the actor sees; empty for all'
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(ts)
ORDER BY (ts, actor)
TTL toDateTime(ts) + INTERVAL 400 DAY
SETTINGS ttl_only_drop_parts = 1;
