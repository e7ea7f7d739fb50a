import type { AlerterProgram, Webhook } from '@groundswell/graph';
import { deadLetterOf, openConsumer, type Position } from '@groundswell/stores';
import { keysOf } from '@groundswell/wire';
import { trying } from '../channels/channel.ts';
import { postSigned } from '../channels/post-signed.ts';
import type { SessionWorld } from '../session-world.ts';
import { unsentLetter } from '../unsent.ts';
import { type Courier, createCourier } from './courier.ts';
import { type EventKind, toldOf } from './told.ts';

/** All who are told of what happens, each by a courier of its own. */
export interface Webhooks {
  /** Resolves to the number of records. @throws FencedError where another worker has taken over */
  step(): Promise<number>;
  update(program: AlerterProgram): void;
  /** Waits for what is being sent, and notes how far all were told. */
  drain(): Promise<void>;
  /** By receiver: why its last message did not arrive. */
  troubles(): readonly (readonly [receiver: string, problem: string])[];
  close(): Promise<void>;
}

const timeoutMs = 10_000;

type Stored = readonly [topic: string, partition: number, offset: string];

const topicOf = (program: AlerterProgram, kind: EventKind): string =>
  ({
    prediction: program.predictions,
    alert: program.alerts,
    rollout: program.decisions,
    outcome: program.outcomes,
  })[kind].name;

/** Without the path, which may hold what is nobody else's business. */
const receiverOf = ({ url }: Webhook): string => `webhook ${new URL(url).host}`;

export const createWebhooks = (initial: AlerterProgram, world: SessionWorld): Webhooks => {
  const { ports, producer, metrics, values, fence } = world;
  const { clock, keyValue, log, logger } = ports;
  const key = keysOf(initial.pipeline).webhooks;
  let program = initial;
  const couriers = new Map<string, { readonly webhook: Webhook; readonly courier: Courier }>();
  const saved = new Map<string, string>();
  /** What the couriers are of. */
  let followed: AlerterProgram | undefined;
  let isOver = false;

  /** Where it goes on; what happened before somebody asked is no news. */
  const startOf = async (webhook: Webhook): Promise<readonly Position[]> => {
    const batch = keyValue.batch();
    const reply = batch.hashGet(key, [webhook.url]);
    await batch.run();
    const [text = '[]'] = reply.value();
    const known = new Map((JSON.parse(text) as readonly Stored[]).map((each) => [`${each[0]}/${each[1]}`, each]));
    const bounds = await Promise.all(webhook.events.map((kind) => log.bounds(topicOf(program, kind))));
    return bounds.flat().map(({ topic, partition, end }) => {
      const offset = known.get(`${topic}/${partition}`)?.[2];
      return { topic, partition, offset: offset === undefined ? end : BigInt(offset) };
    });
  };

  const post = async ({ url, signingKey }: Webhook, told: { readonly id: string; readonly body: string }) => {
    // First how far it was told outlasts a crash: else another record could come to stand at its place.
    await log.settled?.();
    if (isOver) return { kind: 'failed' as const, problem: 'the worker was stopped' };
    return trying(() => postSigned({ url, signingKey, headers: {}, timeoutMs }, told, { values, clock }));
  };

  const open = async (webhook: Webhook): Promise<Courier> => {
    const { pipeline, deadLetters, name: group } = program;
    const receiver = receiverOf(webhook);
    const positions = await startOf(webhook);
    const kinds = new Map(webhook.events.map((kind) => [topicOf(program, kind), kind]));
    return createCourier(positions, {
      clock,
      consumer: await openConsumer(log, { topics: [...kinds.keys()], positions: () => positions }),
      read: async ({ topic, partition, records }, i) => {
        const record = records[i];
        const kind = kinds.get(topic);
        if (record === undefined || kind === undefined) return undefined;
        try {
          return toldOf(record, { kind, pipeline, from: { topic, partition } });
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error);
          const poison = deadLetterOf(group, { topic, partition, record, reason }, clock.now());
          await producer.send(deadLetters.name, [poison]);
          return undefined;
        }
      },
      send: (told) => post(webhook, told),
      bury: async ({ told: { id, body } }, reason) => {
        const about = { group, reason, origin: receiver, at: clock.now() };
        await producer.send(deadLetters.name, [unsentLetter({ ...about, receiver, id, body })]);
        metrics.message(receiver, 'given-up');
        logger.error({ receiver, problem: reason }, 'gave up a message');
      },
      onSent: (tookMs) => {
        metrics.message(receiver, 'sent');
        metrics.arrived(receiver, tookMs);
      },
      onFailed: (problem) => {
        metrics.message(receiver, 'retry');
        logger.warn({ receiver, problem }, 'could not send a message');
      },
    });
  };

  /** Opens what is new and closes what is gone. */
  const follow = async (): Promise<void> => {
    if (followed === program) return;
    const current = program;
    const wanted = new Map(current.webhooks.map((webhook) => [JSON.stringify(webhook), webhook]));
    for (const [id, { courier }] of couriers)
      if (!wanted.has(id)) {
        couriers.delete(id);
        await courier.close();
      }
    for (const [id, webhook] of wanted)
      if (!couriers.has(id)) couriers.set(id, { webhook, courier: await open(webhook) });
    followed = current;
  };
  const save = async (): Promise<void> => {
    const all = [...couriers.values()].map(({ webhook, courier }) => {
      const stored = courier.positions().map(({ topic, partition, offset }): Stored => [topic, partition, `${offset}`]);
      return [webhook.url, JSON.stringify(stored)] as const;
    });
    const changed = all.filter(([url, text]) => saved.get(url) !== text);
    if (changed.length === 0) return;
    const batch = keyValue.batch(fence());
    batch.hashSet(key, Object.fromEntries(changed));
    await batch.run();
    for (const [url, text] of changed) saved.set(url, text);
  };

  return {
    step: async () => {
      await follow();
      let taken = 0;
      for (const { courier } of couriers.values()) taken += await courier.step();
      await save();
      return taken;
    },
    update: (next) => {
      program = next;
    },
    drain: async () => {
      await Promise.all([...couriers.values()].map(({ courier }) => courier.settle()));
      await save();
    },
    troubles: () =>
      [...couriers.values()].flatMap(({ webhook, courier }) => {
        const problem = courier.trouble();
        return problem === undefined ? [] : [[receiverOf(webhook), problem] as const];
      }),
    close: async () => {
      isOver = true;
      for (const { courier } of couriers.values()) await courier.close();
      couriers.clear();
    },
  };
};
