import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { groupOf } from '@groundswell/graph';
import { type DeadLetter, decodeJson, PipelineStatus, Prediction, TopPosts, topicsOf } from '@groundswell/wire';
import { expect, onTestFinished, test } from 'vitest';
import { quantile } from '../quantile.ts';
import { type Cluster, openCluster } from './path/cluster.ts';
import { type Results, runEmbedded } from './path/embedded.ts';
import { eventually } from './path/pods.ts';
import { createPath, type Path } from './path/resources.ts';
import { dueScores, idOf, keptPosts, readWindows } from './path/results.ts';

const open = async (speed: 'max' | 'paced') => {
  const path = await createPath(`path-${randomUUID().slice(0, 8)}`, speed);
  onTestFinished(() => rm(path.folder, { recursive: true }));
  return { path, embedded: await runEmbedded(path), cluster: await openCluster(path) };
};

/** The source comes last, so that what is measured is not how long the others take to start. */
const startAll = async ({ programs }: Path, cluster: Cluster): Promise<void> => {
  const kinds = ['window', 'scorer', 'api'];
  const others = programs.filter(({ kind }) => kinds.includes(kind));
  await Promise.all(others.map(({ name }) => cluster.start(name)));
  await cluster.ready();
  await cluster.start('ingest-file');
};

/** What a run must come to. A post that is deleted may be scored or not, as its partition is ahead of the others or not. */
const resultsOf = ({ predictions, outcomes }: Results | Cluster['collector'], path: Path) => {
  const kept = keptPosts(path.events);
  const ours = predictions.filter(({ post_id }) => kept.has(post_id));
  const labels = outcomes.filter(({ post_id }) => kept.has(post_id));
  return {
    ids: ours.map(idOf).sort(),
    outcomes: [...new Map(labels.map((label) => [label.post_id, label]))].sort(([a], [b]) => (a < b ? -1 : 1)),
  };
};

const end = async (path: Path, cluster: Cluster, embedded: Results): Promise<void> => {
  const wanted = resultsOf(embedded, path);
  const isOver = async (): Promise<boolean> => {
    await cluster.collector.collect();
    const { ids, outcomes } = resultsOf(cluster.collector, path);
    const isAll = new Set(ids).size >= wanted.ids.length && outcomes.length >= wanted.outcomes.length;
    return isAll && (await cluster.endedWindows()) === 3;
  };
  await eventually('all is scored', isOver, { pods: cluster.pods(), withinMs: 90_000 });
};

/** SIGTERM to all of them: they finish, save, commit and leave. */
const drain = async ({ programs, pipeline }: Path, cluster: Cluster): Promise<void> => {
  const codes = await Promise.all([...cluster.pods()].map(async (pod) => [pod.program.name, await pod.terminate()]));
  expect(Object.fromEntries(codes)).toEqual(Object.fromEntries(codes.map(([name]) => [name, 0])));
  const readers = programs.filter(({ kind }) => kind === 'window' || kind === 'scorer');
  for (const program of readers) {
    const lag = await cluster.log.lag(groupOf(program), topicsOf(pipeline).events);
    expect(lag.map(({ lag, committed }) => ({ lag, isCommitted: committed !== undefined }))).toEqual(
      lag.map(() => ({ lag: 0n, isCommitted: true })),
    );
  }
};

const expectConserved = async ({ events }: Path, cluster: Cluster): Promise<void> => {
  const distinct = new Set(events.map(({ id }) => id)).size;
  expect(await cluster.ingestLedger()).toEqual({
    in: events.length + 1,
    written: distinct,
    duplicate: events.length - distinct,
    deadLettered: 1,
  });
  const ledgers = await cluster.windowLedgers();
  expect(ledgers.length).toBe(3);
  for (const { in: taken, copies, ...parts } of ledgers) {
    // What was sent on by key again after a kill is dropped there.
    expect(taken).toBe(distinct + parts.duplicate);
    expect(Object.values(parts).reduce((sum, part) => sum + part)).toBe(taken);
    expect({ copies, ...parts }).toMatchObject({ copies: 0, late: 0, deadLettered: 0 });
  }
};

/**
 * Scores themselves are not compared: pods run freely, so a window may be ahead or behind at the moment of a score, and its
 * value then goes into the vector. That a score is made, for which moment and by which variant, does not depend on it.
 */
