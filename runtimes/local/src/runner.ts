import { setImmediate as yieldToIo } from 'node:timers/promises';
import { inForce, type Program, type RolloutProgram, rolloutWith, scorerWith } from '@groundswell/graph';
import type { Clock, Health, Logger, Running } from '@groundswell/process';
import { type Change, planChanges } from './changes.ts';

/** A program and what became of it here. */
export interface Unit {
  readonly program: Program;
  /** undefined where it could not be started. */
  readonly running: Running | undefined;
  /** Why it does not run, or runs no more. */
  readonly failure: string | undefined;
}

/** What a person said of a rollout, as annotations of its resource say it in a cluster. */
interface Word {
  readonly promote?: string;
  /** Digest of what is given up. */
  readonly abort?: string;
}

export interface Runner {
  /** One step of every program, in order. Resolves to the number of records taken. */
  cycle(maxWaitMs: number): Promise<number>;
  /** State of all programs and one commit of the store: after a crash everything goes back to here. */
  save(): Promise<void>;
  /** The shortest time between saves that a program asks for, ms; Infinity where none does. */
  saveEveryMs(): number;
  /** Heard after the next cycle, and until the end of this process; what follows from it is kept by the rollout. */
  say(model: string, word: Word): void;
  stop(): Promise<void>;
  units(): readonly Unit[];
  /** Starts, restarts or stops what changed; what can take its change live does. Resolves to one line for each change. */
  update(programs: readonly Program[]): Promise<readonly string[]>;
}

export interface RunnerOptions {
  readonly start: (program: Program) => Promise<Running>;
  readonly commit: () => Promise<void>;
  readonly logger: Logger;
}

export const healthOf = ({ running, failure }: Unit): Health =>
  failure === undefined && running !== undefined
    ? running.health()
    : { kind: 'stalled', reason: 'Failed', message: failure ?? '' };

/** For runs whose result needs all programs. @throws Error naming the first program that failed */
export const throwIfStalled = (units: readonly Unit[]): void => {
  for (const unit of units) {
    const health = healthOf(unit);
    if (health.kind === 'stalled')
      throw new Error(`Cannot go on: program "${unit.program.name}" stalled: ${health.message}`);
  }
};

/** Event time of the earliest thing that waits for a watermark in any program. */
const earliestDue = (units: readonly Unit[]): number | undefined => {
  let earliest: number | undefined;
  for (const { running } of units) {
    const due = running?.due?.();
    if (due !== undefined && (earliest === undefined || due < earliest)) earliest = due;
  }
  return earliest;
};

const spoken = (program: RolloutProgram, { promote, abort }: Word = {}): RolloutProgram => ({
  ...program,
  ...(promote !== undefined && { promote }),
  abort: program.abort || abort === program.challenger.sha256,
});

/**
 * Runs programs in this process, all in one deterministic order. A program that fails is left out and says why in its
 * health; the others go on.
 */
