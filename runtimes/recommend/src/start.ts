import { groupOf, RecommendProgram } from '@groundswell/graph';
import type { ScoreItems } from '@groundswell/pod';
import { openBlockLists, type Report, type Running, type Values } from '@groundswell/process';
import { compileRules } from '@groundswell/recommending';
import { createOffsets, deadLetterOf, type Ports } from '@groundswell/stores';
import { encodeJson } from '@groundswell/wire';
import { createDoor, type Door } from './door/door.ts';
import { createEventClock } from './event-clock.ts';
import { createCatalogue } from './knowledge/catalogue.ts';
import { createCommonReader } from './knowledge/common.ts';
import { createPersonal } from './knowledge/personal.ts';
import { createSimilarItems } from './knowledge/similar-items.ts';
import { type InForce, openBlendWeights } from './learning/blend-weights.ts';
import { createLearner, type Learner } from './learning/learn.ts';
import { readEvents } from './learning/read-events.ts';
import { createRecorder } from './learning/record.ts';
import { createRecommendMetrics } from './metrics.ts';
import { openOfflineScores } from './ranking/offline.ts';

export interface RecommendOptions {
  readonly scoreItems: ScoreItems;
  /** Where block lists are. */
  readonly values: Values;
  /** Absent: that of the runtime. */
  readonly random?: () => number;
}

export interface RecommendRunning extends Running {
  /** Where requests come to. */
  readonly door: Door;
}

/** Records of one step. */
const maxRecords = 2_000;

/** Starts a Recommender: it answers requests as they come, and learns from events with `step`. The topics have to exist. */
export const startRecommend = async (
  initial: RecommendProgram,
  ports: Ports,
  { scoreItems, values, random = Math.random }: RecommendOptions,
): Promise<RecommendRunning> => {
  const { log, keyValue, clock, logger } = ports;
  let program = initial;
  let lists = await openBlockLists(listsOf(program), { values, clock, logger });
  let rules = compileRules(program.rules, lists);
  let offline = openOfflineScores(program.blend, ports);
  const current = () => program;
  const group = groupOf(program);
  const events = createEventClock(clock);
  const metrics = createRecommendMetrics(ports.metrics, program.recommender, clock);
  const { pipeline, recommender } = program;
  const wall = () => clock.now();
  const { now } = events;
  const weights = await openBlendWeights({ keyValue, program: current, now, wall, onLearned: metrics.weighed });
  const catalogue = createCatalogue({ keyValue, pipeline, recommender, now: wall });
  const learnerOf = (of: RecommendProgram): Learner =>
    createLearner({ keyValue, program: of, now: wall, weights, onItem: catalogue.forget });
  let learner = learnerOf(program);
  const producer = await log.producer();
  const consumer = await log.consumer({ group, topics: [program.events.name], from: 'earliest' });
  const recorder = createRecorder({ program: current, keyValue, producer, weights, logger });
  const recommending = {
    ...{ program: current, keyValue, catalogue, scoreItems, now, random, logger },
    common: createCommonReader({ keyValue, program: current, now, wall }),
    personal: createPersonal({ keyValue, pipeline, recommender }),
    similarItems: createSimilarItems({ keyValue, pipeline, recommender, now: wall }),
    rules: () => rules,
    offline: () => offline,
    weights,
  };
  const door = createDoor({ recommending, recorder, metrics, now: wall });
  const offsets = createOffsets();
  let newest: number | undefined;

  return {
    name: program.name,
    door,
    step: async ({ maxWaitMs }) => {
      // Another program makes void what was answered before.
      if (await lists.look()) program = { ...program };
      await weights.look();
      const batches = await consumer.poll({ maxRecords, maxWaitMs });
      if (batches.length === 0) return 0;
      const { events: read, poison } = readEvents(batches);
      const letters = poison.map((each) => deadLetterOf(group, each, clock.now()));
      if (letters.length > 0) await producer.send(program.deadLetters.name, letters);
      const successes = await learner.learn(read);
      for (const { at } of read) {
        events.see(at);
        newest = Math.max(newest ?? at, at);
      }
      if (successes.length > 0)
        await producer.send(
          program.log.name,
          successes.map((success) => ({ key: success.user_id, value: encodeJson(success), timestamp: success.at })),
        );
      for (const _ of successes) metrics.success();
      return offsets.take(batches);
    },
    save: () => consumer.commit(offsets.positions(consumer.assignment())),
    stop: async () => {
      await recorder.settled();
      await weights.write();
      await consumer.close();
      await producer.close();
    },
    update: async (changed) => {
      const wanted = RecommendProgram.parse(changed);
      if (fixedOf(wanted) !== fixedOf(program)) return false;
      const opened = await openBlockLists(listsOf(wanted), { values, clock, logger }).catch(() => undefined);
      // A list that is not here yet comes with a new pod.
      if (opened === undefined) return false;
      lists = opened;
      rules = compileRules(wanted.rules, lists);
      offline = openOfflineScores(wanted.blend, ports);
      learner = learnerOf(wanted);
      program = wanted;
      return true;
    },
    health: () => ({ kind: 'ready' }),
    report: () => ({
      records: offsets.records(),
      watermark: undefined,
      eventTime: newest,
      produced: metrics.produced(),
      p99Ms: metrics.p99Ms(),
      blend: learnedOf(weights.inForce()),
    }),
  };
};

const listsOf = ({ rules }: RecommendProgram) => rules.flatMap((rule) => (rule.kind === 'block' ? [rule.list] : []));

const learnedOf = (blend: InForce | undefined): Report['blend'] =>
  blend?.labels === undefined ? undefined : { ...blend, labels: blend.labels };

/** What it stands on. */
const fixedOf = ({ pipeline, name, recommender, events, log, deadLetters, items }: RecommendProgram): string =>
  JSON.stringify([pipeline, name, recommender, events, log, deadLetters, items.where]);
