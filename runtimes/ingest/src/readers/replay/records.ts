/** One record of a file as text, before anything is made of it. */
export interface Rec {
  /** Of its first line, from 1. */
  readonly line: number;
  readonly text: string;
  /** The file ends within it: there is no end of line. */
  readonly cut: boolean;
}

export interface RecordSplitter {
  /** The records that this piece completes. @throws LineTooLongError */
  push(piece: string): Rec[];
  /** What is left at the end of the file. */
  end(): Rec[];
}

export class LineTooLongError extends Error {
  override readonly name = 'LineTooLongError';

  constructor(line: number) {
    super(`line ${line} is longer than 32 Mi characters`);
  }
}

/** A record that has grown beyond this is no record: somewhere before, a quote was not closed. */
const longest = 256 * 1024;

/** A text whose lines are longer is no file of records, and would fill the memory. */
const longestLine = 32 * 1024 * 1024;

interface Open {
  readonly line: number;
  readonly lines: string[];
  length: number;
}

/**
 * Splits a text into lines and puts those together that belong to one record: from a line that leaves a quote open to the
 * next with an odd number of quotes. Empty lines are no records.
 *
 * @param opens  whether a line leaves a quote open; asked only for lines that have one
 */
export const createRecordSplitter = (opens: (line: string) => boolean): RecordSplitter => {
  let rest = '';
  let line = 0;
  let open: Open | undefined;

  const emit = (records: Rec[], { text, line: from, cut }: Rec): void => {
    const record = text.endsWith('\r') ? text.slice(0, -1) : text;
    if (record !== '') records.push({ line: from, text: record, cut });
  };
  const goOn = (records: Rec[], from: Open, { text, cut }: { readonly text: string; readonly cut: boolean }): void => {
    from.lines.push(text);
    from.length += text.length;
    if (!cut && from.length <= longest && quotesIn(text) % 2 === 0) return;
    open = undefined;
    emit(records, { line: from.line, text: from.lines.join('\n'), cut });
  };
  const add = (records: Rec[], text: string, cut: boolean): void => {
    line++;
    if (open !== undefined) goOn(records, open, { text, cut });
    else if (!cut && text.includes('"') && opens(text)) open = { line, lines: [text], length: text.length };
    else emit(records, { line, text, cut });
  };

  return {
    push: (piece) => {
      const records: Rec[] = [];
      const text = rest === '' ? piece : rest + piece;
      let from = 0;
      for (let to = text.indexOf('\n'); to >= 0; to = text.indexOf('\n', from)) {
        add(records, text.slice(from, to), false);
        from = to + 1;
      }
      rest = text.slice(from);
      if (rest.length > longestLine) throw new LineTooLongError(line + 1);
      return records;
    },
    end: () => {
      const records: Rec[] = [];
      if (rest !== '' || open !== undefined) add(records, rest, true);
      rest = '';
      return records;
    },
  };
};

export const quotesIn = (text: string): number => {
  let quotes = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) quotes++;
  return quotes;
};
