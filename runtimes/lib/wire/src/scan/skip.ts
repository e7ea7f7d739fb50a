/**
 * Functions that step over JSON in UTF-8 and validate it: each takes the position at which its part begins and answers the
 * one after it, or −1 where the part is not valid, or so unusual that somebody else has to look. Whatever they accept,
 * `JSON.parse` accepts.
 */

export const [quote, comma, colon, openBrace, closeBrace] = [34, 44, 58, 123, 125];
const [backslash, letterU, minus, dot, zero, openBracket, closeBracket] = [92, 117, 45, 46, 48, 91, 93];

/** Deeper nesting is left to others. */
const maxDepth = 64;

/** 1 for bytes that stand for themselves in a string. */
export const isPlain = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x20 && byte !== quote && byte !== backslash ? 1 : 0,
);

export const isPlainAscii = isPlain.map((plain, byte) => (byte < 0x80 ? plain : 0));

const codesOf = (text: string): readonly number[] => [...text].map((letter) => letter.charCodeAt(0));
const escapes = new Set(codesOf('"\\/bfnrt'));
const hexDigits = new Set(codesOf('0123456789abcdefABCDEF'));

export const skipSpace = (bytes: Uint8Array, from: number): number => {
  let i = from;
  for (let byte = bytes[i]; byte === 32 || byte === 10 || byte === 13 || byte === 9; byte = bytes[i]) i++;
  return i;
};

/** From behind the opening quote, or anywhere in the string. */
const skipString = (bytes: Uint8Array, from: number): number => {
  for (let i = from; ; ) {
    while (isPlain[bytes[i]!] === 1) i++;
    const byte = bytes[i];
    if (byte === quote) return i + 1;
    if (byte !== backslash) return -1;
    i = skipEscape(bytes, i + 1);
    if (i < 0) return -1;
  }
};

const skipEscape = (bytes: Uint8Array, from: number): number => {
  if (bytes[from] !== letterU) return escapes.has(bytes[from]!) ? from + 1 : -1;
  for (let i = from + 1; i <= from + 4; i++) if (!hexDigits.has(bytes[i]!)) return -1;
  return from + 5;
};

const skipDigits = (bytes: Uint8Array, from: number): number => {
  let i = from;
  while (bytes[i]! >= zero && bytes[i]! <= 57) i++;
  return i;
};

const skipNumber = (bytes: Uint8Array, from: number): number => {
  const whole = bytes[from] === minus ? from + 1 : from;
  let i = bytes[whole] === zero ? whole + 1 : skipDigits(bytes, whole);
  if (i === whole) return -1;
  if (bytes[i] === dot) {
    const end = skipDigits(bytes, i + 1);
    if (end === i + 1) return -1;
    i = end;
  }
  if (bytes[i] !== 101 && bytes[i] !== 69) return i;
  const sign = bytes[i + 1] === 43 || bytes[i + 1] === minus ? i + 2 : i + 1;
  const end = skipDigits(bytes, sign);
  return end === sign ? -1 : end;
};

const words = ['true', 'false', 'null'].map(codesOf);

const skipWord = (bytes: Uint8Array, from: number): number => {
  for (const word of words) if (word.every((code, i) => bytes[from + i] === code)) return from + word.length;
  return -1;
};

export const skipValue = (bytes: Uint8Array, from: number, depth = 0): number => {
  const byte = bytes[from]!;
  if (byte === quote) return skipString(bytes, from + 1);
  if (byte === openBrace) return skipMembers(bytes, from + 1, depth + 1);
  if (byte === openBracket) return skipElements(bytes, from + 1, depth + 1);
  return byte === minus || (byte >= zero && byte <= 57) ? skipNumber(bytes, from) : skipWord(bytes, from);
};

const skipMembers = (bytes: Uint8Array, from: number, depth: number): number => {
  let i = skipSpace(bytes, from);
  if (bytes[i] === closeBrace) return i + 1;
  for (;;) {
    if (bytes[i] !== quote || depth > maxDepth) return -1;
    i = skipString(bytes, i + 1);
    if (i < 0) return -1;
    i = skipSpace(bytes, i);
    if (bytes[i] !== colon) return -1;
    i = skipValue(bytes, skipSpace(bytes, i + 1), depth);
    if (i < 0) return -1;
    i = skipSpace(bytes, i);
    if (bytes[i] === closeBrace) return i + 1;
    if (bytes[i] !== comma) return -1;
    i = skipSpace(bytes, i + 1);
  }
};

const skipElements = (bytes: Uint8Array, from: number, depth: number): number => {
  let i = skipSpace(bytes, from);
  if (bytes[i] === closeBracket) return i + 1;
  for (;;) {
    if (depth > maxDepth) return -1;
    i = skipValue(bytes, i, depth);
    if (i < 0) return -1;
    i = skipSpace(bytes, i);
    if (bytes[i] === closeBracket) return i + 1;
    if (bytes[i] !== comma) return -1;
    i = skipSpace(bytes, i + 1);
  }
};
