import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JsonScanner } from './scanner.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

const paths = [['at'], ['text'], ['tags'], ['user', 'followers'], ['user', 'name'], ['attributes', 'amount'], ['é']];
const scanner = new JsonScanner(paths);

type Members = Readonly<Record<string, unknown>>;
const membersOf = (value: unknown): Members | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : undefined;

/** What JSON.parse gives for the wanted fields; undefined where it throws, or gives no object. */
const parsed = (bytes: Uint8Array): Members | undefined => {
  try {
    const whole = membersOf(JSON.parse(decoder.decode(bytes)));
    if (whole === undefined) return undefined;
    const own = (members: Members, name: string) => (Object.hasOwn(members, name) ? members[name] : undefined);
    const inner = (name: string, names: readonly string[]) => {
      const value = own(whole, name);
      const members = membersOf(value);
      return members === undefined ? value : Object.fromEntries(names.map((one) => [one, own(members, one)]));
    };
    return {
      ...Object.fromEntries(['at', 'text', 'tags', 'é'].map((name) => [name, own(whole, name)])),
      user: inner('user', ['followers', 'name']),
      attributes: inner('attributes', ['amount']),
    };
  } catch {
    return undefined;
  }
};

/** It may leave it to JSON.parse; if it answers, it is that answer. */
const agrees = (bytes: Uint8Array): boolean => {
  const scanned = scanner.scan(bytes);
  if (scanned === undefined) return false;
  expect(scanned).toStrictEqual(parsed(bytes));
  return true;
};

const name = fc.oneof(
  fc.constantFrom('at', 'text', 'tags', 'user', 'attributes', 'followers', 'name', 'amount', 'é', '__proto__', ''),
  fc.string({ unit: 'binary', maxLength: 5 }),
);
const numberText = fc.oneof(
  fc.double().map((x) => (Number.isFinite(x) ? String(x) : '0')),
  fc.stringMatching(/^-?(0|[1-9]\d{0,18})(\.\d{1,17})?([eE][+-]?\d{1,3})?$/),
  fc.constantFrom('-0', '0.1', '123456789012345', '1234567890123456', '0.000000000000001', '9007199254740993', '1e400'),
);
const stringText = fc.oneof(
  fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
  fc.constantFrom('"\\u0061t"', '"\\ud83d"', '"a\\/b"', '"\\ud83d\\ude00"', '"é😀"', `"${'x'.repeat(40)}"`),
);
const space = fc.constantFrom('', '', '', ' ', '\n\t\r ');

/** Texts of JSON, in all the forms that one value can take. */
const json = fc.letrec<{ value: string; object: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    stringText,
    numberText,
    fc.constantFrom('true', 'false', 'null'),
    fc
      .tuple(fc.array(tie('value'), { maxLength: 3 }), space)
      .map(([all, gap]) => `[${gap}${all.join(`${gap},`)}${gap}]`),
    tie('object'),
  ),
  object: fc
    .tuple(fc.array(fc.tuple(name, tie('value'), fc.boolean()), { maxLength: 6 }), space)
    .map(([members, gap]) => {
      const written = members.map(([key, value, escaped]) => {
        const text = escaped ? JSON.stringify(key).replace(/a/g, '\\u0061') : JSON.stringify(key);
        return `${gap}${text}${gap}:${gap}${value}`;
      });
      return `{${written.join(`${gap},`)}${gap}}`;
    }),
})).object;

describe('a scan gives what JSON.parse gives for the wanted fields', () => {
  test('of any object in any form', () => {
    let answered = 0;
    fc.assert(
      fc.property(json, (text) => {
        if (agrees(encoder.encode(text))) answered++;
      }),
      { numRuns: 5000 },
    );
    expect(answered).toBeGreaterThan(2500);
  });

  test('also where bytes are changed, cut off or put in, so that it is JSON no more, or no UTF-8', () => {
    const change = fc.record({
      at: fc.nat(),
      remove: fc.nat(3),
      insert: fc.oneof(
        fc.uint8Array({ maxLength: 3 }),
        fc
          .constantFrom('"', '\\', ',', '{', '}', '[', ':', '0', '.', 'e', '-', ' ', '\0', '\n')
          .map((text) => encoder.encode(text)),
      ),
    });
    fc.assert(
      fc.property(json, fc.array(change, { minLength: 1, maxLength: 3 }), (text, changes) => {
        let bytes = encoder.encode(text);
        for (const { at, remove, insert } of changes) {
          const place = at % (bytes.length + 1);
          bytes = Uint8Array.from([...bytes.subarray(0, place), ...insert, ...bytes.subarray(place + remove)]);
        }
        agrees(bytes);
      }),
      { numRuns: 20_000 },
    );
  });

  test.each([
    '{"at":1,"at":2}',
    '{"user":{"name":"a"},"user":{"followers":1}}',
    '{"user":{"name":"a"},"user":null}',
    '{"tags":["a","\\u0062",{}]}',
    '{"text":"line\\nend","at":-0}',
    '{"at":12345678901234567890,"text":"ünï😀"}',
    '{"at":0.1,"attributes":{"amount":1e-7}} \n',
  ])('of %s', (text) => {
    expect(agrees(encoder.encode(text))).toBe(true);
  });
});

test.each([
  '',
  '[]',
  '{"at":01}',
  '{"at":1.}',
  '{"at":.5}',
  '{"at":+1}',
  '{"at":1,}',
  '{"at":1}}',
  '{"at":tru}',
  '{"other":"\\x"}',
  '{"other":"a\nb"}',
  '{"other":[1 2]}',
  '{"other":{"a"}}',
  '{"\\u0061t":1}',
  `{"other":${'['.repeat(100)}${']'.repeat(100)}}`,
])('%s is left to JSON.parse', (text) => {
  expect(scanner.scan(encoder.encode(text))).toBeUndefined();
});
