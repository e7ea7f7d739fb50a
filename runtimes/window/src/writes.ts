import type { KeyValue, KeyValueBatch, OutRecord, Producer } from '@groundswell/stores';
import type { Writes } from './sinks/sink.ts';

export interface PendingWrites extends Writes {
  /** Sends all that was gathered: one batch of commands, and one of records for each topic. */
  flush(): Promise<void>;
}

export const createWrites = (keyValue: KeyValue, producer: Producer): PendingWrites => {
  let batch: KeyValueBatch | undefined;
  let records = new Map<string, OutRecord[]>();
  return {
    commands: () => {
      batch ??= keyValue.batch();
      return batch;
    },
    send: (topic, record) => {
      const queued = records.get(topic);
      if (queued === undefined) records.set(topic, [record]);
      else queued.push(record);
    },
    flush: async () => {
      const [commands, sends] = [batch, records];
      batch = undefined;
      if (sends.size === 0) {
        await commands?.run();
        return;
      }
      records = new Map();
      await Promise.all([commands?.run(), ...[...sends].map(([topic, queued]) => producer.send(topic, queued))]);
    },
  };
};
