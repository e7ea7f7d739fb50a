import { RolloutProgram } from '@groundswell/graph';
import { createLogger, createMetrics, type Running } from '@groundswell/process';
import type { Ports } from '@groundswell/stores';
import { createEmbeddedStores } from '@groundswell/stores/embedded';
import { decodeJson, encodeJson, keysOf, type Outcome, type Prediction, RolloutStatus } from '@groundswell/wire';
import { startRollout } from '../index.ts';

export const hour = 3_600_000;
const day = 24 * hour;

/** Uniform in [0, 1): mulberry32. */
const createRandom = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
};

export const program = (over: Partial<RolloutProgram> = {}): RolloutProgram =>
  RolloutProgram.parse({
    ...{ kind: 'rollout', name: 'rollout-virality', pipeline: 'demo', revision: '1', model: 'virality' },
    predictions: { name: 'demo.predictions' },
    outcomes: { name: 'demo.outcomes' },
    deadLetters: { name: 'demo.dead-letters' },
    decisions: { name: 'demo.decisions' },
    outcome: { name: 'viral', maturityMs: day },
    agesMs: [0],
    routingKey: 'post_id',
    champion: { name: 'champion', sha256: 'aa' },
    challenger: { name: 'challenger', sha256: 'bb' },
    percent: 100,
    steps: [
      { kind: 'shadow', forMs: hour },
      { kind: 'share', percent: 20 },
      { kind: 'gate', verdict: 'Better', timeoutMs: 30 * day, onTimeout: 'Abort' },
    ],
    autoPromote: true,
    abort: false,
    rollbackWindowMs: day,
    policy: { metric: 'Auc', alpha: 0.05, minEffect: 0, margin: 0.005, minLabels: 200, splitAlpha: 0.001 },
    guardrails: { maxErrors: 0.001, maxCalibrationError: 0.9, maxScorePsi: 100 },
    fresh: [],
    ...over,
  });

/** What each variant says of a post, and what became of it. */
export interface PostScores {
  readonly positive: boolean;
  readonly champion: number;
  readonly challenger: number;
}

/** Posts of which the champion knows little, and the challenger as much as `skill` says: 0 nothing, 1 everything. */
export const postsOf = (count: number, skill: number, seed = 1): readonly PostScores[] => {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const positive = random() < 0.2;
    const scoreOf = (by: number): number =>
      Math.min(1, Math.max(0, 0.5 + (positive ? by : -by) / 2 + (random() - 0.5) * 0.9));
    return { positive, champion: scoreOf(0.15), challenger: scoreOf(skill) };
  });
};

/** Which post is the first, the percent of posts that the challenger answers, and what happens after every hundred posts. */
interface Playing {
  readonly from?: number;
  readonly share?: () => number;
  readonly step?: () => Promise<void>;
}

/** What the scorers would give the challenger. */
export const asked = (running: Running) => (): number => running.report().demand?.shares.challenger ?? 0;

export const createWorld = async (directory?: string) => {
  const clock = { now: () => 0 };
  const logger = createLogger('test', 'silent');
  const stores = await createEmbeddedStores({ clock, logger, ...(directory === undefined ? {} : { directory }) });
  const ports: Ports = { ...stores, clock, logger, metrics: createMetrics() };
  const topics = ['predictions', 'outcomes', 'dead-letters', 'decisions'].map((name) => `demo.${name}`);
  await stores.log.createTopics(topics.map((name) => ({ name, partitions: 1 })));
  const producer = await stores.log.producer();

  const prediction = (of: Partial<Prediction>): Prediction => ({
    ...{ model: 'virality', variant: 'champion', digest: 'aa', shadow: false, post_id: 'p', author_id: 'a' },
    ...{ posted_at: 0, scored_at: 0, age_ms: 0, trigger: 'appeared', score: 0.5, vector: [], latency_ms: 2 },
    ...of,
  });
  const send = (topic: string, values: readonly object[]): Promise<void> =>
    producer.send(
      topic,
      values.map((value) => ({ value: encodeJson(value) })),
    );

  return {
    ports,
    commit: () => stores.commit(),
    close: () => stores.close(),
    start: (of = program()): Promise<Running> => startRollout(of, ports),
    send,
    prediction,
    /** Posts a minute apart, scored by both when they appear, with their outcomes at the right time. */
    play: async (
      posts: readonly PostScores[],
      { from = 0, share = () => 0, step = async () => {} }: Playing = {},
    ): Promise<void> => {
      const pending: Outcome[] = [];
      for (const [i, { positive, champion, challenger }] of posts.entries()) {
        const posted_at = (from + i) * 60_000;
        const post_id = `post-${from + i}`;
        const isChallenged = (((from + i) * 7919) % 1000) / 10 < share();
        const at = { post_id, posted_at, scored_at: posted_at };
        await send('demo.predictions', [
          prediction({ ...at, score: champion, shadow: isChallenged }),
          prediction({ ...at, variant: 'challenger', digest: 'bb', score: challenger, shadow: !isChallenged }),
        ]);
        const matured_at = posted_at + day;
        pending.push({ outcome: 'viral', post_id, posted_at, matured_at, value: positive ? 1 : 0, positive });
        while (pending[0] !== undefined && pending[0].matured_at <= posted_at)
          await send('demo.outcomes', [pending.shift()!]);
        if (i % 100 === 99) await step();
      }
    },
    status: async (): Promise<RolloutStatus | undefined> => {
      const batch = ports.keyValue.batch();
      const found = batch.hashGet(keysOf('demo').rollout('virality'), ['status']);
      await batch.run();
      const [text] = found.value();
      return text === undefined ? undefined : RolloutStatus.parse(JSON.parse(text));
    },
    read: async (topic: string): Promise<unknown[]> => {
      const consumer = await stores.log.consumer({ topics: [topic], from: 'earliest' });
      const batches = await consumer.poll({ maxRecords: 100_000, maxWaitMs: 0 });
      await consumer.close();
      return batches.flatMap(({ records }) => records.map(({ value }) => value && decodeJson(value)));
    },
  };
};

export const drain = async (running: Running): Promise<void> => {
  while ((await running.step({ maxWaitMs: 0 })) > 0);
};
