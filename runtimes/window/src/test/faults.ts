import type { WindowProgram } from '@groundswell/graph';
import type { KeyValueBatch, Ports } from '@groundswell/stores';
import type { Fault, Random } from './simulation.ts';

const newline = Buffer.from('\n');
const empty = Buffer.alloc(0);

type Log = Ports['log'];
type States = Ports['states'];

const withKeyValue = (ports: Ports, batch: Ports['keyValue']['batch']): Partial<Ports> => ({
  keyValue: { ...ports.keyValue, batch },
});
const withPoll = (ports: Ports, keep: (record: { readonly value: Uint8Array | null }) => boolean): Partial<Ports> => ({
  log: {
    ...ports.log,
    consumer: async (options) => {
      const inner = await ports.log.consumer(options);
      const poll: typeof inner.poll = async (wanted) =>
        (await inner.poll(wanted)).map((batch) => ({ ...batch, records: batch.records.filter(keep) }));
      return { ...inner, poll };
    },
  },
});
const withProducer = (
  ports: Ports,
  send: (inner: Awaited<ReturnType<Log['producer']>>) => Awaited<ReturnType<Log['producer']>>['send'],
): Partial<Ports> => ({
  log: {
    ...ports.log,
    producer: async () => {
      const inner = await ports.log.producer();
      return { ...inner, send: send(inner) };
    },
  },
});

/** A batch whose `run` is another one; commands go to the real one. */
const running = (batch: KeyValueBatch, run: () => Promise<void>): KeyValueBatch => commanding(batch, 'run', run);

