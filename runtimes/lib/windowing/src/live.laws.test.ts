import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { paningOf, tickAt } from './shape.ts';
import {
  aPost,
  type Input,
  type SlicedOptions,
  someInputs,
  someOptions,
  tellingAll,
  variousOptions,
} from './testing/inputs.ts';
import { truthOf } from './testing/oracle.ts';
import { foldAt, keyText, run, type Seen } from './testing/run.ts';

const sawtooth = variousOptions.map((options) => ({ ...options, head: 'Sawtooth' as const }));

/** What a store of newest results should hold: each key's unfinished window, else its last whole one. */
const newestOf = (options: SlicedOptions, inputs: readonly Input[]) => {
  const truth = truthOf(options, inputs);
  const paning = paningOf(options.shape);
  const fired = tickAt(paning, truth.watermark);
  const pairs = truth.keys.flatMap((key) => {
    const head = Math.floor(truth.newestAt(key) / paning.everyMs) + 1;
    const tick = Math.max(head, fired);
    const values = Number.isFinite(tick) ? truth.valuesAt(key, tick * paning.everyMs) : undefined;
    return values === undefined ? [] : [[keyText(key), values] as const];
  });
  return new Map(pairs);
};

describe('a windower with a sawtooth head', () => {
  test('leaves a store of newest results with unfinished windows where there are any', () => {
    fc.assert(
      fc.property(sawtooth, someInputs, (options, inputs) => {
        expect(new Map(run(options, inputs).newest)).toEqual(newestOf(options, inputs));
      }),
      { numRuns: 500 },
    );
  });

  test('says of windows that have fired what it says without', () => {
    fc.assert(
      fc.property(sawtooth.map(tellingAll), someInputs, (options, inputs) => {
        const [withHeads, without] = [run(options, inputs), run({ ...options, head: 'Closed' }, inputs)];
        const last = withHeads.windower.watermark();
        for (const [key, ends] of without.byWindow)
          for (const end of ends.keys())
            if (end - 1 <= last) expect(foldAt(withHeads.byWindow.get(key), end)).toEqual(foldAt(ends, end));
      }),
    );
  });
});

describe('new weights', () => {
  const weights = { like: 7, reply: 0.3 };
  const reweigh: Input = { kind: 'reweigh', weights };
  const cycle: Input = { kind: 'cycle', limit: 1000 };
  const reweighed = (options: SlicedOptions): SlicedOptions => ({
    ...options,
    aggregations: options.aggregations.map((one) => (one.kind === 'weightedSum' ? { ...one, weights } : one)),
  });
  const insert = (inputs: readonly Input[], at: number, more: readonly Input[]): readonly Input[] => [
    ...inputs.slice(0, at),
    ...more,
    ...inputs.slice(at),
  ];

  test('apply to whole windows from the newest on, also to those that are corrected later, and over a restart', () => {
    const options = fc
      .oneof(variousOptions, sawtooth)
      .map((one) => ({ ...one, emit: 'OnChange' as const, allowedLatenessMs: Math.max(one.allowedLatenessMs, 25) }));
    const law = (given: SlicedOptions, inputs: readonly Input[], [at, restart]: readonly number[]): void => {
      const changeAt = at! % (inputs.length + 1);
      const restartAt = restart! % (inputs.length + 2);
      const paning = paningOf(given.shape);
      const before = truthOf(given, inputs.slice(0, changeAt));
      const truth = truthOf(reweighed(given), inputs);
      const seen = run(given, insert(inputs, changeAt, [cycle, reweigh, cycle]), {
        at: restartAt,
        options: restartAt > changeAt + 1 ? reweighed(given) : given,
      });
      const [first, last] = [tickAt(paning, before.watermark), tickAt(paning, truth.watermark)];
      if (!Number.isFinite(first)) return;
      for (const key of truth.keys)
        for (let tick = first; tick <= last && tick < first + 40; tick++) {
          const end = tick * paning.everyMs;
          // What a window must not count is in its panes already: the key waits for its next window.
          if (tick === first && before.hasLate(key, end)) continue;
          const found = foldAt(seen.byWindow.get(keyText(key)), end);
          expect([key, end, found]).toEqual([key, end, truth.valuesAt(key, end)]);
        }
    };
    fc.assert(fc.property(options, someInputs, fc.tuple(fc.nat(90), fc.nat(90)), law), { numRuns: 1500 });
  });

  test('apply to unfinished windows at once', () => {
    fc.assert(
      fc.property(sawtooth, someInputs, (options, inputs) => {
        const truth = truthOf(options, inputs);
        const fired = tickAt(paningOf(options.shape), truth.watermark) * paningOf(options.shape).everyMs;
        fc.pre(truth.keys.every((key) => !truth.hasLate(key, fired)));
        expect(new Map(run(options, [...inputs, cycle, reweigh]).newest)).toEqual(newestOf(reweighed(options), inputs));
      }),
      { numRuns: 300 },
    );
  });

  const event = (at: number): Input => ({ kind: 'event', partition: 0, post: aPost({ at }) });
  const watermark = (to: number): Input => ({ kind: 'watermark', partition: 0, watermark: to });
  const weighing = (like: number, changes: Partial<SlicedOptions> = {}) =>
    someOptions({
      shape: { kind: 'hop', sizeMs: 100, everyMs: 10 },
      aggregations: [{ kind: 'weightedSum', name: 'weighted', by: ({ action }) => action, weights: { like } }],
      ...changes,
    });
  const told = ({ upserts }: Seen) => upserts.map(({ end, values }) => [end, values?.[0]]);
  const to = (like: number): Input => ({ kind: 'reweigh', weights: { like } });

  test('that were given while it was stopped are published when it goes on, and only those', () => {
    const inputs = [event(5), watermark(49), cycle, to(3), cycle, watermark(49)];
    const one = { at: 5, options: weighing(3) };
    expect(told(run(weighing(1), inputs, one))).toEqual([
      [10, 1],
      [50, 3],
    ]);
    expect(told(run(weighing(1), inputs, { ...one, options: weighing(1) }))).toEqual([
      [10, 1],
      [50, 3],
      [50, 1],
    ]);
  });

  test('publish windows that a later correction has to publish again, also after a restart', () => {
    const options = weighing(1, { allowedLatenessMs: 35 });
    const inputs = [event(5), watermark(39), cycle, to(2), cycle, watermark(59), cycle, to(3), cycle, watermark(79)];
    const restart = { at: inputs.length, options: weighing(3, { allowedLatenessMs: 35 }) };
    // Ends up to 40 are closed by now; 60 was published for the sake of the weights.
    expect(told(run(options, [...inputs, event(12), cycle], restart))).toEqual([
      [10, 1],
      [40, 2],
      [60, 3],
      [50, 6],
      [60, 6],
    ]);
  });

  test('wait for the next window of a key that a late event has joined since the last', () => {
    const inputs = [event(5), watermark(19), cycle, event(6), to(2), cycle, watermark(29)];
    expect(told(run(weighing(1), inputs))).toEqual([
      [10, 1],
      [30, 4],
    ]);
  });
});
