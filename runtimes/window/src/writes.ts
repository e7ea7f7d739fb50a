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

/** Keep out those who were replaced. */
export interface Fences {
  /** Of all shards of the window: whoever has a key now may have another shard than whoever had it. */
  readonly own: Fence;
  /** Of this shard: others write to the same keys. */
  readonly shared: Fence;
}

/** @param fencesNow as they are when something is written; undefined where nobody can be replaced */
export const createWrites = (
  keyValue: KeyValue,
  producer: Producer,
  fencesNow: () => Fences | undefined,
): PendingWrites => {
  let batch: KeyValueBatch | undefined;
  let shared: KeyValueBatch | undefined;
  let records = new Map<string, OutRecord[]>();
  const signed = (record: OutRecord): OutRecord => {
    const fences = fencesNow();
    return fences === undefined
      ? record
      : { ...record, headers: { ...record.headers, [epochHeader]: String(fences.own.epoch) } };
  };
  return {
    commands: () => {
      batch ??= keyValue.batch(fencesNow()?.own);
      return batch;
    },
    sharedCommands: () => {
      shared ??= keyValue.batch(fencesNow()?.shared);
      return shared;
    },
    send: (topic, record) => {
      const queued = records.get(topic);
      if (queued === undefined) records.set(topic, [signed(record)]);
      else queued.push(signed(record));
    },
    flush: async () => {
      const [commands, sharedCommands, sends] = [batch, shared, records];
      batch = undefined;
      shared = undefined;
      if (sends.size === 0 && sharedCommands === undefined) {
        await commands?.run();
        return;
      }
      records = new Map();
      // Who hears of a result by its topic finds it in the store.
      await Promise.all([commands?.run(), sharedCommands?.run()]);
      await Promise.all([...sends].map(([topic, queued]) => producer.send(topic, queued)));
    },
  };
};
