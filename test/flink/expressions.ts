import type { SocialEvent } from '@groundswell/wire';
import fc from 'fast-check';

const word = fc.constantFrom('', 'a', 'b', 'ab', "it's", 'Post', 'ünï😀', 'x\ny', '12', 'A.b');
const whole = fc.oneof(fc.constantFrom(0, 1, 2, 7), fc.integer({ min: 0, max: 100_000 }));
const fraction = fc.oneof(
  fc.constantFrom(0, -1, 2.5),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }).map((x) => x + 0),
);

/** Events, each field there or not. An attribute has one type, as a column of SQL has. */
export const event: fc.Arbitrary<Partial<SocialEvent>> = fc.record(
  {
    type: fc.constantFrom('like', 'repost', 'reply'),
    post_id: word,
    user_id: word,
    text: word,
    lang: word,
    links: whole,
    posted_at: fc.integer({ min: -1e10, max: 2_000_000_000_000 }),
    tags: fc.array(word, { maxLength: 3 }),
    user: fc.record({ followers: fraction, verified: fc.boolean(), name: word }, { requiredKeys: [] }),
    attributes: fc.record({ amount: fraction, city: word, paid: fc.boolean() }, { requiredKeys: [] }),
  } as never,
  { requiredKeys: [] },
);

const join = (...parts: readonly (string | fc.Arbitrary<string>)[]) =>
  fc
    .tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part)))
    .map((texts) => `(${texts.join(' ')})`);
const method = (receiver: fc.Arbitrary<string>, name: string, ...args: readonly fc.Arbitrary<string>[]) =>
  fc.tuple(receiver, ...args).map(([target, ...given]) => `${target}.${name}(${given.join(', ')})`);
const call = (name: string, ...args: readonly fc.Arbitrary<string>[]) =>
  fc.tuple(...args).map((given) => `${name}(${given.join(', ')})`);

const time = fc.constantFrom('event.posted_at', '(event.posted_at + 1)', '86400000', 'event.links');
const pattern = fc.constantFrom(
  'a',
  '^a',
  'b$',
  '[a-c]+',
  '^.$',
  'P.st',
  '\\\\d+',
  '\\\\w\\\\W',
  'a|12',
  '^(a|b)*$',
  '\\\\.',
);

/** Expressions by type: all that can be said in SQL. */
const expressions = fc.letrec<Record<'int' | 'num' | 'str' | 'bool', string>>((tie) => ({
  int: fc.oneof(
    { maxDepth: 3 },
    fc.integer({ min: -9, max: 9 }).map(String),
    fc.constantFrom('event.links', 'size(event.tags)', 'size(event.text)', 'event.lang.size()'),
    join(tie('int'), fc.constantFrom('+', '-', '*', '/', '%'), tie('int')),
    call('int', tie('num')),
    call('hour', time),
    call('weekday', time),
    method(time, 'getHours'),
    method(time, 'getMinutes'),
    method(time, 'getSeconds'),
    method(time, 'getMilliseconds'),
    method(time, 'getDayOfWeek'),
    join('-', tie('int')),
  ),
  num: fc.oneof(
    { maxDepth: 3 },
    fc.integer({ min: -90, max: 90 }).map((n) => (n / 4).toFixed(2)),
    fc.constantFrom(
      'event.user.followers',
      'event.attributes.amount',
      "event['links']",
      'double(event.attributes.amount)',
    ),
    join(tie('num'), fc.constantFrom('+', '-', '*', '/'), tie('num')),
    join(tie('bool'), '?', tie('num'), ':', tie('num')),
    join('-', tie('num')),
    call('abs', tie('num')),
    call('sign', tie('num')),
    call('floor', tie('num')),
    call('ceil', tie('num')),
    call('round', tie('num')),
    call('ratio', tie('num'), tie('num')),
    call('min', tie('num'), tie('int')),
    call('max', tie('num'), tie('num'), tie('num')),
    call('clamp', tie('num'), fc.constant('-3'), fc.constant('3.5')),
    fc.constantFrom('event.user.followers.orValue(1)', 'event.?links.orValue(7)', 'duration("1m") + event.links'),
  ),
  str: fc.oneof(
    { maxDepth: 2 },
    word.map((text) => JSON.stringify(text)),
    fc.constantFrom('event.type', 'event.text', 'event.lang', 'event.user.name', 'string(event.attributes.city)'),
    join(tie('str'), '+', tie('str')),
    method(tie('str'), 'lowerAscii'),
    method(tie('str'), 'upperAscii'),
    fc.constantFrom('event.lang.orValue("en")', 'string(event.links)', 'string(event.user.verified)'),
  ),
  bool: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(
      'true',
      'false',
      'event.user.verified',
      'event.attributes.paid == true',
      'bool(event.attributes.paid)',
    ),
    fc.constantFrom('has(event.text)', 'has(event.user.followers)', 'has(event.tags)', 'event.lang.hasValue()'),
    join(tie('num'), fc.constantFrom('<', '<=', '>', '>=', '==', '!='), tie('num')),
    join(tie('int'), fc.constantFrom('<', '<=', '>', '>=', '==', '!='), tie('int')),
    join(tie('str'), fc.constantFrom('==', '!='), tie('str')),
    join(tie('str'), 'in event.tags'),
    join(tie('str'), 'in ["a", "b", event.lang]'),
    join(tie('int'), 'in [1, 2, 3]'),
    method(tie('str'), 'contains', tie('str')),
    method(tie('str'), 'startsWith', tie('str')),
    method(tie('str'), 'endsWith', tie('str')),
    fc.tuple(tie('str'), pattern).map(([text, re]) => `${text}.matches("${re}")`),
    join('!', tie('bool')),
    join(tie('bool'), fc.constantFrom('&&', '||'), tie('bool')),
    join(tie('bool'), '?', tie('bool'), ':', tie('bool')),
  ),
}));

export const expression: fc.Arbitrary<string> = fc.oneof(...Object.values(expressions));