export const createRunner = async (programs: readonly Program[], options: RunnerOptions): Promise<Runner> => {
  const { start, commit, logger } = options;
  let units: Unit[] = [];
  /** During an update, those that are through with it. */
  let started: Unit[] = [];

  const words = new Map<string, Word>();

  const failureOf = (program: Program, error: unknown): string => {
    logger.error({ err: error, name: program.name }, 'program failed');
    return error instanceof Error ? error.message : String(error);
  };
  const startUnit = async (program: Program): Promise<Unit> => {
    try {
      return { program, running: await start(effective(program)), failure: undefined };
    } catch (error) {
      return { program, running: undefined, failure: failureOf(program, error) };
    }
  };
  const stopUnit = async ({ running, failure }: Unit): Promise<void> => {
    if (failure === undefined) await running?.save();
    await running?.stop();
  };
  /** The program with what its trainer proposed, as far as its rollout has come. */
  const effective = (program: Program): Program => {
    if (program.kind !== 'scorer' && program.kind !== 'rollout') return program;
    const reports = [...started, ...units].flatMap(({ running }) => running?.report() ?? []);
    const proposal = reports.find((report) => report.proposal?.model === program.model)?.proposal;
    if (program.kind === 'rollout') return spoken(rolloutWith(program, proposal), words.get(program.model));
    const demand = reports.find((report) => report.demand?.model === program.model)?.demand;
    return inForce(scorerWith(program, proposal), demand);
  };
  let followed = '';
  /** Gives scorers and rollouts what rollouts, trainers and people ask for, where it changed. */
  const follow = async (): Promise<void> => {
    const asked = units
      .filter(({ program }) => program.kind === 'rollout' || program.kind === 'trainer')
      .map(({ running }) => running?.report());
    const text = JSON.stringify([[...words], asked.map((report) => [report?.demand, report?.proposal])]);
    if (text === followed) return;
    followed = text;
    // Rollouts first: no scorer may give the share of one challenger to the next.
    for (const kind of ['rollout', 'scorer'] as const)
      for (const { program, running } of units) if (program.kind === kind) await running?.update(effective(program));
  };
  const apply = async ({ kind, program }: Change): Promise<{ unit?: Unit; line?: string }> => {
    const unit = units.find((other) => other.program.name === program.name);
    if (unit === undefined) return { unit: await startUnit(program), line: `started ${program.name}` };
    if (kind === 'keep') return { unit };
    if (kind === 'update' && (await unit.running?.update(effective(program))))
      return { unit: { ...unit, program }, line: `updated ${program.name} live` };
    await stopUnit(unit);
    if (kind === 'stop') return { line: `stopped ${program.name}` };
    return { unit: await startUnit(program), line: `restarted ${program.name}` };
  };

  const stopsAt = (event: object): boolean => units.some(({ running }) => running?.stopsAt?.(event) === true);

  const runner: Runner = {
    cycle: async (maxWaitMs) => {
      let taken = 0;
      const horizon = earliestDue(units);
      const stops = { stopsAt, ...(horizon !== undefined && { horizon }) };
      for (const [place, unit] of units.entries()) {
        const { program, running, failure } = unit;
        if (running === undefined || failure !== undefined) continue;
        try {
          const wait = program.kind === 'ingest' && taken === 0 ? maxWaitMs : 0;
          taken += await running.step({ maxWaitMs: wait, ...stops });
        } catch (error) {
          units[place] = { ...unit, failure: failureOf(program, error) };
        }
      }
      await follow();
      return taken;
    },
    save: async () => {
      for (const { running, failure } of units) if (failure === undefined) await running?.save();
      await commit();
    },
    say: (model, word) => {
      words.set(model, { ...words.get(model), ...word });
    },
    saveEveryMs: () => Math.min(...units.map(({ running }) => running?.saveEveryMs?.() ?? Number.POSITIVE_INFINITY)),
    stop: async () => {
      for (const { program, running } of units)
        await running?.stop().catch((error: unknown) => failureOf(program, error));
    },
    units: () => units,
    update: async (wanted) => {
      started = [];
      const lines: string[] = [];
      for (const change of planChanges(units, wanted)) {
        const { unit, line } = await apply(change);
        if (unit !== undefined) started.push(unit);
        if (line !== undefined) lines.push(line);
      }
      [units, started] = [started, []];
      await follow();
      return lines;
    },
  };
  await runner.update(programs);
  return runner;
};

export interface RunOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** At least so often, ms; programs may ask for more. Infinity: only at the end. */
  readonly saveEveryMs: number;
  /** Whether somebody waits for a save: it then comes sooner. */
  readonly isAwaited?: () => boolean;
  /** Called about every `everyMs`, between cycles. */
  readonly observe?: { readonly everyMs: number; readonly call: () => Promise<void> | void };
  /** Ends the run when it answers true after a cycle that found nothing to do. */
  readonly until?: () => boolean;
}

/** How long cycles may follow one another before timers and sockets of this process get their turn, ms. */
const sliceMs = 8;

/** Saves that somebody waits for are at least so far apart, ms: each of them answers all who wait. */
const awaitedEveryMs = 100;

/** Cycles until the signal, or until there is nothing more to do. The last act is a save. */
export const run = async (
  runner: Runner,
  { clock, signal, saveEveryMs, isAwaited, observe, until }: RunOptions,
): Promise<void> => {
  let [savedAt, observedAt, yieldedAt] = [clock.now(), 0, clock.now()];
  let idle = false;
  const everyMs = (): number =>
    saveEveryMs === Number.POSITIVE_INFINITY ? saveEveryMs : Math.min(saveEveryMs, runner.saveEveryMs());
  while (!signal.aborted) {
    const taken = await runner.cycle(idle ? 50 : 0);
    idle = taken === 0;
    if (idle && until?.()) break;
    const now = clock.now();
    if (idle || now - yieldedAt >= sliceMs) {
      await yieldToIo();
      yieldedAt = now;
    }
    if (observe !== undefined && now - observedAt >= observe.everyMs) {
      await observe.call();
      observedAt = now;
    }
    if (now - savedAt >= (isAwaited?.() ? Math.min(awaitedEveryMs, everyMs()) : everyMs())) {
      await runner.save();
      savedAt = clock.now();
    }
  }
  await runner.save();
};
