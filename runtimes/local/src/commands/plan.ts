import type { Program } from '@groundswell/graph';
import { stringify } from 'yaml';
import { estimate } from '../cost/estimate.ts';
import { readAssumptions, shapeOf } from '../cost/load-of.ts';
import { replayToEnd } from '../evaluate/replay.ts';
import { loadPrograms } from '../load.ts';
import { compareReplays, type Replayed } from '../plan/compare.ts';
import { renderPlan } from '../plan/render.ts';
import { baseDirectoryOf } from '../resources.ts';
import { createProgressLine } from '../terminal/progress.ts';

export interface PlanOptions {
  readonly file: readonly string[];
  readonly old: readonly string[];
  readonly data: readonly string[];
  /** End of the slice, event time, ms. */
  readonly until?: number;
  readonly output: 'markdown' | 'json' | 'yaml';
}

const reference = { postsPerHour: 1_000_000, eventsPerPost: 11, requestsPerSecond: 100 };

/** Both see the same slice: that of the old sources. */
const withSourcesOf = (old: readonly Program[], programs: readonly Program[]): readonly Program[] => [
  ...old.filter(({ kind }) => kind === 'ingest'),
  ...programs.filter(({ kind }) => kind !== 'ingest'),
];

/** What new resources would change, by a recorded slice that is replayed through the old and the new ones. */
export const plan = async ({ file, old: oldFiles, data, until, output }: PlanOptions): Promise<void> => {
  const [old, now] = [await loadPrograms(oldFiles, 'local'), await loadPrograms(file, 'local')];
  const replay = async (programs: readonly Program[], files: readonly string[], what: string): Promise<Replayed> => {
    const { predictions } = await replayToEnd({
      ...{ programs: withSourcesOf(old.programs, programs), what, keepsRescoring: true },
      directory: await baseDirectoryOf(files),
      dataDirectories: [await baseDirectoryOf(oldFiles), ...data],
      progress: createProgressLine(process.stderr, Date.now),
      ...(until !== undefined && { until }),
    });
    // A replay ends a little after the moment, and not at the same place each time.
    return { programs, predictions: predictions.filter(({ scored_at }) => scored_at <= (until ?? Infinity)) };
  };
  const report = compareReplays(
    await replay(old.programs, oldFiles, 'Replaying through the old resources'),
    await replay(now.programs, file, 'Replaying through the new ones'),
  );
  const assumptions = await readAssumptions();
  const costOf = (programs: readonly Program[]) =>
    estimate({ ...shapeOf(programs), ...reference }, assumptions).onDemand;
  const cost = { old: costOf(old.programs), new: costOf(now.programs) };
  const texts = {
    json: () => JSON.stringify({ ...report, cost }, null, 2),
    yaml: () => stringify({ ...report, cost }, { aliasDuplicateObjects: false }).trimEnd(),
    markdown: () => renderPlan(report, cost).join('\n'),
  };
  process.stdout.write(`${texts[output]()}\n`);
};