/** A batch of which one command does something else, or nothing. */
const commanding = <N extends keyof KeyValueBatch>(batch: KeyValueBatch, name: N, command: KeyValueBatch[N]) =>
  new Proxy(batch, {
    get: (target, asked) => {
      if (asked === name) return command;
      const member: unknown = Reflect.get(target, asked);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });

/** The two parts of a saved state: offsets, and what was aggregated. */
const halves = (bytes: Uint8Array): readonly [Uint8Array, Uint8Array] => {
  const cut = bytes.indexOf(10) + 1;
  return [bytes.slice(0, cut), bytes.slice(cut)];
};

/** Saves offsets of one moment with the state of another. */
const torn = (
  { states }: Ports,
  random: Random,
  mix: (before: readonly [Uint8Array, Uint8Array], now: readonly [Uint8Array, Uint8Array]) => readonly Uint8Array[],
): Partial<Ports> => {
  const before = new Map<string, readonly [Uint8Array, Uint8Array]>();
  const tear =
    (how: 'save' | 'append'): States['save'] =>
    (shard, epoch, bytes) => {
      const id = JSON.stringify([how, shard]);
      const now = halves(bytes);
      const parts = random.once(2) ? mix(before.get(id) ?? now, now) : now;
      before.set(id, now);
      return states[how](shard, epoch, Buffer.concat(parts));
    };
  return { states: { ...states, save: tear('save'), append: tear('append') } };
};

/** Gives who takes shards over another order, or another choice, of what changed since the base. */
const withChanges = (
  { states }: Ports,
  change: (changes: readonly Uint8Array[]) => readonly Uint8Array[],
): Partial<Ports> => ({
  states: {
    ...states,
    load: async (topic, shards) =>
      new Map(
        [...(await states.load(topic, shards))].map(([shard, state]) => [
          shard,
          { ...state, changes: change(state.changes) },
        ]),
      ),
  },
});

const hopOf = (program: WindowProgram, add: number): WindowProgram => {
  const { shape } = program;
  return shape.kind === 'hop'
    ? { ...program, shape: { ...shape, sizeMs: shape.sizeMs + add * shape.everyMs } }
    : program;
};

/** All that faults are put into, without one: what is noticed is the fault. */
export const harmless: Fault = {
  what: 'nothing wrong',
  program: (program) => hopOf(program, 0),
  ports: (ports, random) => {
    const { log } = withPoll(ports, () => true);
    const polled = { ...ports, ...(log !== undefined && { log }) };
    return {
      ...withProducer(
        polled,
        ({ send }) =>
          (topic, records) =>
            send(topic, records),
      ),
      ...withKeyValue(ports, (fence) => {
        const batch = ports.keyValue.batch(fence);
        return running(batch, () => batch.run());
      }),
      // What changed is told as it is now, so it may be told twice; the last save may not have been made: its offsets are in it.
      ...withChanges({ ...ports, ...torn(ports, random, (_, now) => now) }, (all) =>
        random.once(2) ? all.slice(0, -1) : all.flatMap((one) => [one, one]),
      ),
    };
  },
};

/** Each must be noticed by the simulation. */
export const faults: readonly Fault[] = [
  { what: 'a hop that is one pane too long', program: (program) => hopOf(program, 1) },
  { what: 'a hop that is one pane too short', program: (program) => hopOf(program, -1) },
  {
    what: 'a watermark without its disorder',
    program: (program) => ({ ...program, watermark: { ...program.watermark, maxOutOfOrdernessMs: 0 } }),
  },
  {
    what: 'a key of the wrong field',
    program: (program) =>
      ({
        ...program,
        aggregations: program.aggregations.map((one) => ({ ...one, where: "event.user_id != 'ann'" })),
      }) as WindowProgram,
  },
  {
    what: 'no fences',
    ports: (ports) => withKeyValue(ports, () => ports.keyValue.batch()),
  },
  {
    what: 'every worker in the same epoch',
    ports: (ports) => withKeyValue(ports, (fence) => ports.keyValue.batch(fence && { ...fence, epoch: 1 })),
  },
  {
    what: 'writes that are lost',
    ports: (ports, random) =>
      withKeyValue(ports, (fence) => {
        const batch = ports.keyValue.batch(fence);
        return fence !== undefined && random.once(4) ? running(batch, async () => undefined) : batch;
      }),
  },
  {
    what: 'writes that are told before they are done, and lost in a crash',
    ports: (ports) => {
      let behind: KeyValueBatch | undefined;
      return withKeyValue(ports, (fence) => {
        const batch = ports.keyValue.batch(fence);
        if (fence === undefined) return batch;
        return running(batch, async () => {
          const due = behind;
          behind = batch;
          await due?.run();
        });
      });
    },
  },
  {
    what: 'results of another definition that are lost beside those of the one in force',
    ports: (ports) =>
      withKeyValue(ports, (fence) => {
        const batch = ports.keyValue.batch(fence);
        return commanding(batch, 'hashRow', (key, row) => {
          if (!key.includes(':beside:')) batch.hashRow(key, row);
        });
      }),
  },
  { what: 'records that are lost', ports: (ports, random) => withPoll(ports, () => !random.once(10)) },
  { what: 'watermarks that are lost', ports: (ports) => withPoll(ports, ({ value }) => value !== null) },
  {
    what: 'what is sent on by key is lost',
    ports: (ports, random) =>
      withProducer(ports, ({ send }) => async (topic, records) => {
        if (!topic.includes('rekeyed')) return send(topic, records);
        return send(
          topic,
          records.filter(() => !random.once(10)),
        );
      }),
  },
  {
    what: 'rows that are another thing when events are taken again',
    ports: ({ states }) => ({
      states: {
        ...states,
        save: (place, epoch, bytes) => {
          const [head, body] = halves(Buffer.concat([bytes, bytes.includes(10) ? empty : newline]));
          const { joins: _, ...rest } = JSON.parse(Buffer.from(head).toString()) as { joins?: unknown };
          const line = Buffer.from(JSON.stringify(rest));
          return states.save(place, epoch, Buffer.concat(body.length > 0 ? [line, newline, body] : [line]));
        },
      },
    }),
  },
  {
    what: 'offsets that are saved before the state',
    ports: (ports, random) => torn(ports, random, ([, before], [head]) => [head, before]),
  },
  {
    what: 'state that is saved before the offsets',
    ports: (ports, random) => torn(ports, random, ([before], [, body]) => [before, body]),
  },
  {
    what: 'changes that are lost',
    ports: ({ states }, random) => ({
      states: {
        ...states,
        append: async (place, epoch, bytes) => {
          if (!random.once(3)) await states.append(place, epoch, bytes);
        },
      },
    }),
  },
  { what: 'changes that are taken up newest first', ports: (ports) => withChanges(ports, (all) => all.toReversed()) },
  {
    what: 'an older change that is taken up again at the end',
    ports: (ports) => withChanges(ports, (all) => [...all, ...all.slice(0, 1)]),
  },
  {
    what: 'a base that is lost, so that what changed is added to the one before',
    ports: ({ states }, random) => {
      const begun = new Set<string>();
      return {
        states: {
          ...states,
          save: async (place, epoch, bytes) => {
            const owner = JSON.stringify([place, epoch]);
            if (begun.has(owner) && random.once(2)) return;
            begun.add(owner);
            await states.save(place, epoch, bytes);
          },
        },
      };
    },
  },
  {
    what: 'what changed is told of before the base, in the epoch of who had the shard before',
    ports: ({ states }, random) => ({
      states: {
        ...states,
        save: (place, epoch, bytes) => states.save(place, random.once(2) ? Math.max(0, epoch - 1) : epoch, bytes),
      },
    }),
  },
  {
    what: 'shards that take up the state of one another',
    ports: ({ states }) => ({
      states: {
        ...states,
        load: async (topic, shards) => {
          const found = await states.load(topic, shards);
          const [first, ...rest] = found.values();
          if (first === undefined) return found;
          return new Map([...found.keys()].map((shard, i) => [shard, [...rest, first][i]!]));
        },
      },
    }),
  },
];
