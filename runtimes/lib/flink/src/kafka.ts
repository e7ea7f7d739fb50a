import type { FlinkTables } from './window.ts';

export interface KafkaOptions {
  /** As Kafka's clients take them; may be a placeholder that is filled before the script runs. */
  readonly brokers: string;
  readonly group: string;
}

/** Topics on Kafka, as the other programs write and read them. Bad records are left out, and are for Flink to count. */
export const kafkaTables = ({ brokers, group }: KafkaOptions): FlinkTables => ({
  source: (topic) => ({
    connector: 'kafka',
    topic,
    'properties.bootstrap.servers': brokers,
    'properties.group.id': group,
    // Where there is no checkpoint to go on from, windows are computed again and written over with the same results.
    'scan.startup.mode': 'earliest-offset',
    'scan.watermark.emit.strategy': 'on-event',
    format: 'json',
    'json.ignore-parse-errors': 'true',
  }),
  // Writing an upsert twice is writing it once, so at-least-once is enough.
  sink: (topic) => ({
    keyed: true,
    options: {
      connector: 'kafka',
      topic,
      'properties.bootstrap.servers': brokers,
      'sink.delivery-guarantee': 'at-least-once',
      'key.format': 'raw',
      'key.fields': 'record_key',
      'value.format': 'json',
      'value.fields-include': 'EXCEPT_KEY',
    },
  }),
});

/** Files of JSON lines in folders, for tests and for trying out. */
export const fileTables = (input: string, output: string): FlinkTables => ({
  source: () => ({
    connector: 'filesystem',
    path: input,
    format: 'json',
    'json.ignore-parse-errors': 'true',
  }),
  sink: (topic) => ({
    keyed: false,
    options: { connector: 'filesystem', path: `${output}/${topic}`, format: 'json' },
  }),
});
