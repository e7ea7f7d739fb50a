import { sizeOf } from './conversions.ts';
import { timestampFields } from './time.ts';

/** Of the receiver and the arguments, none of them absent. */
type Method = (receiver: unknown, args: readonly unknown[]) => unknown;

interface MethodSpec {
  /** Fewest and most arguments. */
  readonly takes: readonly [number, number];
  readonly call: Method;
  readonly isInt: boolean;
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isWhole = (value: unknown): value is number => Number.isInteger(value);

const ofText = (call: (text: string) => unknown): MethodSpec => ({
  takes: [0, 0],
  call: (receiver) => (isText(receiver) ? call(receiver) : undefined),
  isInt: false,
});

const ofTexts = (call: (text: string, other: string) => unknown): MethodSpec => ({
  takes: [1, 1],
  call: (receiver, [other]) => (isText(receiver) && isText(other) ? call(receiver, other) : undefined),
  isInt: false,
});

const search = (find: (text: string, what: string, from?: number) => number): MethodSpec => ({
  takes: [1, 2],
  call: (text, [what, from]) => {
    if (!isText(text) || !isText(what)) return undefined;
    if (from === undefined) return find(text, what);
    if (!isWhole(from) || from < 0 || from > text.length) return undefined;
    return find(text, what, from);
  },
  isInt: true,
});

/** At most `limit` parts, the last with the rest; no limit when negative. */
const split: Method = (text, [separator, limit = -1]) => {
  if (!isText(text) || !isText(separator) || !isWhole(limit)) return undefined;
  if (limit === 0) return [];
  const parts = text.split(separator);
  if (limit < 0 || parts.length <= limit) return parts;
  return [...parts.slice(0, limit - 1), parts.slice(limit - 1).join(separator)];
};

const substring: Method = (text, [start, end]) => {
  if (!isText(text) || !isWhole(start)) return undefined;
  const until = end ?? text.length;
  return isWhole(until) && start >= 0 && start <= until && until <= text.length
    ? text.substring(start, until)
    : undefined;
};

const replace: Method = (text, [what, by]) =>
  isText(text) && isText(what) && isText(by) ? text.replaceAll(what, () => by) : undefined;

const join: Method = (list, [separator = '']) =>
  Array.isArray(list) && list.every(isText) && isText(separator) ? list.join(separator) : undefined;

const asciiCase = (pattern: RegExp, change: (letter: string) => string) =>
  ofText((text) => text.replace(pattern, change));

const fields: Readonly<Record<string, MethodSpec>> = Object.fromEntries(
  Object.entries(timestampFields).map(([name, field]) => {
    const call: Method = (at) => (typeof at === 'number' && Number.isFinite(at) ? field(at) : undefined);
    return [name, { takes: [0, 0], call, isInt: true }];
  }),
);

/** What can be called on a value, besides macros, `matches` and the methods of optionals. Positions are in UTF-16 units. */
export const methods: Readonly<Record<string, MethodSpec>> = {
  contains: ofTexts((text, part) => text.includes(part)),
  startsWith: ofTexts((text, part) => text.startsWith(part)),
  endsWith: ofTexts((text, part) => text.endsWith(part)),
  lowerAscii: asciiCase(/[A-Z]+/g, (letters) => letters.toLowerCase()),
  upperAscii: asciiCase(/[a-z]+/g, (letters) => letters.toUpperCase()),
  trim: ofText((text) => text.trim()),
  size: { takes: [0, 0], call: sizeOf, isInt: true },
  indexOf: search((text, what, from) => text.indexOf(what, from)),
  lastIndexOf: search((text, what, from) => text.lastIndexOf(what, from)),
  split: { takes: [1, 2], call: split, isInt: false },
  substring: { takes: [1, 2], call: substring, isInt: false },
  replace: { takes: [2, 2], call: replace, isInt: false },
  join: { takes: [0, 1], call: join, isInt: false },
  ...fields,
};
