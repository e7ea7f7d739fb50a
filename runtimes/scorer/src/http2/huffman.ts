import { ConnectionError, errorCode } from './frames.ts';

/**
 * Bits of the codes of the bytes 0 to 255 and of the end of a text, as letters from A = 5 bits on (RFC 7541, appendix B).
 * The code is canonical: ordered by length, then by byte, codes count up, so that lengths alone say all.
 */
const lengths =
  'ISXXXXXXXTZXXZXXXXXXXXZXXXXXXXXXBFFHIBDGFFDGDBBBAAABBBBBBBCDKBHFIBCCCCCCCCCCCCCCCCCCCCCCDCDIOIJB' +
  'KABABABBBACCBBBABCBAABCCCCCKGJIXPRPPRRRSRSSSSSTSTTRSTSSSSQRSRSSTRQPRRSSQSRRTQRSSQQRQSRSSPRRRSRRS' +
  'VVPORSRUVVVWWVTUOQVWWVWTQQVVXWWWPTPQRQQSRRUUTTVSVWVVWWWWWXWWWWWVZ';
const [shortest, longest] = [5, 30];
const endOfText = 256;

/** For each length: its first code, and the symbols in the order of their codes. */
const codes = ((): readonly { readonly first: number; readonly symbols: readonly number[] }[] => {
  const all: { first: number; symbols: number[] }[] = [];
  let first = 0;
  for (let length = 0; length <= longest; length++) {
    const symbols = [...lengths].flatMap((letter, symbol) =>
      letter.charCodeAt(0) - 65 + shortest === length ? [symbol] : [],
    );
    all.push({ first, symbols });
    first = (first + symbols.length) * 2;
  }
  return all;
})();

const broken = (what: string): ConnectionError =>
  new ConnectionError(errorCode.compression, `a text in Huffman's code ${what}`);

/** A text in the code of HPACK. @throws ConnectionError for what is none */
export const decodeHuffman = (bytes: Buffer): string => {
  // No code is shorter than five bits.
  const text = Buffer.allocUnsafe(Math.floor((bytes.length * 8) / shortest));
  let [at, code, length] = [0, 0, 0];
  for (const byte of bytes)
    for (let bit = 7; bit >= 0; bit--) {
      code = (code << 1) | ((byte >> bit) & 1);
      length++;
      const { first = 0, symbols = [] } = codes[length] ?? {};
      const symbol = symbols[code - first];
      if (symbol === undefined) {
        if (length >= longest) throw broken('has a code that there is not');
        continue;
      }
      if (symbol === endOfText) throw broken('ends before its end');
      text[at++] = symbol;
      [code, length] = [0, 0];
    }
  // What is left over fills the last byte, with the first bits of the code for the end: all ones.
  if (length > 7 || code !== (1 << length) - 1) throw broken('does not end as it must');
  return text.toString('latin1', 0, at);
};
