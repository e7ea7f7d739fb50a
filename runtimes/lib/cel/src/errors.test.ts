import { expect, test } from 'vitest';
import { type CelEnvironment, CelError, checkCel, compileCel, mathFunctions } from './index.ts';

const environment: CelEnvironment = {
  variables: ['event', 'at', 'open'],
  functions: { sentiment: (text) => (typeof text === 'string' ? 0 : undefined) },
  shapes: {
    event: {
      kind: 'fields',
      fields: {
        type: { kind: 'open' },
        tags: { kind: 'open' },
        user: { kind: 'fields', fields: { followers: { kind: 'open' } } },
        outcome: { kind: 'refused', why: 'it is known only in hindsight' },
      },
    },
  },
};

const standard = `size, int, uint, double, string, bool, dyn, timestamp, duration, ${Object.keys(mathFunctions).join(', ')}`;

test.each([
  ['', 1, 'it is empty, an expression is needed'],
  ['1 +', 4, 'unexpected token: the end'],
  ['(at', 4, 'expected ")", got the end'],
  ["event.type = 'a'", 12, 'unexpected character: = (equality is written ==)'],
  ['"open', 1, 'unterminated string'],
  ['at # 2', 4, 'unexpected character: #'],
  ['evnt.type', 1, 'unknown variable "evnt", did you mean "event"?'],
  ['1 + zebra', 5, 'unknown variable "zebra", known are event, at, open'],
  ['sentimnt(event.type)', 1, 'unknown function "sentimnt", did you mean "sentiment"?'],
  ['zebra(at)', 1, `unknown function "zebra", known are sentiment, has, ${standard}`],
  ['event.type.beginsWith("a")', 1, /^unknown method "beginsWith", known are contains, startsWith, /],
  ['event.type.startWith("a")', 1, 'unknown method "startWith", did you mean "startsWith"?'],
  ['log1p(at, 2)', 1, 'log1p() has 2 arguments, 1 is needed'],
  ['sentiment()', 1, 'sentiment() has 0 arguments, 1 is needed'],
  ['open.split()', 1, 'split() has 0 arguments, 1 to 2 are needed'],
  ['int(1, 2)', 1, 'int() has 2 arguments, 1 is needed'],
  ['event.tpye', 7, 'unknown field "tpye", did you mean "type"?'],
  ["event['tpye']", 1, 'unknown field "tpye", did you mean "type"?'],
  ['event.user.zebras', 12, 'unknown field "zebras", known are followers'],
  ['event.outcome.reposts > 3', 7, '"outcome" may not be read here, it is known only in hindsight'],
  ["has(event['outcome'])", 5, '"outcome" may not be read here, it is known only in hindsight'],
  ['event[open]', 1, 'a computed name is used, the name of a field is needed'],
  ['[event].map(e, e.outcome)', 2, '"event" stands by itself, one of its fields is needed'],
  ['cel.bind(e, event, e.outcome)', 13, '"event" stands by itself, one of its fields is needed'],
  ['(true ? event : event).outcome', 9, '"event" stands by itself, one of its fields is needed'],
  ['has(at)', 1, 'has() takes one field, as in has(event.text)'],
  ['open.all(x)', 1, 'all() takes a variable and a condition, as in all(x, x > 0)'],
  ['open.map(1, 2)', 10, 'map(var, transform) invalid predicate iteration variable'],
  ['open.matches("(")', 14, /^the pattern is no RE2 regular expression \(/],
  ['open.matches(event.type)', 20, 'matches() needs one pattern, written as a string'],
  ['b"x"', 1, 'bytes are not supported, a string is needed'],
  ['9007199254740993', 1, 'the number is beyond 2^53 and would not be exact'],
])('%s is refused at column %i', (source, column, problem) => {
  const found = checkCel(source, environment);
  expect(found?.offset).toBe(column - 1);
  const [head = '', ...rest] = (found?.message ?? '').split(` at column ${column}: `);
  expect(head).toBe(`Cannot use the expression ${JSON.stringify(source)}`);
  if (typeof problem === 'string') expect(rest.join()).toBe(problem);
  else expect(rest.join()).toMatch(problem);
});

test('an expression that is too long or too large is refused before it is compiled', () => {
  expect(checkCel('!'.repeat(5000), environment)?.message).toMatch(/it has 5000 characters, at most 4096 are taken$/);
  expect(checkCel(Array(1500).fill('1').join('+'), environment)?.message).toMatch(/exceeded maxAstNodes \(2000\)$/);
});

test('the largest expression that is taken compiles and runs', () => {
  expect(compileCel(Array(1000).fill('1').join('+'), environment)({})).toBe(1000);
  expect(compileCel(`${'!'.repeat(1998)}true`, environment)({})).toBe(true);
});

test('an error carries the source, the offset and the column', () => {
  const compile = () => compileCel('at > evnt', environment);
  expect(compile).toThrow(CelError);
  expect(compile).toThrow(expect.objectContaining({ source: 'at > evnt', offset: 5, column: 6 }));
});

test('a long expression is quoted around the place', () => {
  const source = `${'at > 1 && '.repeat(12)}evnt.x > 2${' && at > 1'.repeat(12)}`;
  expect(checkCel(source, environment)?.message).toMatch(/^Cannot use the expression "….*evnt.*…" at column 121: /);
});
