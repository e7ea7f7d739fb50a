/** One record of a file as text, before anything is made of it. */
export interface Rec {
  /** Of its first line, from 1. */
  readonly line: number;
  readonly text: string;
  /** The file ends within it: there is no end of line. */
  readonly cut: boolean;
}

export interface RecordSplitter {
  /** The records that this piece completes. */
  push(piece: string): Rec[];
  /** What is left at the end of the file. */
  end(): Rec[];
}

/** A record that has grown beyond this is no record: somewhere before, a quote was not closed. */
const longest = 1024 * 1024;

/**
 * Splits a text into lines and puts those together that belong to one record. Empty lines are no records.
 *
 * @param isOpen  whether a record that contains a quote goes on in the next line
 */
export const createRecordSplitter = (isOpen: (text: string) => boolean): RecordSplitter => {
  let rest = '';
  let line = 1;
  let open: { readonly line: number; readonly text: string } | undefined;

  const add = (records: Rec[], text: string, cut: boolean): void => {
    const started = open ?? { line, text: '' };
    const whole = open === undefined ? text : `${open.text}\n${text}`;
    line++;
    if (!cut && whole.length <= longest && whole.includes('"') && isOpen(whole)) {
      open = { line: started.line, text: whole };
      return;
    }
    open = undefined;
    const end = whole.endsWith('\r') ? -1 : undefined;
    const record = end === undefined ? whole : whole.slice(0, end);
    if (record !== '') records.push({ line: started.line, text: record, cut });
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
