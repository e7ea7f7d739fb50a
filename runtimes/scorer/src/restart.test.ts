import type { ScorerProgram } from '@groundswell/graph';
import type { EventType, Outcome, Prediction } from '@groundswell/wire';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { event, program, variant } from '../test/builders.ts';
import { type Rig, type Sent, startRig } from '../test/rig.ts';

const second = 1000;
const minute = 60 * second;
const whole: ScorerProgram = program({
  atMs: [0, 10 * second, 30 * second],
  onChange: { throttleMs: 5 * second, untilMs: 40 * second },
  outcome: {
    name: 'viral',
    rule: { kind: 'count', where: "event.type in ['repost', 'quote']", atLeast: 2, maturityMs: 50 * second },
  },
  top: { size: 3, maxAgeMs: minute },
  variants: [variant('champion', 'trees', { share: 60 }), variant('challenger', 'constant', { share: 40 })],
});

type Piece = { readonly events: readonly Sent[] } | 'save' | 'crash';

type Drawn = readonly ('save' | 'crash' | readonly { type: EventType; post: number; jitter: number }[])[];
const oneEvent = fc.record({
  type: fc.constantFrom<EventType[]>('post', 'repost', 'like', 'quote', 'delete', 'repost', 'post'),
  post: fc.integer({ min: 0, max: 7 }),
  jitter: fc.integer({ min: 0, max: 9_000 }),
});
const pieces: fc.Arbitrary<Drawn> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.array(oneEvent, { minLength: 1, maxLength: 12 }) },
    { weight: 2, arbitrary: fc.constant('save' as const) },
    { weight: 2, arbitrary: fc.constant('crash' as const) },
  ),
  { maxLength: 14 },
);

/** Event time moves on by 3 s an event, with disorder, partly beyond what the watermark allows. */
const scriptOf = (drawn: Drawn): readonly Piece[] => {
  let at = 0;
  const script = drawn.map((piece): Piece => {
    if (piece === 'save' || piece === 'crash') return piece;
    const events = piece.map(({ type, post, jitter }) => {
      at += 3 * second;
      return event(type, `p${post}`, at - jitter, { id: 'e', user_id: 'u' });
    });
    return { events };
  });
  return script;
};
const ending: Piece = { events: [{ watermark: 1e9 }] };

const play = async (rig: Rig, script: readonly Piece[]): Promise<void> => {
  for (let i = 0; i < 8; i++) await rig.write(`w:p${i}`, { reposts: String(i) });
  for (const piece of script) {
    if (piece === 'save') await rig.running.save();
    else if (piece === 'crash') await rig.restart();
    else {
      await rig.send(piece.events);
      await rig.run();
    }
  }
};

/** What a replay may not change. Wall time may. */
const lineOf = ({ latency_ms: _, ...rest }: Prediction): string => JSON.stringify(rest);
const results = async (rig: Rig) => ({
  predictions: [...new Set((await rig.predictions()).map(lineOf))].sort(),
  outcomes: [...new Set((await rig.outcomes()).map((each: Outcome) => JSON.stringify(each)))].sort(),
  top: await rig.top(),
});

test('crashes at any point, after any saves, change no prediction, no outcome and no top', async () => {
  let crashes = 0;
  await fc.assert(
    fc.asyncProperty(pieces, async (drawn) => {
      const script = scriptOf(drawn);
      const [broken, unbroken] = [await startRig(whole), await startRig(whole)];
      for (const part of [[...script, 'crash' as const], [ending]]) {
        await play(broken, part);
        await play(
          unbroken,
          part.filter((piece) => typeof piece !== 'string'),
        );
        await broken.run();
        expect(await results(broken)).toEqual(await results(unbroken));
      }
      crashes += script.filter((piece) => piece === 'crash').length;
      await Promise.all([broken.running.stop(), unbroken.running.stop()]);
    }),
    { numRuns: 60 },
  );
  expect(crashes).toBeGreaterThan(20);
});

test('a saved run writes nothing twice', async () => {
  const rig = await startRig(whole);
  await rig.send([event('post', 'p', 0), event('repost', 'p', 6 * second), { watermark: 12 * second }]);
  await rig.run();
  await rig.running.save();
  await rig.restart();
  await rig.run();
  await rig.send([{ watermark: 60 * minute }]);
  await rig.run();
  const seen = (await rig.predictions()).map(({ trigger, scored_at }) => `${trigger} ${scored_at}`);
  expect(seen).toEqual(['appeared 0', 'change 6000', 'age 10000', 'age 30000']);
  expect(await rig.outcomes()).toMatchObject([{ post_id: 'p', value: 1, positive: false }]);
  await rig.running.stop();
});

test('offsets of the checkpoint count, not those that were committed', async () => {
  const rig = await startRig(whole);
  await rig.send([event('post', 'p', 0)]);
  await rig.run();
  const { checkpoints } = rig.ports;
  await rig.running.save();
  const saved = await checkpoints.load(whole.name);
  await rig.send([event('post', 'q', 0)]);
  await rig.run();
  await rig.running.save();
  await checkpoints.save(whole.name, saved ?? new Uint8Array());
  await rig.restart();
  await rig.run();
  expect((await rig.predictions()).map(({ post_id }) => post_id)).toEqual(['p', 'q', 'q']);
  await rig.running.stop();
});

test('a checkpoint of another version, or half of one, is refused', async () => {
  const rig = await startRig(whole);
  const { checkpoints } = rig.ports;
  await checkpoints.save(whole.name, new TextEncoder().encode('{"version":7}'));
  await expect(rig.restart()).rejects.toThrow(
    'Cannot restore "scorer-virality": its checkpoint has version 7, 1 is needed',
  );
  await checkpoints.save(whole.name, new TextEncoder().encode('{"version":1,'));
  await expect(rig.restart()).rejects.toThrow(
    'Cannot restore "scorer-virality": its checkpoint does not parse, a whole one is needed',
  );
});

test('after a restart with other ages, posts go on with the ages that are still to come', async () => {
  const rig = await startRig(whole);
  await rig.send([event('post', 'p', 0), { watermark: 20 * second }]);
  await rig.run();
  await rig.running.save();
  await rig.restart(program({ atMs: [0, 10 * second, 15 * second, 40 * second] }));
  await rig.send([{ watermark: 60 * minute }]);
  await rig.run();
  expect((await rig.predictions()).map(({ age_ms }) => age_ms)).toEqual([0, 10 * second, 40 * second]);
  await rig.running.stop();
});
