import { compile, parseFiles, resolve, type WindowProgram } from '@groundswell/graph';
import { decodeJson, type SocialEvent, WindowResult } from '@groundswell/wire';
import { describe, expect, test } from 'vitest';
import { createWorld, step } from './test/world.ts';

const pipeline = `apiVersion: groundswell.dev/v1alpha1
kind: ViralityPipeline
metadata: { name: demo }
spec:
  sources: [{ name: made-up, generator: {} }]
`;

const windowOf = (name: string, spec: string): string => `---
apiVersion: groundswell.dev/v1alpha1
kind: FeatureWindow
metadata: { name: ${name} }
spec:
  pipelineRef: { name: demo }
  key: [user_id]
  watermark: { maxOutOfOrderness: 1s }
${spec}`;

const petLovers = windowOf(
  'pet-lovers',
  `  input: { where: event.type == 'click' }
  window:
    pattern:
      sequence:
        - { name: pets, where: "'pet' in event.tags", times: { min: 3 }, contiguity: Strict }
      within: 1m
      tag: pet-lover
      keepTag: 1h
  sinks:
    - redis: { tags: { key: "user:{user_id}:tags" } }
    - topic: { name: results }
`,
);
const active = windowOf(
  'active',
  `  window:
    pattern:
      sequence:
        - { name: comments, where: event.type == 'reply', times: { min: 2 } }
      within: 5m
      tag: active
      keepTag: 1d
  sinks:
    - redis: { tags: { key: "user:{user_id}:tags" } }
`,
);

/** What the resources compile to. */
const programsOf = (text: string): readonly WindowProgram[] => {
  const { resources, problems } = parseFiles([{ path: 'windows.yaml', text }]);
  const compiled = compile(resolve(resources), { target: 'local' });
  expect([...problems, ...compiled.problems]).toEqual([]);
  return compiled.programs.filter((program) => program.kind === 'window');
};

const start = async (...windows: readonly string[]) => {
  const world = await createWorld();
  const programs = programsOf(pipeline + windows.join(''));
  const all = await Promise.all(programs.map((program) => world.start(program)));
  const tell = async (watermark: number): Promise<void> => {
    await world.sendWatermark(watermark);
    for (const running of all) await step(running);
  };
  return { world, programs, all, tell };
};

const click = (second: number, ...tags: readonly string[]): Partial<SocialEvent> => ({
  type: 'click',
  at: second * 1_000,
  tags: [...tags],
});
const reply = (second: number): Partial<SocialEvent> => ({ type: 'reply', at: second * 1_000 });

describe('three consecutive pet clicks within a minute', () => {
  test.each([
    { what: 'three in a minute', clicks: [click(1, 'pet'), click(20, 'pet', 'cat'), click(60, 'pet')], tagged: true },
    {
      what: 'at one moment',
      clicks: [click(60, 'pet'), click(60, 'pet'), click(60, 'pet')],
      tagged: true,
    },
    {
      what: 'the third a minute after the first',
      clicks: [click(1, 'pet'), click(20, 'pet'), click(61, 'pet')],
      tagged: false,
    },
    {
      what: 'another click in between',
      clicks: [click(1, 'pet'), click(2, 'car'), click(3, 'pet'), click(4, 'pet')],
      tagged: false,
    },
    {
      what: 'a click without tags in between',
      clicks: [click(1, 'pet'), click(2), click(3, 'pet'), click(4, 'pet')],
      tagged: false,
    },
    { what: 'a reply in between', clicks: [click(1, 'pet'), click(2, 'pet'), reply(3), click(4, 'pet')], tagged: true },
  ])('$what: tagged $tagged', async ({ clicks, tagged }) => {
    const { world, tell } = await start(petLovers);
    await world.send(clicks);
    await tell(120_000);
    expect((await world.sorted('user:u:tags')).map(({ member }) => member)).toEqual(tagged ? ['pet-lover'] : []);
  });

  test('are told as an event, too, and the tag goes an hour after the last of them', async () => {
    const { world, tell } = await start(petLovers);
    await world.send([click(1, 'pet'), click(2, 'pet'), click(3, 'pet')]);
    await tell(3_000);
    expect(await world.sorted('user:u:tags')).toEqual([{ member: 'pet-lover', score: 3_001 + 3_600_000 }]);
    const [record] = await world.read('results');
    expect(WindowResult.parse(decodeJson(record!.value!))).toEqual({
      ...{ window: 'pet-lovers', key: ['u'], start: 1_000, end: 3_001, values: {}, nth: 0, tag: 'pet-lover' },
    });
  });

  test('keep their tag for another time as soon as that is changed, without a restart', async () => {
    const { world, programs, all, tell } = await start(petLovers);
    const changed = programsOf(pipeline + petLovers.replace('keepTag: 1h', 'keepTag: 2h'));
    expect(await all[0]!.update?.(changed[0])).toBe(true);
    expect(programs[0]!.revision.split('-')[0]).toBe(changed[0]!.revision.split('-')[0]);
    await world.send([click(1, 'pet'), click(2, 'pet'), click(3, 'pet')]);
    await tell(3_000);
    expect(await world.sorted('user:u:tags')).toEqual([{ member: 'pet-lover', score: 3_001 + 7_200_000 }]);
  });

  test('are found across a restart', async () => {
    const { world, programs, all, tell } = await start(petLovers);
    await world.send([click(1, 'pet'), click(2, 'pet')]);
    await tell(1_500);
    await all[0]!.save();
    await all[0]!.stop();
    const again = await world.start(programs[0]!);
    await world.send([click(3, 'pet')]);
    await world.sendWatermark(3_000);
    await step(again);
    expect(await world.sorted('user:u:tags')).toHaveLength(1);
  });
});

test('tags of several windows share a set, in which the one does not let the other go', async () => {
  const { world, tell } = await start(petLovers, active);
  await world.send([click(1, 'pet'), click(2, 'pet'), click(3, 'pet'), reply(4), reply(303)]);
  await tell(400_000);
  expect(await world.sorted('user:u:tags')).toEqual([
    { member: 'pet-lover', score: 3_001 + 3_600_000 },
    { member: 'active', score: 303_001 + 86_400_000 },
  ]);
  // The set itself lives as long as the longest of its tags.
  world.setNow(1_000_000 + 86_399_999);
  expect(await world.sorted('user:u:tags')).toHaveLength(2);
});

test('two comments five minutes apart make nobody active', async () => {
  const { world, tell } = await start(active);
  await world.send([reply(4), reply(304)]);
  await tell(400_000);
  expect(await world.sorted('user:u:tags')).toEqual([]);
});

test('an event that the watermark has passed is late for a pattern, and is counted', async () => {
  const { world, all, tell } = await start(active);
  await tell(10_000);
  await world.send([reply(10), reply(11)]);
  await tell(20_000);
  expect(all[0]!.report().ledger).toMatchObject({ in: 2, late: 1, aggregated: 1 });
});
