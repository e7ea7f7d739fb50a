import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile, parseFiles, resolve, topicsOfProgram, type WindowProgram } from '@groundswell/graph';
import { type SocialEvent, topicsOf } from '@groundswell/wire';
import { expect, test } from 'vitest';
import { createWorld, step, type World } from './test/world.ts';

const programs = (): readonly WindowProgram[] => {
  const path = join(import.meta.dirname, 'test/topology.yaml');
  const { resources, problems } = parseFiles([{ path, text: readFileSync(path, 'utf8') }]);
  const compiled = compile(resolve(resources), { target: 'local' });
  expect([...problems, ...compiled.problems].filter(({ severity }) => severity === 'error')).toEqual([]);
  return compiled.programs.filter((program) => program.kind === 'window');
};

type Ask = (world: World) => Promise<unknown>;
const asked = async (
  { ports }: World,
  ask: (batch: ReturnType<typeof ports.keyValue.batch>) => { value(): unknown },
) => {
  const batch = ports.keyValue.batch();
  const reply = ask(batch);
  await batch.run();
  return reply.value();
};
const rankOf =
  (key: string): Ask =>
  async (world) =>
    (await world.sorted(key)).map(({ member, score }) => (member.startsWith('{') ? member : `${member} ${score}`));

/** All that the windows write. */
const places: Readonly<Record<string, Ask>> = Object.fromEntries([
  ...['p', 'q', 'r'].flatMap((post): readonly (readonly [string, Ask])[] => [
    [`post:${post}`, (world) => world.hash(`post:${post}`)],
    [`curve:${post}`, rankOf(`curve:${post}`)],
  ]),
  ['hot', rankOf('hot')],
  ...['ann', 'bob'].flatMap((user): readonly (readonly [string, Ask])[] => [
    [`seen:${user}`, (world) => asked(world, (batch) => batch.listRange(`seen:${user}`, 0, -1))],
    [`acts:${user}`, (world) => asked(world, (batch) => batch.counterGet(`acts:${user}`))],
    [`tags:${user}`, rankOf(`tags:${user}`)],
  ]),
]);

/** The production topology with the clock and every record in hand: tells what each input changes, and what it sends. */
const createDriver = async () => {
  const world = await createWorld();
  const all = programs();
  const topics = new Map(
    all.flatMap(topicsOfProgram).map((topic) => [topic.name, { name: topic.name, partitions: 1 }]),
  );
  topics.delete(topicsOf('demo').events);
  await world.ports.log.createTopics([...topics.values()]);
  const running = await Promise.all(all.map((program) => world.start(program)));
  const transcript: string[] = [];
  const before = new Map<string, string>();
  const sent = { 'results-of-posts': 0, 'demo.late.posts': 0 };

  const tellChanges = async (): Promise<void> => {
    for (const [place, ask] of Object.entries(places)) {
      const text = JSON.stringify(await ask(world)) ?? 'nothing';
      if (text !== (before.get(place) ?? text) || (!before.has(place) && !/^(\{\}|\[\]|nothing)$/.test(text)))
        transcript.push(`    ${place} = ${text}`);
      before.set(place, text);
    }
    for (const topic of ['results-of-posts', 'demo.late.posts'] as const) {
      const records = await world.read(topic);
      for (const { key, value } of records.slice(sent[topic]))
        transcript.push(`    ${topic} ← ${key}: ${value === null ? 'nothing' : Buffer.from(value)}`);
      sent[topic] = records.length;
    }
  };
  const settle = async (): Promise<void> => {
    for (const one of running) await step(one);
    await tellChanges();
  };
  return {
    transcript: () => `${transcript.join('\n')}\n`,
    pipe: async (second: number, event: Partial<SocialEvent>): Promise<void> => {
      transcript.push(`${second} s: ${Object.values(event).join(' ')}`);
      await world.send([{ ...event, at: second * 1_000 }]);
      await settle();
    },
    watermark: async (second: number): Promise<void> => {
      transcript.push(`the watermark is ${second} s`);
      await world.sendWatermark(second * 1_000);
      await settle();
    },
    pass: async (hours: number): Promise<void> => {
      transcript.push(`${hours} h of wall time pass`);
      world.setNow(1_000_000 + hours * 3_600_000);
      await settle();
    },
    ledgers: () => {
      for (const { name, report } of running) transcript.push(`${name}: ${JSON.stringify(report().ledger)}`);
    },
  };
};

test('the topology writes what its golden file says, input by input', async () => {
  const { pipe, watermark, pass, ledgers, transcript } = await createDriver();
  await pipe(1, { type: 'like', user_id: 'ann', post_id: 'p' });
  await pipe(2, { type: 'reply', user_id: 'ann', post_id: 'p' });
  await pipe(1.5, { type: 'like', user_id: 'bob', post_id: 'q' });
  await pipe(3, { type: 'reply', user_id: 'ann', post_id: 'r' });
  // The watermark is at 9.999 s: the first window is over, and the sessions are, too.
  await pipe(11.999, { type: 'like', user_id: 'bob', post_id: 'p' });
  // Late within what is allowed: corrected.
  await pipe(4, { type: 'like', user_id: 'bob', post_id: 'p' });
  await pipe(24, { type: 'like', user_id: 'ann', post_id: 'q' });
  // Too late for the first window, not for the second one; then for both.
  await pipe(5, { type: 'like', user_id: 'ann', post_id: 'p' });
  await pipe(34, { type: 'like', user_id: 'ann', post_id: 'q' });
  await pipe(6, { type: 'like', user_id: 'ann', post_id: 'p' });
  await watermark(60);
  await pass(2);
  ledgers();
  await expect(transcript()).toMatchFileSnapshot('test/golden/topology.txt');
});
