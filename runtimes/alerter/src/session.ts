import {
  createConditions,
  createDispatch,
  createOutbox,
  createRule,
  endedMessage,
  type Message,
  type Parcel,
  type Result,
  type Verdict,
} from '@groundswell/alerting';
import type { AlerterProgram } from '@groundswell/graph';
import { traceIdOf } from '@groundswell/process';
import { deadLetterOf, openConsumer, type Ports } from '@groundswell/stores';
import { type Alert, type AlertDelivery, encodeJson, type Prediction } from '@groundswell/wire';
import { createSend } from './channels/index.ts';
import { takePredictions } from './intake.ts';
import { loadMemory } from './memory.ts';
import { createPostman } from './postman.ts';
import { createScopes } from './scopes.ts';
import type { SessionWorld } from './session-world.ts';
import { unsentLetter } from './unsent.ts';
import { createWebhooks } from './webhooks/webhooks.ts';
import { createWording } from './wording.ts';

/** Records of one step. */
const maxRecords = 5_000;

/** The work of the worker that works, from the moment at which it took over. */
export interface Session {
  /** Resolves to the number of records. @throws FencedError where another has taken over: the session is then over */
  step(maxWaitMs: number): Promise<number>;
  update(program: AlerterProgram): void;
  /** Sends what there is to send, for at most so long. */
  drain(forMs: number): Promise<void>;
  close(): Promise<void>;
  /** Channels that did not take the last message, and why. */
  troubles(): ReadonlyMap<string, string>;
  /** Newest event time, ms. */
  eventTime(): number | undefined;
}

/** What follows from the program, and is made anew when it changes. What is remembered stays. */
const compiled = (program: AlerterProgram, { keyValue }: Ports, shelf: Parameters<typeof createConditions>[1]) => {
  const rules = program.rules.map(createRule);
  return {
    scopes: createScopes(program, keyValue),
    conditions: createConditions(rules, shelf),
    dispatch: createDispatch(rules, shelf),
  };
};

