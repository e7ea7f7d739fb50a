import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { groupOf, TrainerProgram } from '@groundswell/graph';
import type { Health, Report, Running } from '@groundswell/process';
import { decodeState, encodeState, openConsumer, type Ports } from '@groundswell/stores';
import { publishRun, runNameOf, type Shelf } from './artifacts.ts';
import type { TrainerCheckpoint } from './checkpoint.ts';
import { createIntake } from './intake.ts';
import { inUseOf, propose, readRollout, withChampion } from './proposal.ts';
import { train } from './run-trainer.ts';
import { nextRun } from './schedule.ts';
import { openSpool, snapshotIn } from './spool.ts';

export interface TrainerOptions {
  /** Where relative paths of the resources begin. */
  readonly directory: string;
  /** Where rows are kept and artifacts are published. */
  readonly dataDirectory: string;
  /** Waits for each run to end: for a replay as fast as possible, which would be over before the first model is there. */
  readonly waits: boolean;
}

/** Records of one step. */
const maxRecords = 5000;

const restore = async (program: TrainerProgram, { checkpoints }: Ports): Promise<TrainerCheckpoint> => {
  const bytes = await checkpoints.load(program.name);
  return bytes === undefined
    ? {
        spool: undefined,
        proposed: {},
        candidate: undefined,
        now: undefined,
        due: undefined,
        classes: 0,
        positions: [],
      }
    : decodeState(program.name, bytes);
};

/**
 * Trains a model by its schedule, in event time, from what the scorer has logged, and proposes what passed its gates as
 * challenger. A run that was cut off is done again at the next start, on the rows that it had. The topics have to exist. What it proposes stands in its report: whoever runs the programs puts it in force.
 *
 * @throws Error for a checkpoint that does not parse
 */
export const startTrainer = async (
  initial: TrainerProgram,
  ports: Ports,
  { directory, dataDirectory, waits }: TrainerOptions,
): Promise<Running> => {
  let program = initial;
  const { logger } = ports;
  const home = join(dataDirectory, 'training', program.model);
  const saved = await restore(program, ports);
  const spool = await openSpool(join(home, 'rows'), program.maxRows, saved.spool);
  const intake = createIntake(program, spool, saved);
  const consumer = await openConsumer(ports.log, {
    group: groupOf(program),
    topics: [program.predictions.name, program.outcomes.name],
    positions: intake.positions,
  });
  const ended = new AbortController();
  let { proposed, candidate, due, underWay } = saved;
  let [records, runs, published] = [0, 0, 0];
  let present: Promise<void> | undefined;

  const access = { directory, cache: join(home, 'artifacts') };
  const shelf = (): Shelf => {
    const path = join(dataDirectory, program.publish.folder, program.model);
    return { path, uri: path };
  };
  const trainOnce = async (at: number): Promise<void> => {
    const name = runNameOf(at);
    const folder = join(home, 'runs', name);
    const say = (line: string): void => logger.info({ model: program.model, run: name }, line);
    const kept = snapshotIn(folder);
    if (kept !== undefined) say('a run that was cut off is done again, on the rows that it had');
    const files = kept ?? (await spool.snapshot(folder));
    const card = await train(withChampion(program, proposed), files, {
      ...{ out: folder, access, say },
      signal: ended.signal,
    });
    await Promise.all(Object.values(files).map((path) => rm(path)));
    if (card.result === 'Refused') {
      await rm(folder, { recursive: true });
      return;
    }
    const inUse = inUseOf(proposed, candidate);
    candidate = await publishRun(program, { name, folder, card }, { access, shelf, inUse });
    published++;
    say(`published ${candidate.uri}`);
  };
  /** A run that fails is no reason to stop: the next one may have what this one lacked. */
  const begin = (at: number): Promise<void> => {
    runs++;
    underWay = at;
    return trainOnce(at)
      .catch(async (error: unknown) => {
        if (ended.signal.aborted) return;
        logger.warn({ err: error, model: program.model }, 'training failed');
        await rm(join(home, 'runs', runNameOf(at)), { recursive: true, force: true });
      })
      .finally(() => {
        present = undefined;
        if (!ended.signal.aborted) underWay = undefined;
      });
  };
  const considerTraining = async (): Promise<void> => {
    const now = intake.now();
    if (now === undefined) return;
    if (underWay !== undefined && present === undefined) {
      present = begin(underWay);
      if (waits) await present;
      return;
    }
    due ??= nextRun(program.schedule, program.timeZone, now);
    if (due === undefined || now < due || present !== undefined || !intake.hasBothClasses()) return;
    const at = due;
    due = nextRun(program.schedule, program.timeZone, now);
    present = begin(at);
    if (waits) await present;
  };
  const considerProposing = async (): Promise<void> => {
    if (candidate === undefined || program.publish.proposeAs === undefined) return;
    const next = propose(program, { candidate, before: proposed, rollout: await readRollout(program, ports.keyValue) });
    if (next === undefined) return;
    logger.info({ model: program.model, sha256: candidate.sha256 }, 'proposed as challenger');
    proposed = next;
    candidate = undefined;
  };

  return {
    name: program.name,
    step: async ({ maxWaitMs }) => {
      const taken = intake.take(await consumer.poll({ maxRecords, maxWaitMs }));
      records += taken;
      await considerTraining();
      await considerProposing();
      return taken;
    },
    save: async () => {
      const mark = await spool.save();
      const positions = intake.positions();
      const checkpoint: TrainerCheckpoint = {
        spool: mark,
        proposed,
        candidate,
        now: intake.now(),
        due,
        underWay,
        classes: intake.classes(),
        positions,
      };
      await ports.checkpoints.save(program.name, encodeState(checkpoint));
      await consumer.commit(positions);
    },
    stop: async () => {
      ended.abort();
      await present;
      await consumer.close();
    },
    update: async (changed) => {
      const next = TrainerProgram.parse(changed);
      if (next.model !== program.model || next.predictions.name !== program.predictions.name) return false;
      if (next.outcomes.name !== program.outcomes.name || next.features.join() !== program.features.join())
        return false;
      if (next.outcome !== program.outcome) return false;
      if (next.schedule !== program.schedule || next.timeZone !== program.timeZone) due = undefined;
      program = next;
      return true;
    },
    health: (): Health =>
      intake.hasBothClasses()
        ? { kind: 'ready' }
        : { kind: 'waiting', reason: 'NoLabels', message: 'Trains once posts of both classes have matured' },
    report: (): Report => ({
      records,
      watermark: undefined,
      eventTime: intake.now(),
      produced: {
        'training runs': runs,
        'models published': published,
        ...(intake.unreadable() > 0 && { 'unreadable records': intake.unreadable() }),
      },
      ...(Object.keys(proposed).length > 0 && { proposal: { model: program.model, artifacts: proposed } }),
    }),
  };
};
