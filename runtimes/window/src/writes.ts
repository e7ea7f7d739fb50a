import type { Fence, KeyValue, KeyValueBatch, OutRecord, Producer } from '@groundswell/stores';
import type { Writes } from './sinks/sink.ts';

export interface PendingWrites extends Writes {
  /**
   * Sends all that was gathered: one batch of commands, and one of records for each topic.
   *
   * @throws FencedError when somebody with a higher epoch has written
   */
  flush(): Promise<void>;
}

/** Names who wrote a record, so that readers can tell what a replaced worker sent after its successor. */
export const epochHeader = 'groundswell-epoch';

/** @param fence keeps out those who were replaced; absent where nobody can be */
export const createWrites = (keyValue: KeyValue, producer: Producer, fence: Fence | undefined): PendingWrites => {
  let batch: KeyValueBatch | undefined;
  let records = new Map<string, OutRecord[]>();
  const signed = (record: OutRecord): OutRecord =>
    fence === undefined ? record : { ...record, headers: { ...record.headers, [epochHeader]: String(fence.epoch) } };
  return {
    commands: () => {
      batch ??= keyValue.batch(fence);
      return batch;
    },
    send: (topic, record) => {
      const queued = records.get(topic);
      if (queued === undefined) records.set(topic, [signed(record)]);
      else queued.push(signed(record));
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
