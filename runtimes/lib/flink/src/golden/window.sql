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
  `user_id` STRING,
  `user` ROW<`followers` DOUBLE>,
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
SELECT `post_id` AS `key_0`, `element_1` AS `key_1`, e.*
FROM events AS e
CROSS JOIN UNNEST(ARRAY_DISTINCT(`tags`)) AS `list_1` (`element_1`)
WHERE (`type` IN ('like', 'repost'))
  AND `post_id` <> ''
  AND `element_1` <> '';

CREATE TEMPORARY VIEW results AS
SELECT
  `key_0`,
  `key_1`,
  (EXTRACT(EPOCH FROM window_start) * 1000 + EXTRACT(MILLISECOND FROM window_start)) AS window_start_ms,
  (EXTRACT(EPOCH FROM window_end) * 1000 + EXTRACT(MILLISECOND FROM window_end)) AS window_end_ms,
  COUNT(*) AS value_0,
  SUM(`attributes`.`amount`) FILTER (WHERE (`user`.`followers` > 10E0)) AS value_1,
  COUNT(DISTINCT `user_id`) AS value_2,
  CAST(COALESCE(SUM(CAST(CASE `type` WHEN 'like' THEN 1 WHEN 'repost' THEN 2 ELSE 0 END AS BIGINT)), 0) AS DOUBLE) AS value_3,
  (COUNT(*) FILTER (WHERE `type` = 'repost') * CAST(0.5 AS DOUBLE)) AS value_4
FROM TABLE(HOP(TABLE taken, DESCRIPTOR(ts), INTERVAL '0 00:01:00.000' DAY(3) TO SECOND(3), INTERVAL '0 00:10:00.000' DAY(3) TO SECOND(3)))
GROUP BY window_start, window_end, `key_0`, `key_1`;

CREATE TEMPORARY TABLE sink_0 (
  record_key STRING,
  `window` STRING,
  `key` ARRAY<STRING>,
  `start` BIGINT,
  `end` BIGINT,
  `values` ROW<`events` BIGINT, `amount` DOUBLE, `people` BIGINT, `heat` DOUBLE, `warmth` DOUBLE, `each` DOUBLE, `score` DOUBLE>,
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

INSERT INTO sink_0 SELECT REPLACE(REPLACE(`key_0`, '\', '\\'), '|', '\|') || '|' || REPLACE(REPLACE(`key_1`, '\', '\\'), '|', '\|'), 'w', ARRAY[`key_0`, `key_1`], window_start_ms, window_end_ms, ROW(value_0, value_1, value_2, value_3, value_4, (CASE WHEN CAST(value_0 AS DOUBLE) IS NOT NULL AND CAST(value_2 AS DOUBLE) = 0E0 THEN CAST(NULL AS DOUBLE) ELSE CAST(value_0 AS DOUBLE) / NULLIF(CAST(value_2 AS DOUBLE), 0E0) END), (CASE WHEN (value_3 > 10E0) THEN (CASE WHEN CAST(value_0 AS DOUBLE) IS NOT NULL AND CAST(value_2 AS DOUBLE) = 0E0 THEN CAST(NULL AS DOUBLE) ELSE CAST(value_0 AS DOUBLE) / NULLIF(CAST(value_2 AS DOUBLE), 0E0) END) WHEN NOT (value_3 > 10E0) THEN value_1 END)), TO_TIMESTAMP_LTZ(window_end_ms, 3) FROM results;
