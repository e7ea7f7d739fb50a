/** Longer ones are left to the decoder. */
const longest = 32;

const decoder = new TextDecoder();

/**
 * The text of ASCII bytes. Keeping texts that come again, to find them by their bytes, was slower than making them anew
 * (docs/performance/windows.md).
 */
export const asciiText = (bytes: Uint8Array, from: number, to: number): string => {
  if (to - from > longest) return decoder.decode(bytes.subarray(from, to));
  let text = '';
  for (let i = from; i < to; i += 8) text += upTo8(bytes, i, to - i);
  return text;
};

const { fromCharCode } = String;

/** With its arguments written out it takes 20 ns for 8 letters; letter by letter, or by the decoder, 100. */
const upTo8 = (b: Uint8Array, i: number, length: number): string => {
  switch (length) {
    case 1:
      return fromCharCode(b[i]!);
    case 2:
      return fromCharCode(b[i]!, b[i + 1]!);
    case 3:
      return fromCharCode(b[i]!, b[i + 1]!, b[i + 2]!);
    case 4:
      return fromCharCode(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!);
    case 5:
      return fromCharCode(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!);
    case 6:
      return fromCharCode(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!, b[i + 5]!);
    case 7:
      return fromCharCode(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!, b[i + 5]!, b[i + 6]!);
    default:
      return fromCharCode(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!, b[i + 4]!, b[i + 5]!, b[i + 6]!, b[i + 7]!);
  }
};
