import type { Position } from '@groundswell/stores';
import type { WatermarksSnapshot } from '@groundswell/windowing';
import { decodeJson, encodeJson } from '@groundswell/wire';
import type { CalibrationSnapshot } from './calibration.ts';
import type { MeansSnapshot } from './explain.ts';
import type { ScheduleSnapshot } from './schedule.ts';
import type { Ranked } from './top.ts';

/** All that a scorer knows, and the offsets that it stands for. */
export interface ScorerState {
  readonly positions: readonly Position[];
  readonly watermarks: WatermarksSnapshot;
  readonly schedule: ScheduleSnapshot;
  readonly top: readonly Ranked[];
  /** By feature list; another list starts anew. */
  readonly means: { readonly features: readonly string[]; readonly of: MeansSnapshot } | undefined;
  /** Undefined where it was saved by a version that kept none. */
  readonly calibration: CalibrationSnapshot | undefined;
}

export const emptyState: ScorerState = {
  positions: [],
  watermarks: { current: Number.NEGATIVE_INFINITY, partitions: [] },
  schedule: { posts: [], early: [] },
  top: [],
  means: undefined,
  calibration: undefined,
};

const version = 1;

/** JSON has no infinity: a watermark that never moved is null. */
const toJson = (watermark: number): number | null => (Number.isFinite(watermark) ? watermark : null);
const fromJson = (watermark: number | null): number => watermark ?? Number.NEGATIVE_INFINITY;

export const encodeState = ({ positions, watermarks, ...rest }: ScorerState): Uint8Array =>
  encodeJson({
    ...rest,
    version,
    positions: positions.map(({ topic, partition, offset }) => [topic, partition, String(offset)]),
    watermarks: {
      current: toJson(watermarks.current),
      partitions: watermarks.partitions.map(([partition, at]) => [partition, toJson(at)]),
    },
  });

interface Stored extends Omit<ScorerState, 'positions' | 'watermarks'> {
  readonly version: number;
  readonly positions: readonly (readonly [topic: string, partition: number, offset: string])[];
  readonly watermarks: {
    readonly current: number | null;
    readonly partitions: readonly (readonly [partition: number, watermark: number | null])[];
  };
}

/** @throws Error when the bytes are not a state of this version */
export const decodeState = (name: string, bytes: Uint8Array): ScorerState => {
  const stored = parse(name, bytes);
  if (stored.version !== version)
    throw new Error(`Cannot restore "${name}": its checkpoint has version ${stored.version}, ${version} is needed`);
  const { positions, watermarks, schedule, top, means, calibration } = stored;
  return {
    positions: positions.map(([topic, partition, offset]) => ({ topic, partition, offset: BigInt(offset) })),
    watermarks: {
      current: fromJson(watermarks.current),
      partitions: watermarks.partitions.map(([partition, at]) => [partition, fromJson(at)] as const),
    },
    ...{ schedule, top, means, calibration },
  };
};

const parse = (name: string, bytes: Uint8Array): Stored => {
  try {
    return decodeJson(bytes) as Stored;
  } catch (cause) {
    throw new Error(`Cannot restore "${name}": its checkpoint does not parse, a whole one is needed`, { cause });
  }
};
