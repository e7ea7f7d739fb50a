import { decodeJson } from './codec.ts';
import type { LateText } from './late-text.ts';

const encoder = new TextEncoder();

interface TextRecordParts {
  readonly key: string;
  readonly text: string | LateText;
  readonly timestamp: number;
  readonly headers?: Readonly<Record<string, string>>;
}

const none: Readonly<Record<string, string>> = Object.freeze({});

/** What a log needs to know of a value with its JSON: bytes are made of it only when somebody asks for them. */
export class TextRecord<T extends object> {
  readonly key: string;
  /** For readers in the same process. It must not change any more. */
  readonly content: T;
  readonly timestamp: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly #text: string | LateText;

  constructor(content: T, { key, text, timestamp, headers = none }: TextRecordParts) {
    this.key = key;
    this.content = content;
    this.timestamp = timestamp;
    this.headers = headers;
    this.#text = text;
  }

  get value(): Uint8Array {
    return encoder.encode(String(this.#text));
  }
}

/**
 * What a record carries, undefined where it has no value.
 *
 * @throws SyntaxError when the bytes are no JSON
 */
export const contentOf = (record: {
  readonly content?: object | undefined;
  readonly value: Uint8Array | null;
}): unknown => {
  // Asked for first, as asking for the value makes it.
  if (record.content !== undefined) return record.content;
  return record.value === null ? undefined : decodeJson(record.value);
};
