import { type FanOutSettings, type FeedProgram, groupOf } from '@groundswell/graph';
import { type Batch, createOffsets, deadLetterOf, type Poison, type Ports } from '@groundswell/stores';
import type { Group } from '../group.ts';
import { readJobs, readPosts } from '../records.ts';
import { createDelivery } from './deliver.ts';
import { createJobs } from './jobs.ts';
import { createFanOutMetrics } from './metrics.ts';
import { createPlanner } from './planner.ts';
import { createShards } from './shards.ts';

/** Records of one step. */
const maxRecords = 1000;

/** With more jobs before it, it reads no more. */
const maxOpen = 20_000;

/** Jobs that ended and are kept one by one. */
const maxUnsettled = 20_000;

/** Rounds follow one another for so long before records are read again, ms. */
const sliceMs = 50;

/**
 * Brings posts to the timelines of followers. Two topics in one group: of posts, from which it plans a job for each shard that has
 * followers; and of those jobs, which all workers share. How far a job is stands in the store, written with the page itself.
 */
export const startFanOut = async (program: FeedProgram, initial: FanOutSettings, ports: Ports): Promise<Group> => {
  const { log, keyValue, clock } = ports;
  const { pipeline, feed } = program;
  const topic = initial.jobs.name;
  let settings = initial;
  const producer = await log.producer();
  const partitions = (await log.bounds(topic)).length;
  const planner = createPlanner({ pipeline, keyValue, partitions });
  const shards = createShards(pipeline, keyValue);
  const jobs = createJobs(topic, shards);
  const deliver = createDelivery({ pipeline, keyValue, jobs, shards });
  const metrics = createFanOutMetrics(ports.metrics, {
    feed,
    clock,
    open: () => jobs.open,
    inFlight: jobs.inFlight,
  });
  const planned = createOffsets();
  const consumer = await log.consumer({
    ...{ group: groupOf(program), topics: [program.posts.name, topic], from: 'earliest' },
    onRevoked: (gone) => {
      for (const each of gone)
        if (each.topic === topic) for (const shard of jobs.revoke(each.partition)) shards.drop(shard);
    },
  });
  let [records, posts] = [0, 0];
  let unsettled = 0;

  const bury = async (poison: readonly Poison[]): Promise<void> => {
    if (poison.length === 0) return;
    const letters = poison.map((each) => deadLetterOf(groupOf(program), each, clock.now()));
    await producer.send(program.deadLetters.name, letters);
  };
  const plan = async (batches: readonly Batch[]): Promise<void> => {
    const read = readPosts(batches);
    await bury(read.poison);
    const planJobs = await planner.plan(read.records, settings);
    posts += read.records.length;
    if (planJobs.length > 0) await producer.send(topic, planJobs);
    planned.take(batches);
  };
  const takeJobs = async (batches: readonly Batch[]): Promise<void> => {
    const read = readJobs(batches);
    await bury(read.poison);
    await shards.own(read.records.map(({ record }) => record.shard));
    jobs.take(read.records);
  };
  const deliverForAWhile = async (): Promise<number> => {
    const until = clock.now() + sliceMs;
    let pages = 0;
    while (jobs.open > 0) {
      const delivered = await deliver(settings);
      pages += delivered.pages;
      metrics.delivered(delivered);
      unsettled += delivered.ended.length;
      if (clock.now() >= until) break;
    }
    return pages;
  };
  const settle = async (): Promise<void> => {
    unsettled = 0;
    const { origins, positions } = jobs.finished();
    for (const shard of await shards.settle(origins)) shards.drop(shard);
    const isMine = new Set(consumer.assignment().map((each) => `${each.topic}/${each.partition}`));
    const own = positions.filter((each) => isMine.has(`${each.topic}/${each.partition}`));
    await consumer.commit([...planned.positions(consumer.assignment()), ...own]);
  };

  return {
    step: async ({ maxWaitMs }) => {
      const batches =
        jobs.open > maxOpen ? [] : await consumer.poll({ maxRecords, maxWaitMs: jobs.open > 0 ? 0 : maxWaitMs });
      const ofJobs = batches.filter((batch) => batch.topic === topic);
      const ofPosts = batches.filter((batch) => batch.topic !== topic);
      if (ofPosts.length > 0) await plan(ofPosts);
      if (ofJobs.length > 0) await takeJobs(ofJobs);
      const taken = batches.reduce((sum, batch) => sum + batch.records.length, 0);
      records += taken;
      const pages = await deliverForAWhile();
      // Where nobody saves, as on a laptop that keeps nothing.
      if (unsettled > maxUnsettled) await settle();
      return taken + pages;
    },
    save: settle,
    stop: async () => {
      await consumer.close();
      await producer.close();
    },
    update: (work) => {
      if (work.kind === 'fanOut') settings = work;
    },
    health: () => ({ kind: 'ready' }),
    report: () => ({
      ...{ records, watermark: undefined, eventTime: undefined, p99Ms: metrics.p99Ms(), fanOut: metrics.progress() },
      produced: { ...metrics.produced(), posts },
    }),
  };
};