export const openSession = async (initial: AlerterProgram, world: SessionWorld): Promise<Session> => {
  const { ports, producer, history, metrics, stages, values, fence } = world;
  const { clock, keyValue, logger } = ports;
  let program = initial;
  const memory = await loadMemory(program.pipeline, keyValue);
  const { shelf, positions } = memory;
  let parts = compiled(program, ports, shelf);
  const wording = createWording(() => program, keyValue, shelf);
  const outbox = createOutbox(shelf);
  const webhooks = createWebhooks(program, world);
  const troubles = new Map<string, string>();
  let eventTime: number | undefined;
  let isOver = false;

  const topic = program.predictions.name;
  // What was scored before there was anybody to tell is no news.
  if (positions.size === 0)
    for (const { partition, end } of await ports.log.bounds(topic))
      positions.set(`${topic}/${partition}`, { topic, partition, offset: end });
  await memory.save(fence());
  // In no group: that would hold partitions for a worker that is gone.
  const consumer = await openConsumer(ports.log, { topics: [topic], positions: () => [...positions.values()] });

  const noteDelivery = async (
    { channel, message, attempts }: Parcel,
    became: Pick<AlertDelivery, 'state' | 'problem'>,
  ): Promise<void> => {
    if (message.kind === 'ended') return;
    const ids = message.alerts.map(({ id }) => id);
    await history.delivery(ids, { channel, at: clock.now(), attempts, ...became });
  };

  const postman = createPostman(async (parcel) => {
    const { channel, message } = parcel;
    const found = program.channels.find(({ name }) => name === channel);
    if (found === undefined) return { kind: 'refused', problem: 'there is no such channel any more' };
    // First what was remembered outlasts a crash, then somebody hears of it: else it would be told again.
    await ports.log.settled?.();
    if (isOver) return { kind: 'failed', problem: 'the worker was stopped' };
    const { pipeline, rules } = program;
    const answer = await createSend(found, { pipeline, values, clock, rules })(message);
    // At once, so that who takes over now does not send it again.
    if (answer.kind === 'sent') await noteDelivery(parcel, { state: 'sent' });
    return answer;
  });

  const publish = async (alerts: readonly Alert[]): Promise<void> => {
    if (alerts.length === 0) return;
    const records = alerts.map((alert) => ({
      key: alert.id,
      value: encodeJson(alert),
      timestamp: alert.ended_at ?? alert.fired_at,
    }));
    await producer.send(program.alerts.name, records);
  };
  const tell = async (messages: readonly Message[], channels: (rule: string) => readonly string[]): Promise<void> => {
    const now = clock.now();
    for (const message of messages) {
      outbox.put(message, channels(message.rule), now);
      for (const channel of message.kind === 'ended' ? [] : channels(message.rule))
        await history.delivery(
          message.alerts.map(({ id }) => id),
          { channel, state: 'waiting', at: now, attempts: 0 },
        );
    }
  };
  const channelsOf = (rule: string): readonly string[] =>
    program.rules.find(({ name }) => name === rule)?.channels ?? [];
  /** Those who keep alerts, and want to know that one is over. */
  const keepersOf = (rule: string): readonly string[] =>
    channelsOf(rule).filter((name) =>
      program.channels.some((channel) => channel.name === name && channel.kind === 'alertmanager'),
    );

  const bury = async ({ parcel, problem }: Extract<Result, { readonly kind: 'given-up' | 'retry' }>): Promise<void> => {
    const { channel, message } = parcel;
    const about = { group: program.name, reason: problem, origin: `channel ${channel}`, at: clock.now() };
    const body = JSON.stringify(message);
    await producer.send(program.deadLetters.name, [
      unsentLetter({ ...about, receiver: channel, id: message.id, body }),
    ]);
    logger.error({ channel, rule: message.rule, problem }, 'gave up a message');
  };
  const note = async (result: Result): Promise<void> => {
    const { kind, parcel } = result;
    const { channel, attempts, since } = parcel;
    const now = clock.now();
    metrics.message(channel, kind);
    if (kind === 'sent') {
      troubles.delete(channel);
      metrics.arrived(channel, now - since);
    } else {
      troubles.set(channel, result.problem);
      if (kind === 'given-up') await bury(result);
      else logger.warn({ channel, attempts, problem: result.problem }, 'could not send a message');
    }
    if (kind !== 'sent')
      await noteDelivery(parcel, { state: kind === 'retry' ? 'waiting' : 'failed', problem: result.problem });
  };

  const takeAnswers = async (): Promise<void> => {
    for (const { parcel, answer } of postman.returned()) await note(outbox.answered(parcel, answer, clock.now()));
  };
  const judge = async (predictions: readonly Prediction[]): Promise<readonly Verdict[]> => {
    if (predictions.length === 0) return [];
    const now = clock.now();
    const verdicts: Verdict[] = [];
    for (const scope of await parts.scopes(predictions)) {
      verdicts.push(...parts.conditions.observe(scope, now));
      eventTime = Math.max(eventTime ?? 0, scope.prediction.scored_at);
    }
    return verdicts;
  };
  const follow = async (verdicts: readonly Verdict[]): Promise<void> => {
    const now = clock.now();
    for (const verdict of verdicts) {
      metrics.alert(verdict.kind === 'repeated' ? verdict.rule : verdict.alert.rule, verdict.kind);
      if (verdict.kind === 'fired') wording.take(verdict.alert, now);
      if (verdict.kind !== 'ended') continue;
      const { alert, endedAt } = verdict;
      const ended: Alert = { title: alert.rule, text: '', ...alert, state: 'ended', ended_at: endedAt };
      await history.ended(alert.id, endedAt);
      await publish([ended]);
      await tell([endedMessage(ended, now)], keepersOf);
    }
    const ready = await wording.ready(now);
    if (ready.length > 0) await history.fired(ready);
    await publish(ready);
    for (const alert of ready) await tell(parts.dispatch.announce(alert, now), channelsOf);
    await tell(parts.dispatch.tick(now), channelsOf);
  };
  /** Rules were asked about these. */
  const noteStage = (scored: ReturnType<typeof takePredictions>['scored']): void => {
    const now = clock.now();
    for (const { at, traceparent } of scored) {
      stages.note('alert', now - at, traceparent && traceIdOf(traceparent));
      if (traceparent !== undefined) ports.tracing?.note({ name: 'alert', startMs: at, endMs: now }, traceparent);
    }
  };
  const sendDue = async (): Promise<void> => {
    const parcels = outbox.take(clock.now(), postman.busy());
    // Past the fence, or not at all: a worker that was replaced sends nothing any more.
    await memory.save(fence());
    for (const parcel of parcels) postman.send(parcel);
    metrics.waiting(
      program.channels.map(({ name }) => name),
      outbox.parcels(),
    );
  };

  // What the worker before sent and did not get to remember.
  for (const parcel of outbox.parcels()) {
    const ids = parcel.message.alerts.map(({ id }) => id);
    if (parcel.attempts > 0 && parcel.message.kind === 'alerts' && (await history.arrived(ids, parcel.channel)))
      outbox.drop(parcel);
  }

  return {
    step: async (maxWaitMs) => {
      const batches = await consumer.poll({ maxRecords, maxWaitMs });
      await takeAnswers();
      const { predictions, poison, scored } = takePredictions(batches, positions);
      const now = clock.now();
      if (poison.length > 0)
        await producer.send(
          program.deadLetters.name,
          poison.map((each) => deadLetterOf(program.name, each, now)),
        );
      await follow(await judge(predictions));
      noteStage(scored);
      await sendDue();
      const toldOf = await webhooks.step();
      return batches.reduce((sum, { records }) => sum + records.length, toldOf);
    },
    update: (next) => {
      program = next;
      parts = compiled(program, ports, shelf);
      webhooks.update(next);
    },
    drain: async (forMs) => {
      const until = clock.now() + forMs;
      const isOpen = () => postman.busy().size > 0 || outbox.parcels().some(({ attempts }) => attempts === 0);
      // Where a crash takes everything back to the last save, what comes after that would be told again by the next run.
      while (ports.log.settled === undefined && isOpen() && clock.now() < until) {
        await postman.wait(until - clock.now());
        await takeAnswers();
        await sendDue();
      }
      if (ports.log.settled === undefined) await webhooks.drain();
    },
    close: async () => {
      isOver = true;
      await webhooks.close();
      await consumer.close();
    },
    troubles: () => new Map([...troubles, ...webhooks.troubles()]),
    eventTime: () => eventTime,
  };
};
