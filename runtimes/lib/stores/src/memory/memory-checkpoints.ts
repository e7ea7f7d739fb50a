import type { CheckpointChange, OnChange } from '../change.ts';
import type { Checkpoints } from '../checkpoints.ts';

export interface MemoryCheckpoints extends Checkpoints {
  restore(change: CheckpointChange): void;
  snapshot(): Iterable<CheckpointChange>;
}

/** Checkpoints in the memory of this process. */
export const createMemoryCheckpoints = (onChange?: OnChange<CheckpointChange>): MemoryCheckpoints => {
  const states = new Map<string, Uint8Array>();
  return {
    load: async (name) => states.get(name)?.slice(),
    save: async (name, state) => {
      const copy = state.slice();
      states.set(name, copy);
      onChange?.({ kind: 'checkpoint', name, state: copy });
    },
    close: async () => undefined,
    restore: ({ name, state }) => void states.set(name, state),
    snapshot: function* () {
      for (const [name, state] of states) yield { kind: 'checkpoint', name, state };
    },
  };
};
