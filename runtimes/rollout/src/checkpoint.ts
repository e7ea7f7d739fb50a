import type { RolloutState } from '@groundswell/evidence';
import type { RolloutProgram } from '@groundswell/graph';
import type { Position } from '@groundswell/stores';
import { decodeJson, encodeJson } from '@groundswell/wire';
import type { BookSnapshot } from './book.ts';

/** All that a rollout knows, and the offsets that it stands for. */
export interface RolloutCheckpoint {
  /** What the evidence is of: another one is collected anew. */
  readonly definition: string;
  readonly book: BookSnapshot;
  readonly state: RolloutState | undefined;
  /** sha256 of the last challenger that was given up. */
  readonly rejected: string | undefined;
  /** The last word of a person that was used. */
  readonly promote: string | undefined;
  readonly positions: readonly Position[];
}

/** Everything that decides what counts as evidence. Steps, limits and a person's word may change while it is collected. */
export const definitionOf = ({ champion, challenger, outcome, agesMs, policy, routingKey }: RolloutProgram): string =>
  JSON.stringify([champion, challenger, outcome, agesMs, policy.metric, routingKey]);

export const encodeCheckpoint = ({ positions, ...rest }: RolloutCheckpoint): Uint8Array =>
  encodeJson({
    ...rest,
    positions: positions.map(({ topic, partition, offset }) => [topic, partition, String(offset)]),
  });

interface Stored extends Omit<RolloutCheckpoint, 'positions'> {
  readonly positions: readonly (readonly [topic: string, partition: number, offset: string])[];
}

/** @throws Error when the bytes are none that `encodeCheckpoint` wrote */
export const decodeCheckpoint = (name: string, bytes: Uint8Array): RolloutCheckpoint => {
  try {
    const { positions, ...rest } = decodeJson(bytes) as Stored;
    return {
      ...rest,
      positions: positions.map(([topic, partition, offset]) => ({ topic, partition, offset: BigInt(offset) })),
    };
  } catch (cause) {
    throw new Error(`Cannot restore "${name}": its checkpoint does not parse, a whole one is needed`, { cause });
  }
};
