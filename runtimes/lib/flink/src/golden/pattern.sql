SET 'pipeline.name' = 'demo-w';

SET 'execution.runtime-mode' = 'streaming';

SET 'table.local-time-zone' = 'UTC';

SET 'pipeline.auto-watermark-interval' = '0 ms';

SET 'pipeline.object-reuse' = 'true';

SET 'table.exec.source.idle-timeout' = '60000 ms';

CREATE TEMPORARY TABLE events (
  `at` BIGINT,
  `post_id` STRING,
  `tags` ARRAY<STRING>,
  `type` STRING,
  `links` DOUBLE,
  `attributes` ROW<`amount` DOUBLE>,
  ts AS TO_TIMESTAMP_LTZ(COALESCE(`at`, 0), 3),
  WATERMARK FOR ts AS ts - INTERVAL '0 00:00:20.000' DAY(3) TO SECOND(3)
) WITH (
  'connector' = 'kafka',
  'topic' = 'demo.events',
  'properties.bootstrap.servers' = 'kafka:9092',
  'properties.group.id' = 'demo.window-w',
  'scan.startup.mode' = 'earliest-offset',
  'scan.watermark.emit.strategy' = 'on-event',
  'format' = 'json',
  'json.ignore-parse-errors' = 'true'
);

CREATE TEMPORARY VIEW taken AS
SELECT `post_id` AS `key_0`, `element_1` AS `key_1`, e.*, COALESCE((`links` = 0E0), FALSE) AS step_0, COALESCE((`links` = 1E0), FALSE) AS step_1, COALESCE((`links` = 2E0), FALSE) AS step_2, CASE WHEN TRUE THEN 1 END AS input_0, `attributes`.`amount` AS input_1
FROM events AS e
CROSS JOIN UNNEST(ARRAY_DISTINCT(`tags`)) AS `list_1` (`element_1`)
WHERE (`type` IN ('like', 'repost'))
  AND `post_id` <> ''
  AND `element_1` <> '';

CREATE TEMPORARY TABLE sink_0 (
  record_key STRING,
  `window` STRING,
  `key` ARRAY<STRING>,
  `start` BIGINT,
  `end` BIGINT,
  `values` ROW<`events` BIGINT, `most` DOUBLE>,
  `tag` STRING,
  record_time TIMESTAMP_LTZ(3) METADATA FROM 'timestamp'
) WITH (
  'connector' = 'kafka',
  'topic' = 'demo.results.w',
  'properties.bootstrap.servers' = 'kafka:9092',
  'sink.delivery-guarantee' = 'at-least-once',
  'key.format' = 'raw',
  'key.fields' = 'record_key',
  'value.format' = 'json',
  'value.fields-include' = 'EXCEPT_KEY'
);

INSERT INTO sink_0 SELECT REPLACE(REPLACE(`key_0`, '\', '\\'), '|', '\|') || '|' || REPLACE(REPLACE(`key_1`, '\', '\\'), '|', '\|'), 'w', ARRAY[`key_0`, `key_1`], window_start_ms, window_end_ms, ROW(value_0, value_1), 'keen', TO_TIMESTAMP_LTZ(window_end_ms, 3) FROM (
SELECT
  `key_0`,
  `key_1`,
  window_start_ms,
  window_end_ms,
  (COALESCE(measure_0, 0) + COALESCE(measure_1, 0) + COALESCE(measure_2, 0) + COALESCE(measure_3, 0) + COALESCE(measure_4, 0)) AS value_0,
  (CASE WHEN (COALESCE(measure_5, 0) + COALESCE(measure_6, 0) + COALESCE(measure_7, 0) + COALESCE(measure_8, 0) + COALESCE(measure_9, 0)) > 0 THEN GREATEST(COALESCE(measure_10, -1.7976931348623157E308), COALESCE(measure_11, -1.7976931348623157E308), COALESCE(measure_12, -1.7976931348623157E308), COALESCE(measure_13, -1.7976931348623157E308), COALESCE(measure_14, -1.7976931348623157E308)) END) AS value_1
FROM taken MATCH_RECOGNIZE (
  PARTITION BY `key_0`, `key_1`
  ORDER BY ts
  MEASURES
    FIRST(s0_1.`at`) AS window_start_ms,
    LAST(r2.`at`) + 1 AS window_end_ms,
    COUNT(s0_1.input_0) AS measure_0,
    COUNT(s0_2.input_0) AS measure_1,
    COUNT(CASE WHEN r0.step_0 THEN r0.input_0 END) AS measure_2,
    COUNT(s2_1.input_0) AS measure_3,
    COUNT(r2.input_0) AS measure_4,
    COUNT(s0_1.input_1) AS measure_5,
    COUNT(s0_2.input_1) AS measure_6,
    COUNT(CASE WHEN r0.step_0 THEN r0.input_1 END) AS measure_7,
    COUNT(s2_1.input_1) AS measure_8,
    COUNT(r2.input_1) AS measure_9,
    MAX(s0_1.input_1) AS measure_10,
    MAX(s0_2.input_1) AS measure_11,
    MAX(CASE WHEN r0.step_0 THEN r0.input_1 END) AS measure_12,
    MAX(s2_1.input_1) AS measure_13,
    MAX(r2.input_1) AS measure_14
  ONE ROW PER MATCH
  AFTER MATCH SKIP PAST LAST ROW
  PATTERN (s0_1 g0_1*? s0_2 r0*? s2_1 r2{1}?)
    WITHIN INTERVAL '0 00:01:00.000' DAY(3) TO SECOND(3)
  DEFINE
    s0_1 AS s0_1.step_0,
    g0_1 AS NOT g0_1.step_0,
    s0_2 AS s0_2.step_0,
    r0 AS (r0.step_0 OR NOT (r0.step_2 AND COALESCE(LAST(r0.step_0, 1), TRUE)) AND NOT r0.step_1) AND COALESCE(SUM(CASE WHEN r0.step_0 THEN 1 ELSE 0 END), 0) - CASE WHEN r0.step_0 THEN 1 ELSE 0 END < 2,
    s2_1 AS s2_1.step_2 AND NOT s2_1.step_1 AND (NOT s2_1.step_0 OR COALESCE(SUM(CASE WHEN r0.step_0 THEN 1 ELSE 0 END), 0) = 2) AND COALESCE(LAST(r0.step_0), TRUE),
    r2 AS r2.step_2
)
);
