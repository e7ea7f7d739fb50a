/** Finds the keys of events. Holds those of the event that was read last, so that reading makes no objects. */
export interface KeyReader<E> {
  /** Reads the keys of an event and answers how many there are: none where a field is absent. */
  read(event: E): number;
  /** A text for the i-th key; different for different keys. */
  id(i: number): string;
  /** The i-th key, one text for each key field. */
  parts(i: number): readonly string[];
}

/** What a key field of an event holds: a list stands for each of its elements. Only texts, numbers and booleans are keys. */
export type KeyField<E> = (event: E) => unknown;

const textOf = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
};

const textsOf = (value: unknown): readonly string[] => {
  const texts = (Array.isArray(value) ? value : [value]).map(textOf).filter((text) => text !== undefined);
  return texts.length > 1 ? [...new Set(texts)] : texts;
};

/** An empty text counts as absent: a follow has no post, and says so with an empty id. */
export const createKeyReader = <E>(fields: readonly KeyField<E>[], owns?: (id: string) => boolean): KeyReader<E> => {
  const reader = createAllKeyReader(fields);
  return owns === undefined ? reader : createOwnKeyReader(reader, owns);
};

/** Of several keys, those that others own are left out. An event with one key would not be here if that were not ours. */
const createOwnKeyReader = <E>(reader: KeyReader<E>, owns: (id: string) => boolean): KeyReader<E> => {
  let own: number[] | undefined;
  return {
    read: (event) => {
      const count = reader.read(event);
      own = undefined;
      if (count <= 1) return count;
      own = Array.from({ length: count }, (_, i) => i).filter((i) => owns(reader.id(i)));
      return own.length;
    },
    id: (i) => reader.id(own?.[i] ?? i),
    parts: (i) => reader.parts(own?.[i] ?? i),
  };
};

const createAllKeyReader = <E>(fields: readonly KeyField<E>[]): KeyReader<E> => {
  const [field] = fields;
  if (field === undefined) return { read: () => 1, id: () => '', parts: () => [] };
  return fields.length === 1 ? createSingleReader(field) : createCompositeReader(fields);
};

const createSingleReader = <E>(field: KeyField<E>): KeyReader<E> => {
  let ids: readonly string[] = [];
  let only = '';
  return {
    read: (event) => {
      const value = field(event);
      if (typeof value === 'string') {
        only = value;
        ids = [];
        return value === '' ? 0 : 1;
      }
      ids = textsOf(value);
      return ids.length;
    },
    id: (i) => ids[i] ?? only,
    parts: (i) => [ids[i] ?? only],
  };
};

/** Every combination of the elements of its fields. Lengths are in the id, so that ("a", "bc") is not ("ab", "c"). */
const createCompositeReader = <E>(fields: readonly KeyField<E>[]): KeyReader<E> => {
  let keys: readonly (readonly string[])[] = [];
  return {
    read: (event) => {
      keys = [[]];
      for (const field of fields) {
        const texts = textsOf(field(event));
        keys = keys.flatMap((key) => texts.map((text) => [...key, text]));
      }
      return keys.length;
    },
    id: (i) => idOf(keys[i]!),
    parts: (i) => keys[i]!,
  };
};

/** The id of a key with these parts. */
export const idOf = (parts: readonly string[]): string =>
  parts.length === 1 ? parts[0]! : parts.map((part) => `${part.length}:${part}`).join('');
