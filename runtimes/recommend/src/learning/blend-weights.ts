import type { RecommendProgram } from '@groundswell/graph';
import { cellOf, type Labels, learnWeights, type Weights } from '@groundswell/recommending';
import type { KeyValue } from '@groundswell/stores';
import { type Recommendations, recommendKeysOf } from '@groundswell/wire';
import { Cron } from 'croner';
import type { Shown } from '../knowledge/shown.ts';
import type { Entry } from '../ranking/entry.ts';

/** Weights that are in force. */
export interface InForce extends Weights {
  /** Impressions that they were learned from; undefined of declared ones. */
  readonly labels: number | undefined;
}

/** How much the two scores of a blend count: as declared, or as learned from what became of what was shown. */
export interface BlendWeights {
  /** Undefined without a blend. */
  inForce(): InForce | undefined;
  /** Counts what was shown. Answers the cell of each entry; undefined where nothing is to be learned from it. @param at  event time, ms */
  shown(at: number, entries: readonly Entry[]): readonly (string | undefined)[];
  won(shown: Shown): void;
  /** Writes down what was counted, and learns anew when it is time. */
  look(): Promise<void>;
  write(): Promise<void>;
}

interface BlendWeightsOptions {
  readonly keyValue: KeyValue;
  readonly program: () => RecommendProgram;
  /** Event time, ms. */
  readonly now: () => number;
  /** Wall time, ms. */
  readonly wall: () => number;
  readonly onLearned: (weights: Weights) => void;
}

/** Counts of so long go together: all of a span is learned from when its last impression had its time to become a success. */
const spanMs = 3_600_000;
/** What was shown longer ago is not learned from. */
const spans = 7 * 24;
/** Counts are written so often at most, wall time in ms. */
const writeEveryMs = 1_000;

const spanOf = (at: number): number => Math.floor(at / spanMs);

/** Answers once the weights are learned from what is known so far. */
export const openBlendWeights = async (options: BlendWeightsOptions): Promise<BlendWeights> => {
  const { keyValue, program, wall } = options;
  const counts = createCounts(options);
  let known: { readonly spec: string; readonly nextAt: number; readonly inForce: InForce | undefined } | undefined;

  const learn = async (): Promise<void> => {
    const { blend } = program();
    const spec = JSON.stringify(blend?.weights);
    if (known !== undefined && known.spec === spec && wall() < known.nextAt) return;
    if (blend?.weights.kind !== 'learned') {
      const inForce = blend && { ...blend.weights, labels: undefined };
      known = { spec, nextAt: Number.POSITIVE_INFINITY, inForce };
      return;
    }
    const { schedule, minLabels } = blend.weights;
    const nextAt = new Cron(schedule, { timezone: 'UTC' }).nextRun(new Date(wall()))?.getTime();
    const inForce = learnWeights(await readLabels(keyValue, program(), options.now()), minLabels);
    options.onLearned(inForce);
    known = { spec, nextAt: nextAt ?? Number.POSITIVE_INFINITY, inForce };
  };
  await learn();
  return {
    ...counts,
    inForce: () => known?.inForce,
    look: async () => {
      if (counts.isDue()) await counts.write();
      await learn();
    },
  };
};

/** Counts in this process, until they are added to those of all pods. */
const createCounts = ({ keyValue, program, wall }: BlendWeightsOptions) => {
  const open = new Map<string, Map<string, number>>();
  let writtenAt = wall();
  const count = (key: string, cell: string): void => {
    const cells = open.get(key) ?? new Map<string, number>();
    open.set(key, cells.set(cell, (cells.get(cell) ?? 0) + 1));
  };
  const keysNow = () => recommendKeysOf(program().pipeline, program().recommender);
  return {
    shown: (at: number, entries: readonly Entry[]): readonly (string | undefined)[] => {
      if (program().blend?.weights.kind !== 'learned') return [];
      const cells = entries.map(({ realTime, offline }, i) =>
        realTime === undefined || offline === undefined ? undefined : cellOf({ realTime, offline, rank: i + 1 }),
      );
      const key = keysNow().cellsShown(spanOf(at));
      for (const cell of cells) if (cell !== undefined) count(key, cell);
      return cells;
    },
    won: ({ at, cell }: Shown): void => {
      if (cell !== undefined) count(keysNow().cellsWon(spanOf(at)), cell);
    },
    isDue: (): boolean => open.size > 0 && Math.abs(wall() - writtenAt) >= writeEveryMs,
    write: async (): Promise<void> => {
      writtenAt = wall();
      if (open.size === 0) return;
      const batch = keyValue.batch();
      const keepMs = program().feedback.withinMs + (spans + 1) * spanMs;
      for (const [key, cells] of open) {
        for (const [cell, shown] of cells) batch.sortedIncrement(key, cell, shown);
        batch.expire(key, keepMs);
      }
      open.clear();
      await batch.run();
    },
  };
};

/** What became of all that was shown in the spans that are over, by cell. */
const readLabels = async (
  keyValue: KeyValue,
  { pipeline, recommender, feedback }: RecommendProgram,
  now: number,
): Promise<readonly Labels[]> => {
  const keys = recommendKeysOf(pipeline, recommender);
  const end = spanOf(now - feedback.withinMs);
  const batch = keyValue.batch();
  const replies = Array.from({ length: spans }, (_, i) => ({
    shown: batch.sortedRange(keys.cellsShown(end - 1 - i), 0, -1),
    won: batch.sortedRange(keys.cellsWon(end - 1 - i), 0, -1),
  }));
  await batch.run();
  const labels = new Map<string, { cell: string; shown: number; won: number }>();
  for (const what of ['shown', 'won'] as const)
    for (const reply of replies)
      for (const { member: cell, score } of reply[what].value()) {
        const sum = labels.get(cell) ?? { cell, shown: 0, won: 0 };
        sum[what] += score;
        labels.set(cell, sum);
      }
  return [...labels.values()];
};

/** As answers and records have it. */
export const blendSaid = (blend: InForce | undefined): Pick<Recommendations, 'blend'> =>
  blend === undefined
    ? {}
    : {
        blend: {
          ...{ real_time: blend.realTime, offline: blend.offline },
          ...(blend.labels !== undefined && { labels: blend.labels }),
        },
      };
