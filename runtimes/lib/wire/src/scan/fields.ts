/** A field that is wanted, by the bytes of its name. */
export interface Field {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Wanted of an object; absent: the whole value. */
  readonly inner: Fields | undefined;
}

/** Fields of an object, found by the hash of their names. */
export interface Fields {
  /** By hash modulo 64; few share a place. */
  readonly places: readonly (readonly Field[] | undefined)[];
  readonly names: readonly string[];
  /** Is filled at every scan, so that none is made. */
  readonly target: Record<string, unknown>;
}

/** The hash of a name, byte by byte. */
export const hashStep = (hash: number, byte: number): number => (Math.imul(hash, 31) + byte) | 0;

const encoder = new TextEncoder();

/**
 * The fields of these paths. A path that is the beginning of another one stands for it, too.
 *
 * @param paths `['user', 'followers']` is the member `followers` of the field `user`
 */
export const fieldsOf = (paths: readonly (readonly string[])[]): Fields => {
  const byName = Map.groupBy(paths, ([first = '']) => first);
  const places: Field[][] = [];
  for (const [name, its] of byName) {
    const bytes = encoder.encode(name);
    const place = bytes.reduce(hashStep, 0) & 63;
    const isWhole = its.some((path) => path.length === 1);
    const inner = isWhole ? undefined : fieldsOf(its.map((path) => path.slice(1)));
    places[place] = [...(places[place] ?? []), { name, bytes, inner }];
  }
  const names = [...byName.keys()];
  return { places, names, target: Object.fromEntries(names.map((name) => [name, undefined])) };
};

/** The wanted field of that name. */
export const fieldAt = (
  fields: Fields,
  bytes: Uint8Array,
  hash: number,
  from: number,
  to: number,
): Field | undefined => {
  const candidates = fields.places[hash & 63];
  if (candidates === undefined) return undefined;
  for (const field of candidates) if (isName(field.bytes, bytes, from, to)) return field;
  return undefined;
};

const isName = (name: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean => {
  if (name.length !== to - from) return false;
  for (let i = 0; i < name.length; i++) if (name[i] !== bytes[from + i]) return false;
  return true;
};
