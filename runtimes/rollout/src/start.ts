import { groupOf, RolloutProgram } from '@groundswell/graph';
import type { Health, Report, Running } from '@groundswell/process';
import {
  createResultsReader,
  deadLetterOf,
  decodeState,
  encodeState,
  openConsumer,
  type Poison,
  type Ports,
} from '@groundswell/stores';
import { encodeJson, keysOf, type RolloutStatus, watermarkOf } from '@groundswell/wire';
import { createBook } from './book.ts';
import { definitionOf, type RolloutCheckpoint } from './checkpoint.ts';
import { type Decision, decide, demandOf } from './decide.ts';
import { createIntake } from './intake.ts';
import { createRolloutMetrics } from './metrics.ts';
import { pointOf, statusOf } from './status.ts';

/** Records of one step. */
const maxRecords = 5000;

/** Between two verdicts, event time, ms: they cost more than what came in between. */
const lookEveryMs = 60_000;

/** Looks at the evidence that are kept for people to see: eight hours of one a minute. */
const pointsKept = 480;

const restore = async (program: RolloutProgram, { checkpoints }: Ports): Promise<RolloutCheckpoint> => {
  const bytes = await checkpoints.load(program.name);
  const definition = definitionOf(program);
  if (bytes === undefined) {
    const book = createBook(program).snapshot();
    return { definition, book, state: undefined, rejected: undefined, promote: program.promote, positions: [] };
  }
  return decodeState<RolloutCheckpoint>(program.name, bytes);
};

/**
 * Starts the rollout of a ScoringModel where it was last saved. The topics have to exist. It moves no shares itself: what
 * it asks for stands in its report.
 *
 * @throws Error for a checkpoint that does not parse
 */
export const startRollout = async (initial: RolloutProgram, ports: Ports): Promise<Running> => {
  let program = initial;
  const saved = await restore(program, ports);
  const intake = createIntake(program, saved.positions);
  const producer = await ports.log.producer();
  const consumer = await openConsumer(ports.log, {
    group: groupOf(program),
    topics: [program.predictions.name, program.outcomes.name],
    positions: intake.positions,
  });
  const metrics = createRolloutMetrics(ports.metrics, program.model);
  const keys = keysOf(program.pipeline);
  const isSame = saved.definition === definitionOf(program);
  let book = createBook(program, isSame ? saved.book : undefined, saved.book.now ?? undefined);
  let { state, rejected, promote } = saved;
  let decision: Decision | undefined;
  let told: RolloutStatus | undefined;
  let [records, looked, lookedAt] = [0, false, -Infinity];

  const staleWindows = async (): Promise<readonly string[]> => {
    if (program.fresh.length === 0) return [];
    const windows = program.fresh.map(({ window }) => window);
    return createResultsReader(
      ports.keyValue,
      program.pipeline,
      windows,
    )((batch, placeOf) => {
      const told = program.fresh.map((fresh) => ({
        ...fresh,
        shards: batch.hashGetAll(placeOf(fresh.window).watermarks),
      }));
      const isStale = ({ shards, maxStalenessMs }: (typeof told)[number]): boolean => {
        const watermark = watermarkOf(shards.value());
        return watermark === undefined || watermark < book.now() - maxStalenessMs;
      };
      return () => told.filter(isStale).map(({ window }) => window);
    });
  };
  const bury = async (poison: readonly Poison[]): Promise<void> => {
    const now = ports.clock.now();
    await producer.send(
      program.deadLetters.name,
      poison.map((each) => deadLetterOf(program.name, each, now)),
    );
  };
  /** Shows where it stands, and records what changed with all that led to it. */
  const tell = async (before: Decision | undefined, recorded: object): Promise<void> => {
    if (decision === undefined) return;
    const status: RolloutStatus = statusOf(program, book, decision);
    told = status;
    const batch = ports.keyValue.batch();
    batch.hashSet(keys.rollout(program.model), { status: JSON.stringify(status) });
    batch.listPush(keys.rolloutHistory(program.model), [JSON.stringify(pointOf(program, status))], pointsKept);
    await batch.run();
    metrics.tell(status);
    if (!isNews(before, decision)) return;
    ports.logger.info({ model: program.model, verdict: status.verdict.state, doing: status.doing }, 'rollout moved');
    const value = encodeJson({ status, program, ...recorded });
    await producer.send(program.decisions.name, [{ key: program.model, value, timestamp: status.at }]);
  };
  const look = async (): Promise<void> => {
    book.settle();
    const facts = {
      now: book.now(),
      stale: await staleWindows(),
      promote: program.promote !== undefined && program.promote !== promote,
      rejected,
    };
    const evidence = book.evidence();
    const before = decision;
    const from = state;
    decision = decide(program, state, { evidence, facts });
    state = decision.state;
    if (facts.promote) promote = program.promote;
    if (state.phase === 'Aborted') rejected = state.challenger;
    book.declare(state.share / 100);
    [looked, lookedAt] = [true, book.now()];
    await tell(before, { from: from ?? null, evidence, facts });
  };

  return {
    name: program.name,
    step: async ({ maxWaitMs }) => {
      const batches = await consumer.poll({ maxRecords, maxWaitMs });
      const poison = intake.take(batches, book);
      if (poison.length > 0) await bury(poison);
      // Without a prediction there is no event time to decide in.
      if (Number.isFinite(book.now()) && (!looked || book.now() - lookedAt >= lookEveryMs)) await look();
      const taken = batches.reduce((sum, batch) => sum + batch.records.length, 0);
      records += taken;
      return taken;
    },
    save: async () => {
      const positions = intake.positions();
      const checkpoint: RolloutCheckpoint = {
        definition: definitionOf(program),
        book: book.snapshot(),
        state,
        rejected,
        promote,
        positions,
      };
      await ports.checkpoints.save(program.name, encodeState(checkpoint));
      await consumer.commit(positions);
    },
    stop: async () => {
      await consumer.close();
      await producer.close();
    },
    update: async (changed) => {
      const next = RolloutProgram.parse(changed);
      if (!readsTheSame(program, next)) return false;
      if (definitionOf(next) !== definitionOf(program)) book = createBook(next, undefined, book.now());
      // Nothing of what the one before it had come to is the new challenger's.
      if (next.challenger.sha256 !== program.challenger.sha256) state = undefined;
      program = next;
      looked = false;
      return true;
    },
    health: (): Health => ({ kind: 'ready' }),
    report: (): Report => ({
      records,
      watermark: undefined,
      eventTime: Number.isFinite(book.now()) ? book.now() : undefined,
      produced: {},
      ...(state === undefined ? {} : { demand: demandOf(program, state, book.now()) }),
      ...(told === undefined ? {} : { rollout: told }),
    }),
  };
};

const isNews = (before: Decision | undefined, { state, verdict }: Decision): boolean =>
  before === undefined ||
  before.verdict.state !== verdict.state ||
  before.state.phase !== state.phase ||
  before.state.step !== state.step ||
  before.state.share !== state.share;

const readsTheSame = (a: RolloutProgram, b: RolloutProgram): boolean =>
  a.pipeline === b.pipeline &&
  a.model === b.model &&
  a.predictions.name === b.predictions.name &&
  a.outcomes.name === b.outcomes.name;
