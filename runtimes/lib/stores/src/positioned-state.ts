import { decodeJson, encodeJson } from '@groundswell/wire';
import type { Position } from './log.ts';

/** State of a program, and the offsets that it stands for. All but the positions is plain data. */
interface Positioned {
  readonly positions: readonly Position[];
}

type StoredPosition = readonly [topic: string, partition: number, offset: string];

export const encodeState = ({ positions, ...rest }: Positioned): Uint8Array =>
  encodeJson({
    ...rest,
    positions: positions.map(({ topic, partition, offset }): StoredPosition => [topic, partition, String(offset)]),
  });

/**
 * @param name of the program, for the message
 * @throws Error when the bytes are none that `encodeState` wrote
 */
export const decodeState = <T extends Positioned>(name: string, bytes: Uint8Array): T => {
  try {
    const { positions, ...rest } = decodeJson(bytes) as { readonly positions: readonly StoredPosition[] };
    return {
      ...rest,
      positions: positions.map(([topic, partition, offset]) => ({ topic, partition, offset: BigInt(offset) })),
    } as unknown as T;
  } catch (cause) {
    throw new Error(`Cannot restore "${name}": its checkpoint does not parse, a whole one is needed`, { cause });
  }
};
