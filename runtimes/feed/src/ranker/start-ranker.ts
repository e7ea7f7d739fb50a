import { accountScoresOf } from '@groundswell/feeds';
import { type FeedProgram, groupOf, type RankerSettings } from '@groundswell/graph';
import { type Batch, createOffsets, type Ports } from '@groundswell/stores';
import { feedKeysOf, type RankerState, watermarkHeader } from '@groundswell/wire';
import type { Group } from '../group.ts';
import { type Changed, createFanScores, guardField } from './fan-scores.ts';

/** Records of one step. */
const maxRecords = 2_000;

/** It says this often that it is up to date, and is believed for so long, ms. */
const sayEveryMs = 1_000;
const believedMs = 5_000;

/**
 * Keeps the rankings of followers up to date: joins the accounts that a window says have changed with those who follow them.
 * The values themselves are read when an account's turn comes, so a record that comes twice or late does no harm. Rankings are made by
 * whoever reads them first (the API), and only while all partitions are kept up to date by the formula of now.
 */
export const startRanker = async (program: FeedProgram, initial: RankerSettings, ports: Ports): Promise<Group> => {
  const { log, keyValue, clock, logger } = ports;
  const { pipeline } = program;
  const keys = feedKeysOf(pipeline);
  const topic = initial.results.name;
  const group = groupOf(program);
  const { shards } = initial;
  let scores = accountScoresOf(initial.ranking);
  const partitions = (await log.bounds(topic)).length;
  const runs = new Map<number, number>();
  const offsets = createOffsets();
  let ends = new Map<number, bigint>();
  let saidAt = 0;
  let updated = 0;

  /** Who had them cannot write any more. */
  const takeOver = async (taken: readonly number[]): Promise<void> => {
    if (taken.length === 0) return;
    const counting = keyValue.batch();
    const counted = counting.counterAdd(keys.epoch, 1);
    await counting.run();
    const run = counted.value();
    const batch = keyValue.batch();
    const guards = Object.fromEntries(taken.map((partition) => [guardField(partition), String(run)]));
    for (let shard = 0; shard < shards; shard++) batch.hashSet(keys.rankerShard(shard), guards);
    await batch.run();
    for (const partition of taken) runs.set(partition, run);
    saidAt = 0;
  };
  const consumer = await log.consumer({
    ...{ group, topics: [topic], from: 'latest' },
    onAssigned: (came) => takeOver(came.map(({ partition }) => partition)),
    onRevoked: (gone) => {
      for (const { partition } of gone) runs.delete(partition);
    },
  });
  const fanScores = createFanScores({ pipeline, keyValue, runOf: (partition) => String(runs.get(partition)) });

  /** Of partitions of which all has been read that was there when it was said last. */
  const say = async (): Promise<void> => {
    const now = clock.now();
    if (now - saidAt < sayEveryMs) return;
    const [lags, bounds] = await Promise.all([log.lag(group, topic), log.bounds(topic)]);
    const read = new Map(offsets.positions().map(({ partition, offset }) => [partition, offset]));
    for (const { partition, committed } of lags)
      if (!read.has(partition) && committed !== undefined) read.set(partition, committed);
    const isUpToDate = (partition: number): boolean =>
      (read.get(partition) ?? Number.POSITIVE_INFINITY) >= (ends.get(partition) ?? 0n);
    const states = [...runs].flatMap(([partition, run]) => {
      const state: RankerState = { formula: scores.formula, run, until: now + believedMs, partitions };
      return isUpToDate(partition) ? [[String(partition), JSON.stringify(state)] as const] : [];
    });
    saidAt = now;
    ends = new Map(bounds.map(({ partition, end }) => [partition, end]));
    const batch = keyValue.batch();
    batch.hashSet(keys.ranker, Object.fromEntries(states));
    await batch.run();
  };
  const process = async (batches: readonly Batch[]): Promise<void> => {
    const changed = changedIn(batches);
    const lost = await fanScores(changed, scores);
    if (lost.size === 0) return;
    logger.info({ partitions: [...lost] }, 'partitions of a ranking were somebody else’s for a moment');
    const assigned = new Set(consumer.assignment().map(({ partition }) => partition));
    await takeOver([...lost].filter((partition) => assigned.has(partition)));
    const again = changed.filter(({ partition }) => lost.has(partition) && assigned.has(partition));
    if (again.length > 0) await fanScores(again, scores);
  };
  return {
    step: async ({ maxWaitMs }) => {
      const batches = await consumer.poll({ maxRecords, maxWaitMs: Math.min(maxWaitMs, sayEveryMs) });
      if (batches.length > 0) await process(batches);
      const taken = offsets.take(batches);
      updated += taken;
      await say();
      return taken;
    },
    save: async () => consumer.commit(offsets.positions(consumer.assignment())),
    stop: async () => {
      const batch = keyValue.batch();
      batch.hashDelete(keys.ranker, [...runs.keys()].map(String));
      await batch.run();
      await consumer.close();
    },
    update: async (work) => {
      if (work.kind !== 'ranker') return;
      scores = accountScoresOf(work.ranking);
      // What was kept by the formula of before is made anew.
      await takeOver([...runs.keys()]);
    },
    health: () => ({ kind: 'ready' }),
    report: () => ({
      records: offsets.records(),
      watermark: undefined,
      eventTime: undefined,
      produced: { 'accounts ranked': updated },
    }),
  };
};

/** Each account once. The key of a record is that of the window, with `|` and `\` escaped. */
const changedIn = (batches: readonly Batch[]): readonly Changed[] => {
  const changed = new Map<string, Changed>();
  for (const { partition, records } of batches)
    for (const { key, headers } of records) {
      if (key === undefined || headers[watermarkHeader] !== undefined) continue;
      const author = key.replaceAll(/\\([\\|])/g, '$1');
      changed.set(author, { author, partition });
    }
  return [...changed.values()];
};
