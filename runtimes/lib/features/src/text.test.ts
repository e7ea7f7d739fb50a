import { featureFunctionNames, featureFunctionParameters } from '@groundswell/cel';
import { expect, test } from 'vitest';
import { featureFunctions } from './functions.ts';

const call = (name: keyof typeof featureFunctions, ...args: readonly unknown[]): unknown =>
  featureFunctions[name](...args);

test('the functions are exactly those that the compiler checks against', () => {
  expect(Object.keys(featureFunctions).sort()).toEqual([...featureFunctionNames].sort());
  const parameters = Object.entries(featureFunctions).map(([name, { length }]) => [name, length]);
  expect(Object.fromEntries(parameters)).toEqual(featureFunctionParameters);
});

test.each([
  { name: 'words', text: "It's a well-known fact: 3 of 4", count: 7 },
  { name: 'words', text: '', count: 0 },
  { name: 'characters', text: 'añ🎉', count: 3 },
  { name: 'letters', text: 'añ 🎉1!', count: 2 },
  { name: 'questions', text: 'Why? ¿Por qué? なぜ？', count: 3 },
  { name: 'exclamations', text: 'Go! Go!! 行け！', count: 4 },
  { name: 'emojis', text: '👨‍👩‍👧 🇫🇷 1️⃣ 1 # 😀😀', count: 5 },
  { name: 'mentions', text: '@a and @b.example, @c@host.example, not me@mail.example', count: 3 },
  { name: 'hashtags', text: '#one #２０２６年 #42 a#b #a_1 &#39; #日本', count: 4 },
  { name: 'links', text: 'https://a.example/x?y www.b.example HTTP://c.example', count: 3 },
] as const)('$name of "$text" is $count', ({ name, text, count }) => {
  expect(call(name, text)).toBe(count);
});

test('uppercase is the share of letters that are capital, and 0 without letters', () => {
  expect(call('uppercase', 'AbCd 12')).toBe(0.5);
  expect(call('uppercase', '12!')).toBe(0);
});

test('a function of a text is absent for anything else', () => {
  for (const name of featureFunctionNames) expect(call(name, 7)).toBeUndefined();
});

test('the age of an account is in days and never negative', () => {
  const day = 86_400_000;
  expect(call('account_age_days', 10 * day, 12.5 * day)).toBe(2.5);
  expect(call('account_age_days', 12 * day, 10 * day)).toBe(0);
  expect(call('account_age_days', undefined, 10 * day)).toBeUndefined();
});

test.each([
  { text: 'what a great, wonderful day', sign: 1 },
  { text: 'this is a terrible disaster', sign: -1 },
  { text: 'this is not a great day', sign: -1 },
  { text: 'I don’t hate it', sign: 1 },
  { text: 'the constructor of the table', sign: 0 },
  { text: '', sign: 0 },
])('the sentiment of "$text" has the sign $sign', ({ text, sign }) => {
  expect(Math.sign(call('sentiment', text) as number)).toBe(sign);
});

test('sentiment stays within −1 and 1 and grows with the words', () => {
  const one = call('sentiment', 'great') as number;
  const many = call('sentiment', 'great '.repeat(1000)) as number;
  expect(one).toBeCloseTo(3 / Math.sqrt(24), 12);
  expect(many).toBeGreaterThan(one);
  expect(many).toBeLessThanOrEqual(1);
});

test('a text gives the same value again, however many others came between', () => {
  const texts = Array.from({ length: 10_050 }, (_, i) => 'good '.repeat(1 + (i % 3)) + i);
  const thrice = texts.map((text) => [call('words', text), call('words', text), call('words', text)]);
  expect(thrice).toEqual(texts.map((_, i) => Array(3).fill(2 + (i % 3))));
  const long = 'word '.repeat(300);
  expect([call('words', long), call('words', long)]).toEqual([300, 300]);
});
