import { Environment } from '@marcbachmann/cel-js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileCel } from './index.ts';

const oracle = new Environment({ unlistedVariablesAreDyn: true, enableOptionalTypes: true });

/** What cel-js makes of it: an error of its evaluation is `undefined`, an int a number. */
const evaluated = (source: string, scope: object): unknown => {
  try {
    return plain(oracle.parse(source)(scope));
  } catch (error) {
    if (error instanceof Error && error.name === 'EvaluationError') return undefined;
    throw error;
  }
};

const plain = (value: unknown): unknown => {
  if (typeof value === 'bigint') return Number(value);
  return Array.isArray(value) ? value.map(plain) : value;
};

const word = fc.constantFrom('', 'a', 'b', 'ab', 'Post', 'ünï😀');
const double = fc.oneof(fc.constantFrom(0, 1, -1, 2.5, 10), fc.double({ noNaN: true, min: -1e6, max: 1e6 }));
const anything = fc.oneof(word, double, fc.boolean(), fc.constant(null), fc.array(word, { maxLength: 2 }));

/** A value of the type that the name promises; now and then nothing, or something else. */
const maybe = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 8, arbitrary: value }, { weight: 1, arbitrary: anything });
const event = fc.record(
  {
    type: maybe(word),
    text: maybe(word),
    n: maybe(double),
    m: maybe(double),
    ok: maybe(fc.boolean()),
    tags: maybe(fc.array(word, { maxLength: 3 })),
    user: fc.record({ followers: maybe(double) }, { requiredKeys: [] }),
  },
  { requiredKeys: ['user'] },
);

const quoted = word.map((text) => JSON.stringify(text));
const int = fc.integer({ min: -9, max: 9 }).map(String);
const fraction = fc.integer({ min: -90, max: 90 }).map((n) => (n / 4).toFixed(2));
const join = (...parts: readonly (string | fc.Arbitrary<string>)[]) =>
  fc
    .tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part)))
    .map((texts) => `(${texts.join(' ')})`);
const call = (receiver: fc.Arbitrary<string>, method: string, argument: fc.Arbitrary<string>) =>
  fc.tuple(receiver, argument).map(([target, arg]) => `${target}.${method}(${arg})`);

/** Expressions by type. Doubles are written as such and never divided by zero: there the two differ on purpose. */
const expressions = fc.letrec<Record<'int' | 'num' | 'str' | 'list' | 'bool', string>>((tie) => ({
  int: fc.oneof(
    { maxDepth: 3 },
    int,
    join(tie('int'), fc.constantFrom('+', '-', '*', '/', '%'), tie('int')),
    tie('str').map((text) => `size(${text})`),
    tie('list').map((list) => `${list}.size()`),
    join('-', tie('int')),
  ),
  num: fc.oneof(
    { maxDepth: 3 },
    fraction,
    fc.constantFrom('event.n', 'event.m', 'event.user.followers', "event['n']", 'event.tags[0]'),
    join(tie('num'), fc.constantFrom('+', '-', '*'), tie('num')),
    join(tie('num'), '/ 4.0'),
    join('-', tie('num')),
    join(tie('bool'), '?', tie('num'), ':', tie('num')),
  ),
  str: fc.oneof(
    { maxDepth: 2 },
    quoted,
    fc.constantFrom('event.type', 'event.text', 'event.tags[1]', 'event.?nothing.orValue("a")'),
    join(tie('str'), '+', tie('str')),
    tie('str').map((text) => `${text}.lowerAscii().trim()`),
    tie('list').map((list) => `${list}.join("-")`),
  ),
  list: fc.oneof(
    { maxDepth: 2 },
    fc.constant('event.tags'),
    fc.array(quoted, { minLength: 1, maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
    join(tie('list'), '+', tie('list')),
    tie('list').map((list) => `${list}.filter(x, x > "a")`),
    tie('list').map((list) => `${list}.map(x, x + "!")`),
  ),
  bool: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('true', 'false', 'event.ok', 'has(event.text)', 'has(event.user.followers)'),
    join(tie('num'), fc.constantFrom('<', '<=', '>', '>=', '==', '!='), tie('num')),
    join(tie('int'), fc.constantFrom('<', '<=', '>', '>=', '==', '!='), tie('int')),
    join(tie('num'), fc.constantFrom('<', '>='), int),
    join(tie('str'), fc.constantFrom('<', '==', '!='), tie('str')),
    join(tie('str'), 'in', tie('list')),
    call(tie('str'), 'contains', tie('str')),
    call(tie('str'), 'startsWith', tie('str')),
    join('!', tie('bool')),
    join(tie('bool'), fc.constantFrom('&&', '||'), tie('bool')),
    join(tie('bool'), '?', tie('bool'), ':', tie('bool')),
    call(tie('list'), 'all', fc.constant('x, x < "b"')),
    call(tie('list'), 'exists', fc.constant('x, x == event.type || x > "a"')),
    call(tie('list'), 'exists_one', fc.constant('x, x == "a"')),
  ),
}));

test("what is compiled gives what cel-js's own evaluation gives", () => {
  fc.assert(
    fc.property(
      fc.oneof(...Object.values(expressions)),
      fc.array(event, { minLength: 1, maxLength: 5 }),
      (source, rows) => {
        fc.pre(oracle.check(source).valid);
        const program = compileCel(source, { variables: ['event'] });
        for (const row of rows) expect(program({ event: row })).toStrictEqual(evaluated(source, { event: row }));
      },
    ),
    { numRuns: 2000 },
  );
});
