import type { OnChange, StateChange } from '../change.ts';
import type { SavedState, StatePlace, States } from '../states.ts';

export interface MemoryStates extends States {
  restore(change: StateChange): void;
  snapshot(): Iterable<StateChange>;
}

const idOf = ({ topic, shard }: StatePlace): string => `${topic}/${shard}`;
const copyOf = ({ epoch, base, changes }: SavedState): SavedState => ({
  epoch,
  base: base.slice(),
  changes: changes.map((change) => change.slice()),
});

interface Held {
  readonly place: StatePlace;
  readonly state: { readonly epoch: number; readonly base: Uint8Array; readonly changes: Uint8Array[] };
}

/** States in the memory of this process. */
export const createMemoryStates = (onChange?: OnChange<StateChange>): MemoryStates => {
  const states = new Map<string, Held>();
  const apply = ({ topic, shard, epoch, part, bytes }: StateChange): void => {
    const place = { topic, shard };
    if (part === 'base') states.set(idOf(place), { place, state: { epoch, base: bytes, changes: [] } });
    else states.get(idOf(place))?.state.changes.push(bytes);
  };
  const change = (place: StatePlace, rest: Pick<StateChange, 'epoch' | 'part' | 'bytes'>): void => {
    const told: StateChange = { kind: 'state', ...place, ...rest, bytes: rest.bytes.slice() };
    apply(told);
    onChange?.(told);
  };
  const newest = (place: StatePlace): number => states.get(idOf(place))?.state.epoch ?? -1;
  return {
    load: async (topic, shards) =>
      new Map(
        shards.flatMap((shard) => {
          const held = states.get(idOf({ topic, shard }));
          return held === undefined ? [] : [[shard, copyOf(held.state)] as const];
        }),
      ),
    save: async (place, epoch, bytes) => {
      if (epoch >= newest(place)) change(place, { epoch, part: 'base', bytes });
    },
    append: async (place, epoch, bytes) => {
      if (epoch > newest(place)) throw new Error(`Cannot add to the state of shard ${place.shard}: it has no base yet`);
      if (epoch === newest(place)) change(place, { epoch, part: 'change', bytes });
    },
    close: async () => undefined,
    restore: apply,
    snapshot: function* () {
      for (const { place, state } of states.values()) {
        const { epoch, base, changes } = state;
        yield { kind: 'state', ...place, epoch, part: 'base', bytes: base };
        for (const bytes of changes) yield { kind: 'state', ...place, epoch, part: 'change', bytes };
      }
    },
  };
};
