-- What the alerting remembers: who evaluates, every state change of every incident with the notifications that it owes, what was delivered, and what people said.

-- Who may evaluate and notify. Of two claims the later one counts: by epoch, then by owner. A change that was recorded after a later claim does not count, so
-- that one who stood still and lost its turn changes nothing.
CREATE TABLE IF NOT EXISTS alert_claims
(
    epoch                UInt64 COMMENT 'Grows with each claim; of two equal ones the greater owner is the later',
    owner                String COMMENT 'Random, one for each claim',
    instance             LowCardinality(String) COMMENT 'Who claims',
    at                   DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (epoch, owner)
TTL toDateTime(at) + INTERVAL 800 DAY;

-- Signs of life of the one who holds the claim.
CREATE TABLE IF NOT EXISTS alert_claim_signs
(
    epoch                UInt64,
    owner                String,
    released             Bool COMMENT 'It stops: the next one need not wait',
    at                   DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = MergeTree
PARTITION BY toYYYYMMDD(at)
ORDER BY (epoch, at)
TTL toDateTime(at) + INTERVAL 2 DAY
SETTINGS ttl_only_drop_parts = 1;

-- One row is one state change of one incident, with the notifications that it owes: the two cannot come apart.
CREATE TABLE IF NOT EXISTS alert_incidents
(
    incident_id          String COMMENT 'The same for all changes of one incident',
    key                  String COMMENT 'Rule and labels; at most one incident of a key is open',
    version              UInt32 COMMENT 'Grows with each change',
    state                Enum8('pending' = 1, 'firing' = 2, 'acknowledged' = 3, 'resolved' = 4),
    change               LowCardinality(String) COMMENT 'What happened: pending, fired, clearing, breached_again, acknowledged, escalated, reminded, notified, resolved, withdrawn, flapping',
    rule                 LowCardinality(String),
    labels               Map(LowCardinality(String), String) COMMENT 'What the rule groups by, and the values of this incident',
    severity             LowCardinality(String) COMMENT 'info, warning, critical',
    summary              String COMMENT 'What happened, in words',
    value                Nullable(Float64) COMMENT 'What was measured at the change',
    started_at           DateTime64(3, 'UTC') COMMENT 'Since when the condition holds',
    fired_at             Nullable(DateTime64(3, 'UTC')),
    acknowledged_at      Nullable(DateTime64(3, 'UTC')),
    acknowledged_by      String,
    resolved_at          Nullable(DateTime64(3, 'UTC')),
    silenced             Bool COMMENT 'A silence or a maintenance window held back notifications',
    flapping             Bool COMMENT 'It came and went so often that it is held open',
    trace_ids            Array(LowCardinality(String)) COMMENT 'Calls in llm_calls that show it',
    owes                 Array(LowCardinality(String)) COMMENT 'Channels that must be notified of this change; alert_deliveries says which were',
    owes_kind            LowCardinality(String) COMMENT 'fired, escalated, reminder, resolved; empty when nothing is owed',
    group_id             String COMMENT 'Changes that go out as one notification; with the channel the id that receivers deduplicate by',
    snapshot             String COMMENT 'The incident as it is continued after a restart; JSON' CODEC(ZSTD(3)),
    epoch                UInt64 COMMENT 'Claim under which it was recorded',
    owner                String,
    at                   DateTime64(3, 'UTC') COMMENT 'When it changed' CODEC(Delta, ZSTD(1)),
    recorded_at          DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') CODEC(Delta, ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(recorded_at)
ORDER BY (key, incident_id, epoch, version)
TTL toDateTime(recorded_at) + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 10000, ttl_only_drop_parts = 1;

-- One row is the end of one notification on one channel.
CREATE TABLE IF NOT EXISTS alert_deliveries
(
    notification_id      String COMMENT 'group_id-channel',
    group_id             String,
    channel              LowCardinality(String),
    outcome              Enum8('delivered' = 1, 'dropped' = 2),
    attempts             UInt32,
    detail               String COMMENT 'What the receiver said, or why it was given up; without secrets',
    epoch                UInt64,
    owner                String,
    at                   DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(at)
ORDER BY (group_id, channel, at)
TTL toDateTime(at) + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 10000, ttl_only_drop_parts = 1;

CREATE TABLE IF NOT EXISTS alert_acknowledgements
(
    incident_id          String,
    by                   String,
    comment              String,
    at                   DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (incident_id, at)
TTL toDateTime(at) + INTERVAL 400 DAY;

-- One row is one saying on a silence; the last one counts.
CREATE TABLE IF NOT EXISTS alert_silences
(
    silence_id           String,
    matchers             Map(String, String) COMMENT 'Label or rule or severity, and the pattern that all of them must match; * stands for any text',
    starts_at            DateTime64(3, 'UTC'),
    ends_at              DateTime64(3, 'UTC'),
    created_by           String,
    comment              String,
    removed              Bool,
    at                   DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (silence_id, at)
TTL toDateTime(ends_at) + INTERVAL 400 DAY;

-- Changes that count: those recorded before a later claim was made.
CREATE OR REPLACE VIEW alert_changes AS
SELECT change.*
FROM alert_incidents AS change
LEFT JOIN
(
    SELECT epoch, owner, at AS claimed_at, min(at) OVER (ORDER BY epoch, owner ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS overtaken_at
    FROM alert_claims
) AS claim ON claim.epoch = change.epoch AND claim.owner = change.owner
WHERE claim.overtaken_at <= claim.claimed_at OR change.recorded_at < claim.overtaken_at;

-- Each incident as it stands now.
CREATE OR REPLACE VIEW alert_incidents_now AS
SELECT * FROM alert_changes ORDER BY epoch DESC, owner DESC, version DESC LIMIT 1 BY incident_id;

-- Notifications that were owed and are neither delivered nor given up.
CREATE OR REPLACE VIEW alert_notifications_owed AS
SELECT concat(group_id, '-', channel) AS notification_id, group_id, channel, owes_kind AS kind, min(at) AS owed_at, groupArray(incident_id) AS incident_ids
FROM (SELECT *, arrayJoin(owes) AS channel FROM alert_changes WHERE notEmpty(owes))
WHERE (group_id, channel) NOT IN (SELECT group_id, channel FROM alert_deliveries)
GROUP BY group_id, channel, kind;

CREATE OR REPLACE VIEW alert_silences_now AS
SELECT * FROM (SELECT * FROM alert_silences ORDER BY at DESC LIMIT 1 BY silence_id) WHERE NOT removed;