const expectSame = async (path: Path, cluster: Cluster, embedded: Results): Promise<void> => {
  const [is, shouldBe] = [resultsOf(cluster.collector, path), resultsOf(embedded, path)];
  expect([...new Set(is.ids)]).toEqual(shouldBe.ids);
  expect(is.outcomes).toEqual(shouldBe.outcomes);
  const windows = await readWindows(cluster.keyValue, path.pipeline, path.events);
  expect([...windows.values()].filter((series) => Array.isArray(series) && series.length > 0).length).toBeGreaterThan(
    300,
  );
  expect(windows).toEqual(embedded.windows);
};

const expectApi = async (cluster: Cluster): Promise<void> => {
  const { url } = cluster.pod('api');
  const ask = (path: string) => fetch(`${url}${path}`);
  const { posts } = TopPosts.parse(await (await ask('/v1/top?limit=10')).json());
  expect(posts.length).toBe(10);
  expect(posts.every(({ score }) => Number.isFinite(score))).toBe(true);
  expect((await ask('/readyz')).status).toBe(200);
  expect(await (await ask('/metrics')).text()).toContain('# TYPE ');
  expect(PipelineStatus.parse(await (await ask('/v1/status')).json()).programs[0]?.health).toEqual({ kind: 'ready' });
};

test('a file becomes scores and windows on Kafka and Redis, the same as in one process', async () => {
  const { path, embedded, cluster } = await open('max');
  await startAll(path, cluster);
  await end(path, cluster, embedded);
  await expectSame(path, cluster, embedded);
  const { predictions } = cluster.collector;
  for (const prediction of predictions) Prediction.parse(prediction);
  expect(predictions.every(({ score }) => Number.isFinite(score))).toBe(true);
  const ids = predictions.map(idOf);
  expect(new Set(ids).size).toBe(ids.length);
  const scores = new Set(predictions.map(({ post_id, trigger, scored_at }) => `${post_id} ${trigger} ${scored_at}`));
  expect(dueScores(keptPosts(path.events)).filter((due) => !scores.has(due))).toEqual([]);
  await expectApi(cluster);
  await drain(path, cluster);
  await expectConserved(path, cluster);
  expect((await deadLettersOf(path, cluster)).map(({ group }) => group)).toEqual(['ingest-file']);
}, 180_000);

const deadLettersOf = async ({ pipeline }: Path, { log }: Cluster): Promise<readonly DeadLetter[]> => {
  const consumer = await log.consumer({ topics: [topicsOf(pipeline).deadLetters], from: 'earliest' });
  onTestFinished(() => consumer.close());
  const batches = await consumer.poll({ maxRecords: 100, maxWaitMs: 5_000 });
  return batches.flatMap(({ records }) =>
    records.map(({ value }) => decodeJson(value ?? new Uint8Array()) as DeadLetter),
  );
};

/** From the event's ingest to its prediction, of posts as they appear. For people; nothing is asserted of time. */
const tellLatencies = async ({ pipeline }: Path, { collector, log }: Cluster, sinceMs: number): Promise<void> => {
  const latencies = collector.predictions.flatMap(({ trigger, latency_ms: ms }) =>
    trigger === 'appeared' && ms !== null ? [ms] : [],
  );
  const ends = (await log.bounds(topicsOf(pipeline).events)).map(({ end: offset }) => Number(offset));
  const rate = Math.round((1_000 * ends.reduce((sum, offset) => sum + offset)) / (performance.now() - sinceMs));
  const [p50, p99] = [quantile(latencies, 0.5), quantile(latencies, 0.99)];
  process.stderr.write(
    `From event to prediction: p50 ${p50} ms, p99 ${p99} ms (${latencies.length} posts, ${rate} records/s)\n`,
  );
};

test('kill -9 of a source, a window and a scorer in the middle, start them again: the same final results', async () => {
  const { path, embedded, cluster } = await open('paced');
  await startAll(path, cluster);
  const sinceMs = performance.now();
  const half = embedded.predictions.length / 2;
  const isHalf = async (): Promise<boolean> => {
    await cluster.collector.collect();
    return cluster.collector.predictions.length >= half;
  };
  await eventually('half of it is scored', isHalf, { pods: cluster.pods() });
  await tellLatencies(path, cluster, sinceMs);
  const killed = ['ingest-file', 'window-reposts', 'scorer-virality'];
  const replaced = ['window-authors'];
  await Promise.all(killed.map((name) => cluster.pod(name).kill()));
  expect(await Promise.all(replaced.map((name) => cluster.pod(name).terminate()))).toEqual([0]);
  expect(await cluster.endedWindows()).toBe(0);
  await Promise.all([...killed, ...replaced].map((name) => cluster.start(name)));
  await end(path, cluster, embedded);
  await expectSame(path, cluster, embedded);
  await drain(path, cluster);
  await expectConserved(path, cluster);
}, 180_000);
