import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isBalanced, totalOf } from './ledger.ts';
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
import { type Truth, truthOf } from './testing/oracle.ts';
import { foldAt, keyText, run, type Seen } from './testing/run.ts';

/** Ends of all windows that could hold an event and have fired, and a few after them. */
const firedEnds = (options: SlicedOptions, { span, watermark }: Truth): readonly number[] => {
  if (span === undefined) return [];
  const paning = paningOf(options.shape);
  const first = Math.floor(span[0] / paning.everyMs) + 1;
  const last = Math.min(tickAt(paning, watermark), Math.floor(span[1] / paning.everyMs) + paning.panes + 2);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * paning.everyMs);
};

/** Key → end → values of every window with content, as told and as is. */
const told = (options: SlicedOptions, truth: Truth, seen: Seen) =>
  truth.keys.flatMap((key) =>
    firedEnds(options, truth).map((end) => [key, end, foldAt(seen.byWindow.get(keyText(key)), end)]),
  );
const actual = (options: SlicedOptions, truth: Truth) =>
  truth.keys.flatMap((key) => firedEnds(options, truth).map((end) => [key, end, truth.valuesAt(key, end)]));

const check = (law: (options: SlicedOptions, inputs: readonly Input[]) => void, runs = 300): void => {
  fc.assert(fc.property(variousOptions, someInputs, law), { numRuns: runs });
};

describe('a windower', () => {
  test('says of every window that has fired what its definition says', () => {
    check((given, inputs) => {
      const options = tellingAll(given);
      const truth = truthOf(options, inputs);
      expect(told(options, truth, run(options, inputs))).toEqual(actual(options, truth));
    }, 1000);
  });

  test('fires nothing that the watermark has not reached', () => {
    check((options, inputs) => {
      const { upserts, windower } = run(options, inputs);
      expect(upserts.every(({ end }) => end - 1 <= windower.watermark())).toBe(true);
      expect(windower.watermark()).toBe(truthOf(options, inputs).watermark);
    });
  });

  test('publishes every window with content and no other where every window is asked for', () => {
    check((options, inputs) => {
      const truth = truthOf(options, inputs);
      const { byWindow } = run({ ...options, emit: 'EveryWindow' }, inputs);
      const published = [...byWindow].flatMap(([key, ends]) =>
        [...ends].flatMap(([end, values]) => (values === null ? [] : [`${key} ${end}`])),
      );
      const full = truth.keys.flatMap((key) =>
        firedEnds(options, truth).flatMap((end) => (truth.valuesAt(key, end) ? [`${keyText(key)} ${end}`] : [])),
      );
      expect(published.sort()).toEqual(full.sort());
    });
  });

  test('leaves a store that keeps the newest result with that of the last window', () => {
    check((options, inputs) => {
      const truth = truthOf(options, inputs);
      const { newest } = run(options, inputs);
      const paning = paningOf(options.shape);
      const end = tickAt(paning, truth.watermark) * paning.everyMs;
      const now = truth.keys.flatMap((key) => {
        const values = Number.isFinite(end) ? truth.valuesAt(key, end) : undefined;
        return values === undefined ? [] : [[keyText(key), values] as const];
      });
      expect(new Map(newest)).toEqual(new Map(now));
    });
  });

  test('tells the newest windows alone as it tells them among others, and says less', () => {
    check((given, inputs) => {
      const options: SlicedOptions = { ...given, emit: 'OnChange' };
      const [few, all] = [run({ ...options, emit: 'Newest' }, inputs), run(options, inputs)];
      expect(few.newest).toEqual(all.newest);
      expect(few.upserts.length).toBeLessThanOrEqual(all.upserts.length);
    }, 1000);
  });

  test('tells a key that changed in several windows at once only the last of them, where the newest is asked for', () => {
    const options = someOptions({ shape: { kind: 'hop', sizeMs: 20, everyMs: 10 }, emit: 'Newest' });
    const inputs: Input[] = [1, 12, 15].map((at) => ({ kind: 'event', partition: 0, post: aPost({ at }) }));
    const { upserts } = run(options, [...inputs, { kind: 'watermark', partition: 0, watermark: 29 }]);
    expect(upserts).toMatchObject([{ end: 30, values: [2] }]);
  });

  test('calls late, filtered and aggregated what the definition does, and its ledger balances', () => {
    check((options, inputs) => {
      const { outcomes, windower } = run(options, inputs);
      expect(outcomes).toEqual(truthOf(options, inputs).outcomes);
      const total = totalOf(windower.ledger());
      expect(isBalanced(total)).toBe(true);
      expect(total.in).toBe(outcomes.length);
      expect(total.late).toBe(outcomes.filter((outcome) => outcome === 'late').length);
    });
  });

  test('says the same when it is saved and restored at any point', () => {
    fc.assert(
      fc.property(variousOptions, someInputs, fc.nat(90), (options, inputs, at) => {
        const restartAt = at % Math.max(1, inputs.length);
        // The restart ends a cycle, so the other run ends one there too.
        const whole = run(options, [
          ...inputs.slice(0, restartAt),
          { kind: 'cycle', limit: 1000 },
          ...inputs.slice(restartAt),
        ]);
        const halves = run(options, inputs, { at: restartAt, options });
        const text = ({ upserts }: Seen) =>
          upserts.map(({ key, end, values, newest }) => JSON.stringify([end, key, newest, values])).sort();
        expect(text(halves)).toEqual(text(whole));
        expect(halves.outcomes).toEqual(whole.outcomes);
        expect(halves.windower.ledger()).toEqual(whole.windower.ledger());
        expect(halves.windower.size().keys).toBe(whole.windower.size().keys);
        expect(halves.windower.size().rows).toBe(whole.windower.size().rows);
      }),
      { numRuns: 500 },
    );
  });

  test('forgets every key once the watermark is past all that it could count in', () => {
    check((options, inputs) => {
      const end: Input[] = [0, 1].map((partition) => ({ kind: 'watermark', partition, watermark: 1e12 }));
      const { windower, newest } = run(options, [...inputs, ...end]);
      expect(windower.size()).toMatchObject({ keys: 0, rows: 0 });
      expect(newest.size).toBe(0);
    });
  });

  test('says the same for another order of events within the allowed disorder', () => {
    fc.assert(
      fc.property(
        variousOptions,
        fc.array(fc.tuple(fc.nat(300), fc.nat(29), fc.integer({ min: -4, max: 4 })), { maxLength: 40 }),
        (given, drawn) => {
          const options = { ...given, maxOutOfOrdernessMs: 30 };
          // One event for each moment, so that first and last are the same in any order.
          const events = [...new Map(drawn.map((one) => [one[0], one])).values()];
          const inputsBy = (order: (event: (typeof events)[number]) => number): readonly Input[] =>
            [...events]
              .sort((a, b) => order(a) - order(b))
              .map(([at, , size]) => ({
                kind: 'event',
                partition: 0,
                post: { at, user: `u${at % 2}`, tags: ['x'], action: size > 0 ? 'like' : 'reply', size: size / 10 },
              }));
          const [straight, mixed] = [inputsBy(([at]) => at), inputsBy(([at, delay]) => at + delay)];
          const end: Input = { kind: 'watermark', partition: 0, watermark: 1000 };
          expect(run(options, [...mixed, end]).byWindow).toEqual(run(options, [...straight, end]).byWindow);
        },
      ),
      { numRuns: 300 },
    );
  });
});
