import { setImmediate as yieldToIo } from 'node:timers/promises';
import type { Program } from '@groundswell/graph';
import type { Clock, Health, Logger, Running } from '@groundswell/process';
import { type Change, planChanges } from './changes.ts';

export interface Unit {
  readonly program: Program;
  readonly running: Running;
}

export interface Runner {
  /** One step of every program, in order. Resolves to the number of records taken. */
  cycle(maxWaitMs: number): Promise<number>;
  /** State of all programs and one commit of the store: after a crash everything goes back to here. */
  save(): Promise<void>;
  stop(): Promise<void>;
  units(): readonly Unit[];
  healthOf(name: string): Health;
  /** For runs whose result needs all programs. @throws Error naming the first program that failed */
  throwIfFailed(): void;
  /** Starts, restarts or stops what changed; what can take its change live does. Resolves to one line for each change. */
  update(programs: readonly Program[]): Promise<readonly string[]>;
}

export interface RunnerOptions {
  readonly start: (program: Program) => Promise<Running>;
  readonly commit: () => Promise<void>;
  readonly logger: Logger;
}

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error));
/**
 * Runs programs in this process, all in one deterministic order. A program that fails is left out and says why in its
 * health; the others go on.
 */
export const createRunner = async (programs: readonly Program[], options: RunnerOptions): Promise<Runner> => {
  const { start, commit, logger } = options;
  let units: readonly Unit[] = [];
  const failures = new Map<string, string>();

  const failed = (name: string, error: unknown): void => {
    failures.set(name, message(error));
    logger.error({ err: error, name }, 'program failed');
  };
  const startUnit = async (program: Program): Promise<Unit | undefined> => {
    try {
      const running = await start(program);
      failures.delete(program.name);
      return { program, running };
    } catch (error) {
      failed(program.name, error);
      return undefined;
    }
  };
  const stopUnit = async ({ running }: Unit): Promise<void> => {
    if (!failures.has(running.name)) await running.save();
    await running.stop();
  };
  const apply = async ({ kind, program }: Change): Promise<{ unit?: Unit | undefined; line?: string }> => {
    const unit = units.find(({ running }) => running.name === program.name);
    if (kind === 'keep') return { unit };
    if (kind === 'update' && unit !== undefined && (await unit.running.update(program)))
      return { unit: { program, running: unit.running }, line: `updated ${program.name} live` };
    if (unit !== undefined) await stopUnit(unit);
    if (kind === 'stop') return { line: `stopped ${program.name}` };
    return { unit: await startUnit(program), line: `${unit === undefined ? 'started' : 'restarted'} ${program.name}` };
  };
  const alive = (): readonly Unit[] => units.filter((unit) => !failures.has(unit.running.name));

  const earliestDue = (): number | undefined => {
    let earliest: number | undefined;
    for (const { running } of units) {
      const due = running.due?.();
      if (due !== undefined && (earliest === undefined || due < earliest)) earliest = due;
    }
    return earliest;
  };

  const runner: Runner = {
    cycle: async (maxWaitMs) => {
      let taken = 0;
      const horizon = earliestDue();
      for (const { program, running } of units) {
        if (failures.has(running.name)) continue;
        try {
          const wait = program.kind === 'ingest' && taken === 0 ? maxWaitMs : 0;
          taken += await running.step({ maxWaitMs: wait, ...(horizon !== undefined && { horizon }) });
        } catch (error) {
          failed(running.name, error);
        }
      }
      return taken;
    },
    save: async () => {
      for (const { running } of alive()) await running.save();
      await commit();
    },
    stop: async () => {
      for (const { running } of units) await running.stop().catch((error: unknown) => failed(running.name, error));
    },
    units: () => units,
    healthOf: (name) => {
      const failure = failures.get(name);
      if (failure !== undefined) return { kind: 'stalled', reason: 'Failed', message: failure };
      return (
        units.find((unit) => unit.running.name === name)?.running.health() ?? {
          kind: 'waiting',
          reason: 'NotStarted',
          message: '',
        }
      );
    },
    throwIfFailed: () => {
      for (const [name, why] of failures) throw new Error(`Cannot go on: program "${name}" failed: ${why}`);
      for (const { running } of units) {
        const health = running.health();
        if (health.kind === 'stalled')
          throw new Error(`Cannot go on: program "${running.name}" stalled: ${health.message}`);
      }
    },
    update: async (wanted) => {
      const plan = planChanges(
        units.map(({ program }) => program),
        wanted,
        new Set(failures.keys()),
      );
      const next: Unit[] = [];
      const lines: string[] = [];
      for (const change of plan) {
        const { unit, line } = await apply(change);
        if (unit !== undefined) next.push(unit);
        if (line !== undefined) lines.push(line);
      }
      units = next;
      return lines;
    },
  };
  await runner.update(programs);
  return runner;
};

export interface RunOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly saveEveryMs: number;
  /** Called about every `everyMs`, between cycles. */
  readonly observe?: { readonly everyMs: number; readonly call: () => Promise<void> | void };
  /** Ends the run when it answers true after a cycle that found nothing to do. */
  readonly until?: () => boolean;
}

/** How long cycles may follow one another before timers and sockets of this process get their turn, ms. */
const sliceMs = 8;

/** Cycles until the signal, or until there is nothing more to do. The last act is a save. */
export const run = async (
  runner: Runner,
  { clock, signal, saveEveryMs, observe, until }: RunOptions,
): Promise<void> => {
  let [savedAt, observedAt, yieldedAt] = [clock.now(), 0, clock.now()];
  let idle = false;
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
    if (now - savedAt >= saveEveryMs) {
      await runner.save();
      savedAt = clock.now();
    }
  }
  await runner.save();
};
