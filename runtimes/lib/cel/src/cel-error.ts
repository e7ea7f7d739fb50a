/** An expression that cannot be compiled. `offset` counts UTF-16 units from 0, so that a caret can be put under the place. */
export class CelError extends Error {
  override readonly name = 'CelError';
  readonly source: string;
  readonly offset: number;
  /** From 1, over the whole text of the expression. */
  readonly column: number;

  constructor(source: string, offset: number, problem: string) {
    super(`Cannot use the expression ${quote(source, offset)} at column ${offset + 1}: ${problem}`);
    this.source = source;
    this.offset = offset;
    this.column = offset + 1;
  }
}

const shown = 60;

/** The expression in quotes, or the part of a long one around the place. */
const quote = (source: string, offset: number): string => {
  if (source.length <= shown) return JSON.stringify(source);
  const from = Math.min(Math.max(0, offset - shown / 2), source.length - shown);
  const until = from + shown;
  return JSON.stringify(`${from > 0 ? '…' : ''}${source.slice(from, until)}${until < source.length ? '…' : ''}`);
};
