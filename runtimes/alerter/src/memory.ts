import { createShelf, type Shelf } from '@groundswell/alerting';
import type { Fence, KeyValue, Position } from '@groundswell/stores';
import { keysOf } from '@groundswell/wire';

/** All that outlasts a restart: what is watched and waits, and the offsets that it stands for, saved as one. */
export interface Memory {
  readonly shelf: Shelf;
  readonly positions: Map<string, Position>;
  /** Writes what changed, if anything did. @throws FencedError where another worker has taken over */
  save(fence: Fence | undefined): Promise<void>;
}

/** In one hash, so that a save is one step of the store. */
const positionsField = 'positions';

const idOf = ({ topic, partition }: Position): string => `${topic}/${partition}`;

type StoredPosition = readonly [topic: string, partition: number, offset: string];

const positionsIn = (text: string | undefined): readonly Position[] =>
  ((text === undefined ? [] : JSON.parse(text)) as readonly StoredPosition[]).map(([topic, partition, offset]) => ({
    ...{ topic, partition, offset: BigInt(offset) },
  }));

export const loadMemory = async (pipeline: string, keyValue: KeyValue): Promise<Memory> => {
  const key = keysOf(pipeline).alerting;
  const read = keyValue.batch();
  const found = read.hashGetAll(key);
  await read.run();
  const { [positionsField]: stored, ...cells } = found.value();
  const shelf = createShelf(cells);
  const positions = new Map(positionsIn(stored).map((position) => [idOf(position), position]));
  let saved = stored;
  return {
    shelf,
    positions,
    save: async (fence) => {
      const changes = shelf.changes();
      const at = JSON.stringify(
        [...positions.values()].map(({ topic, partition, offset }) => [topic, partition, String(offset)]),
      );
      if (changes === undefined && at === saved) return;
      const batch = keyValue.batch(fence);
      if (changes !== undefined && changes.removed.length > 0) batch.hashDelete(key, changes.removed);
      batch.hashSet(key, { ...changes?.set, [positionsField]: at });
      await batch.run();
      saved = at;
    },
  };
};
