import { partitionOf, type SavedState } from '@groundswell/stores';
import { decodeJson, encodeJson } from '@groundswell/wire';
import type { LaneState } from './lane.ts';

/** Where the state of a lane lies in the changelog, beside those of the shards; lanes to another topic have their own. */
export const lanePlace = (rekeyedTopic: string, partition: number): number =>
  (1 + partitionOf(rekeyedTopic, 0x7fffffff)) * 100_000 + partition;

type Stored = Omit<LaneState, 'position' | 'watermark'> & { readonly position: string; readonly watermark: string };

export const encodeLane = ({ position, watermark, ...rest }: LaneState): Uint8Array =>
  encodeJson({ ...rest, position: String(position), watermark: String(watermark) } satisfies Stored);

/** @throws SyntaxError where it is no JSON */
export const decodeLane = ({ base }: Pick<SavedState, 'base'>): LaneState => {
  // Written by `encodeLane` and by nobody else.
  const { position, watermark, ...rest } = decodeJson(base) as Stored;
  return { ...rest, position: BigInt(position), watermark: Number(watermark) };
};
