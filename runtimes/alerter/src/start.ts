import { setTimeout as wait } from 'node:timers/promises';
import { AlerterProgram, valuesOf } from '@groundswell/graph';
import { createStages, type Health, type Running, type Values } from '@groundswell/process';
import type { Ports } from '@groundswell/stores';
import { createHistory } from './history.ts';
import { createLease, soleLease } from './lease.ts';
import { createAlerterMetrics } from './metrics.ts';
import { openSession, type Session } from './session.ts';

export interface AlerterOptions {
  /** Addresses and passwords of channels. */
  readonly values: Values;
}

/** At its end, a worker waits so long for what is on its way, ms. */
const drainMs = 5_000;

/**
 * Starts the worker that watches predictions and tells of them. Where others may run beside it, one of them works and the
 * rest stand by.
 */
export const startAlerter = async (
  initial: AlerterProgram,
  ports: Ports,
  { values }: AlerterOptions,
): Promise<Running> => {
  let program = initial;
  const { keyValue, clock, logger } = ports;
  const producer = await ports.log.producer();
  const history = createHistory(() => program, keyValue);
  const metrics = createAlerterMetrics(ports.metrics);
  const stages = createStages({ ...ports, program });
  const lease = ports.alone === true ? soleLease : createLease({ pipeline: program.pipeline, keyValue, clock, logger });
  const world = { ports, producer, history, metrics, stages, values, fence: lease.fence };
  let session: Session | undefined;
  let records = 0;

  const endSession = async (): Promise<void> => {
    await session?.close();
    session = undefined;
  };

  return {
    name: program.name,
    step: async ({ maxWaitMs }) => {
      if (!(await lease.hold())) {
        await endSession();
        if (maxWaitMs > 0) await wait(maxWaitMs);
        return 0;
      }
      try {
        session ??= await openSession(program, world);
        const taken = await session.step(maxWaitMs);
        records += taken;
        return taken;
      } catch (error) {
        // Another worker took over; what this one was about to do, that one does.
        lease.lost(error);
        await endSession();
        return 0;
      }
    },
    // Every step has saved what it did.
    save: async () => undefined,
    stop: async () => {
      try {
        await session?.drain(drainMs);
      } catch (error) {
        lease.lost(error);
      }
      await endSession();
      await lease.release();
      await producer.close();
    },
    update: async (changed) => {
      const next = AlerterProgram.parse(changed);
      if (fixedOf(next) !== fixedOf(program)) return false;
      program = next;
      session?.update(next);
      return true;
    },
    health: () => healthOf(session),
    report: () => ({
      records,
      watermark: undefined,
      eventTime: session?.eventTime(),
      produced: metrics.produced(),
      stages: stages.report(),
    }),
  };
};

const healthOf = (session: Session | undefined): Health => {
  const troubles = [...(session?.troubles() ?? [])];
  if (troubles.length === 0) return { kind: 'ready' };
  const message = troubles.map(([channel, problem]) => `Cannot send to "${channel}": ${problem}`).join('; ');
  return { kind: 'waiting', reason: 'ChannelFails', message };
};

/** What it stands on; pods mount the values that channels refer to. */
const fixedOf = ({
  name,
  pipeline,
  predictions,
  alerts,
  deadLetters,
  decisions,
  outcomes,
  ...others
}: AlerterProgram) => {
  const { stampLatency, traces, ...live } = others;
  const topics = [predictions, alerts, deadLetters, decisions, outcomes];
  return JSON.stringify([name, pipeline, topics, stampLatency, traces, valuesOf(live)]);
};
